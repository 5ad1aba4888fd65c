#include "ifstop/sft/signals.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

#include "support/catch.hpp"

using ifstop::sft::SignalGuard;

CATCH_TEST_CASE("the first signal sets the flag and names itself") {
  const SignalGuard guard;
  CATCH_CHECK_FALSE(SignalGuard::requested());
  std::raise(SIGTERM);
  CATCH_CHECK(SignalGuard::requested());
  CATCH_CHECK(std::string(SignalGuard::name()) == "SIGTERM");
}

CATCH_TEST_CASE("a new guard begins without a signal; two at once are an error") {
  const SignalGuard guard;
  CATCH_CHECK_FALSE(SignalGuard::requested());
  CATCH_CHECK_THROWS_AS(SignalGuard(), std::logic_error);
}

CATCH_TEST_CASE("a second signal ends the process at once, also one of the other kind") {
  const auto ended_by = [](int first, int second) {
    const pid_t child = fork();
    if (child == 0) {
      const SignalGuard guard;
      std::raise(first);
      std::raise(second);
      _exit(0);  // not reached
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  };
  CATCH_CHECK(ended_by(SIGINT, SIGINT) == SIGINT);
  CATCH_CHECK(ended_by(SIGTERM, SIGINT) == SIGINT);
  CATCH_CHECK(ended_by(SIGINT, SIGTERM) == SIGTERM);
  CATCH_CHECK(ended_by(SIGHUP, SIGTERM) == SIGTERM);
}

CATCH_TEST_CASE("a hang-up counts as a signal, unless nohup asked for it to be ignored") {
  {
    const SignalGuard guard;
    std::raise(SIGHUP);
    CATCH_CHECK(std::string(SignalGuard::name()) == "SIGHUP");
  }
  std::signal(SIGHUP, SIG_IGN);
  {
    const SignalGuard guard;
    std::raise(SIGHUP);
    CATCH_CHECK_FALSE(SignalGuard::requested());
  }
  std::signal(SIGHUP, SIG_DFL);
}
