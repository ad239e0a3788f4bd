#pragma once
#include <zlib.h>

// A macro, which Swift does not see. Raw deflate with a gzip header, which may be followed by more of the same.
static inline int cw_inflate_init_gzip(z_streamp stream) { return inflateInit2(stream, 15 + 16); }
