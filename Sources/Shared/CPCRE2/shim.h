#pragma once
// The 8-bit library: its names get the suffix _8 from this width.
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
