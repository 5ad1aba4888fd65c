#include "ifstop/sft/signals.hpp"

#include <csignal>
#include <stdexcept>

namespace ifstop::sft {
namespace {

volatile std::sig_atomic_t caught = 0;
bool installed = false;
struct sigaction former_term, former_int;

void on_signal(int signal) {
  caught = signal;
}

}  // namespace

SignalGuard::SignalGuard() {
  if (installed) throw std::logic_error("a SignalGuard is already in place: keep one for the whole run");
  caught = 0;
  struct sigaction action {};
  action.sa_handler = on_signal;
  // SA_RESETHAND: the second signal of a kind finds the default action, which ends the process.
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  sigaction(SIGTERM, &action, &former_term);
  sigaction(SIGINT, &action, &former_int);
  installed = true;
}

SignalGuard::~SignalGuard() {
  sigaction(SIGTERM, &former_term, nullptr);
  sigaction(SIGINT, &former_int, nullptr);
  installed = false;
}

bool SignalGuard::requested() {
  return caught != 0;
}

const char* SignalGuard::name() {
  return caught == SIGTERM ? "SIGTERM" : caught == SIGINT ? "SIGINT" : "";
}

}  // namespace ifstop::sft
