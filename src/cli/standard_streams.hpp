// Standard output as a file that can be full, closed or missing.
#pragma once
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>

namespace ifstop::cli {

/// Where a program starts without standard input, output or error (`>&-`), the next files it opens would take
/// their places and be written into. These ones refuse instead.
inline void occupy_closed_streams() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(fd, F_GETFD) < 0 && errno == EBADF)
      (void)::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);  // the lowest free: fd itself
}

/// The exit code of a command that went well: 2 where not all of standard output got to its place, which is
/// said.
inline int with_all_written() {
  if (std::cout && std::ferror(stdout) == 0) errno = 0;  // else that of what failed before
  std::cout.flush();
  const bool flushed = std::fflush(stdout) == 0;
  if (flushed && std::cout && std::ferror(stdout) == 0) return 0;
  std::fprintf(stderr, "ifstop: standard output: cannot be written: %s\n",
               errno != 0 ? std::strerror(errno) : "is the disk full?");
  return 2;
}

}  // namespace ifstop::cli
