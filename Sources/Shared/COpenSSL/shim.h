#pragma once
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

/* Swift does not see macros made of others. A name as RFC 2253 writes it, except that what is not ASCII stays readable. */
static const unsigned long COpenSSL_readableName = XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB;
static const int COpenSSL_utf8 = MBSTRING_UTF8;
