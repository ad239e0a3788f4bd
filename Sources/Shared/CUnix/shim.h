#pragma once
#if defined(__linux__)
// Both C libraries of Linux show these under _GNU_SOURCE only, which the compiler does not set for its own import of them.
struct sockaddr;
int pipe2(int ends[2], int flags);
int accept4(int listener, struct sockaddr *address, unsigned int *size, int flags);
#include <sys/prctl.h>
// Of the file system that an open file lies on; 0: it does not tell. The number's type differs between machines.
#include <sys/vfs.h>
static inline unsigned long cw_file_system(int file) {
  struct statfs status;
  return fstatfs(file, &status) == 0 ? (unsigned int)status.f_type : 0;
}
#endif
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { CW_MOST_DESCRIPTORS = 8 };

// What a child does between fork(2) and exec(2), where Swift may not run: no memory is allocated and no lock taken.
struct cw_child {
  char *const *arguments;
  char *const *environment;
  // What it has as descriptors 0, 1 and so on; -1: what is there; -2: /dev/null.
  const int *descriptors;
  int descriptor_count;
  // Whether it joins a process group, and which; 0: a new one of its own number.
  int has_group;
  pid_t group;
  // Which signals have their default action.
  const int *signals;
  int signal_count;
  // What it gets when the thread that has started it ends, where the kernel does such a thing; 0: nothing.
  int end_signal;
};

static inline void cw_become(const struct cw_child *child, pid_t parent, int report) {
  sigset_t none;
  int sources[CW_MOST_DESCRIPTORS];
  int index;
#if defined(__linux__)
  if (child->end_signal != 0) {
    prctl(PR_SET_PDEATHSIG, child->end_signal, 0, 0, 0);
    // It has ended before.
    if (getppid() != parent) _exit(127);
  }
#else
  (void)parent;
#endif
  if (child->has_group && setpgid(0, child->group) != 0) goto failed;
  // Out of the way of each other first.
  if ((report = fcntl(report, F_DUPFD_CLOEXEC, 16)) < 0) _exit(127);
  for (index = 0; index < child->descriptor_count; index++) {
    sources[index] = child->descriptors[index];
    if (sources[index] == -2 && (sources[index] = open("/dev/null", O_RDWR | O_CLOEXEC)) < 0) goto failed;
    if (sources[index] >= 0 && (sources[index] = fcntl(sources[index], F_DUPFD_CLOEXEC, 16)) < 0) goto failed;
  }
  for (index = 0; index < child->descriptor_count; index++)
    if (sources[index] >= 0 && dup2(sources[index], index) < 0) goto failed;
  for (index = 0; index < child->signal_count; index++) signal(child->signals[index], SIG_DFL);
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, 0);
  environ = (char **)child->environment;
  execvp(child->arguments[0], child->arguments);
failed:
  index = errno;
  if (write(report, &index, sizeof index) < 0) index = errno;
  _exit(127);
}

// The process id once it is the program, or minus the number of an error. `ends`: a pipe whose ends are closed on exec.
static inline pid_t cw_start(const struct cw_child *child, const int ends[2]) {
  sigset_t all, before;
  int failure = 0;
  ssize_t count;
  pid_t parent = getpid(), process;
  // No handler of ours runs in it.
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  process = fork();
  if (process == 0) cw_become(child, parent, ends[1]);
  if (process < 0) failure = errno;
  close(ends[1]);
  if (process > 0) {
    while ((count = read(ends[0], &failure, sizeof failure)) < 0 && errno == EINTR) continue;
    if (count <= 0) failure = 0;
    while (failure != 0 && waitpid(process, 0, 0) < 0 && errno == EINTR) continue;
  }
  close(ends[0]);
  pthread_sigmask(SIG_SETMASK, &before, 0);
  return failure == 0 ? process : -failure;
}
