#include "ifstop/sft/signals.hpp"

#include <array>
#include <csignal>
#include <cstddef>
#include <stdexcept>
#include <utility>

namespace ifstop::sft {
namespace {

constexpr std::array<std::pair<int, const char*>, 3> signals{
    {{SIGTERM, "SIGTERM"}, {SIGINT, "SIGINT"}, {SIGHUP, "SIGHUP"}}};

volatile std::sig_atomic_t caught = 0;
bool installed = false;
std::array<struct sigaction, signals.size()> former;

/// The second signal, of whatever kind, finds the default action, which ends the process.
void on_signal(int signal) {
  caught = signal;
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  for (std::size_t i = 0; i < signals.size(); ++i)
    if (former[i].sa_handler != SIG_IGN) sigaction(signals[i].first, &action, nullptr);
}

}  // namespace

SignalGuard::SignalGuard() {
  if (installed) throw std::logic_error("a SignalGuard is already in place: keep one for the whole run");
  caught = 0;
  struct sigaction action {};
  action.sa_handler = on_signal;
  for (const auto& [signal, name] : signals) sigaddset(&action.sa_mask, signal);
  action.sa_flags = SA_RESTART;
  for (std::size_t i = 0; i < signals.size(); ++i) {
    sigaction(signals[i].first, &action, &former[i]);
    // nohup asks for hang-ups to be ignored, a shell for its background jobs' interrupts.
    if (former[i].sa_handler == SIG_IGN) sigaction(signals[i].first, &former[i], nullptr);
  }
  installed = true;
}

SignalGuard::~SignalGuard() {
  for (std::size_t i = 0; i < signals.size(); ++i) sigaction(signals[i].first, &former[i], nullptr);
  installed = false;
}

bool SignalGuard::requested() {
  return caught != 0;
}

const char* SignalGuard::name() {
  for (const auto& [signal, name] : signals)
    if (caught == signal) return name;
  return "";
}

}  // namespace ifstop::sft
