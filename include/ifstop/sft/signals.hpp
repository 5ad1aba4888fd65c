// SIGTERM, SIGINT and SIGHUP as a flag that is polled between steps and between decode steps.
#pragma once

namespace ifstop::sft {

/// While one lives, the first SIGTERM, SIGINT or SIGHUP only sets a flag, so that the run can write a
/// checkpoint and leave with exit code 75; a second signal, of any of these kinds, ends the process at once,
/// as without a guard. A signal that was ignored before (nohup) stays ignored. The former handlers come back
/// at the end. One at a time: a second one throws std::logic_error.
class SignalGuard {
 public:
  SignalGuard();
  ~SignalGuard();
  SignalGuard(const SignalGuard&) = delete;
  SignalGuard& operator=(const SignalGuard&) = delete;

  /// True once a signal came. Cheap: it may be polled between any two tokens.
  static bool requested();

  /// The signal that came ("SIGTERM", "SIGINT", "SIGHUP"), or "".
  static const char* name();
};

/// EX_TEMPFAIL of sysexits.h: pre-empted with a checkpoint, run the same command again.
inline constexpr int exit_preempted = 75;
/// The loss is no longer a finite number.
inline constexpr int exit_diverged = 3;
/// Usage, or bad input.
inline constexpr int exit_bad_input = 2;
/// An error after the run had begun: a full disk, no memory left.
inline constexpr int exit_failed = 1;

}  // namespace ifstop::sft
