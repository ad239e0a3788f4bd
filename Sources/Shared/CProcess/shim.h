#pragma once
#ifdef __linux__
#include <sys/prctl.h>
// What is variadic in C does not reach Swift.
static inline int cw_signal_when_parent_dies(int signal) { return prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0); }
#endif
