#pragma once
#include <curl/curl.h>

// curl_easy_setopt, curl_multi_setopt and curl_easy_getinfo are variadic macros, which Swift can not call:
// one function for each type of argument.

typedef int (*cw_curl_prerequest)(void *context, char *remote, char *local, int remotePort, int localPort);
typedef size_t (*cw_curl_callback)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode cw_setopt_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode cw_setopt_offset(CURL *handle, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode cw_setopt_string(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode cw_setopt_pointer(CURL *handle, CURLoption option, const void *value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode cw_setopt_callback(CURL *handle, CURLoption option, cw_curl_callback value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode cw_setopt_prerequest(CURL *handle, cw_curl_prerequest value) {
  return curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, value);
}
static inline CURLcode cw_getinfo_long(CURL *handle, CURLINFO info, long *value) {
  return curl_easy_getinfo(handle, info, value);
}
// The result of a finished transfer stands in a union of CURLMsg.
static inline CURLcode cw_message_result(const CURLMsg *message) { return message->data.result; }
static inline CURLcode cw_getinfo_offset(CURL *handle, CURLINFO info, curl_off_t *value) {
  return curl_easy_getinfo(handle, info, value);
}
