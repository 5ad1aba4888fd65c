#include "ifstop/sft/signals.hpp"

#include <csignal>
#include <stdexcept>

namespace ifstop::sft {
namespace {

volatile std::sig_atomic_t caught = 0;
bool installed = false;
struct sigaction former_term, former_int;

/// The second signal, of whatever kind, finds the default action, which ends the process.
void on_signal(int signal) {
  caught = signal;
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGINT, &action, nullptr);
}

}  // namespace

SignalGuard::SignalGuard() {
  if (installed) throw std::logic_error("a SignalGuard is already in place: keep one for the whole run");
  caught = 0;
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigaddset(&action.sa_mask, SIGTERM);
  sigaddset(&action.sa_mask, SIGINT);
  action.sa_flags = SA_RESTART;
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
