#pragma once
// Both C libraries of Linux show these under _GNU_SOURCE only, which the compiler does not set for its own import of them.
#if defined(__linux__)
struct sockaddr;
int pipe2(int ends[2], int flags);
int accept4(int listener, struct sockaddr *address, unsigned int *size, int flags);
// What is variadic in C does not reach Swift.
#include <sys/prctl.h>
static inline int cw_signal_when_parent_dies(int signal) { return prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0); }
// Of the file system that an open file lies on; 0: it does not tell. The number's type differs between machines.
#include <sys/vfs.h>
static inline unsigned long cw_file_system(int file) {
  struct statfs status;
  return fstatfs(file, &status) == 0 ? (unsigned int)status.f_type : 0;
}
#endif
