// The learning rate at every step: warm-up, then constant, linear or cosine decay. A pure function of the
// step.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>

namespace ifstop::sft {

/// Shape of the learning rate after the warm-up.
enum class Decay { constant, linear, cosine };

/// "constant" and "constant_with_warmup", "linear", "cosine", as Hugging Face names them in
/// `lr_scheduler_type`. Any other throws std::invalid_argument naming the value.
inline Decay decay_from(std::string_view lr_scheduler_type) {
  if (lr_scheduler_type == "constant" || lr_scheduler_type == "constant_with_warmup") return Decay::constant;
  if (lr_scheduler_type == "linear") return Decay::linear;
  if (lr_scheduler_type == "cosine") return Decay::cosine;
  throw std::invalid_argument("lr_scheduler_type \"" + std::string(lr_scheduler_type) +
                              "\" is none of constant, constant_with_warmup, linear, cosine");
}

/// What the user says; whatever may be left open is resolved by Schedule's constructor.
struct ScheduleOptions {
  double learning_rate = 5e-5;    ///< the peak, reached at the end of the warm-up
  Decay decay = Decay::linear;    ///< Hugging Face's default
  std::int64_t warmup_steps = 0;  ///< optimiser steps; 0 = warmup_ratio decides
  double warmup_ratio = 0.0;      ///< share of total_steps, 0 to 1; used where warmup_steps is 0
  std::int64_t total_steps = 0;  ///< optimiser steps of the planned run; needed unless constant without ratio
};

/// learning_rate · factor(step), with the factors of transformers' get_*_schedule_with_warmup:
///   step < warmup:  step / warmup          (so that step 0 has rate 0 where there is a warm-up)
///   linear:         max(0, (total − step) / (total − warmup))
///   cosine:         max(0, (1 + cos(π · (step − warmup) / (total − warmup))) / 2)
///
///   Schedule schedule({.learning_rate = 2e-5, .decay = Decay::cosine, .warmup_steps = 20, .total_steps =
///   500}); optimizer.step(schedule(step));
class Schedule {
 public:
  explicit Schedule(const ScheduleOptions& options) : options_(options), warmup_(options.warmup_steps) {
    const auto bad = [](std::string_view field, double value, std::string_view wanted) {
      throw std::invalid_argument(std::string(field) + " = " + shown(value) + ": must be " +
                                  std::string(wanted));
    };
    if (!(options.learning_rate > 0) || !std::isfinite(options.learning_rate))
      bad("learning_rate", options.learning_rate, "above 0 and finite");
    if (options.warmup_steps < 0) bad("warmup_steps", static_cast<double>(options.warmup_steps), "0 or more");
    if (!(options.warmup_ratio >= 0 && options.warmup_ratio <= 1))
      bad("warmup_ratio", options.warmup_ratio, "between 0 and 1");
    const bool open_ended = options.decay == Decay::constant && !(warmup_ == 0 && options.warmup_ratio > 0);
    if (options.total_steps < 1 && !open_ended)
      bad("total_steps", static_cast<double>(options.total_steps), "1 or more");
    if (warmup_ == 0)
      warmup_ = static_cast<std::int64_t>(
          std::ceil(options.warmup_ratio * static_cast<double>(options.total_steps)));
  }

  /// The rate of optimiser step `step`, counted from 0.
  double operator()(std::int64_t step) const {
    if (step < warmup_)
      return options_.learning_rate * static_cast<double>(step) / static_cast<double>(warmup_);
    if (options_.decay == Decay::constant) return options_.learning_rate;
    const auto length = static_cast<double>(options_.total_steps - warmup_);
    const double progress = length > 0 ? static_cast<double>(step - warmup_) / length : 1.0;
    if (progress >= 1) return 0;
    constexpr double pi = 3.14159265358979323846;
    return options_.learning_rate *
           (options_.decay == Decay::linear ? 1 - progress : (1 + std::cos(pi * progress)) / 2);
  }

  std::int64_t warmup_steps() const { return warmup_; }

 private:
  static std::string shown(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%g", value);
    return text;
  }

  ScheduleOptions options_;
  std::int64_t warmup_;
};

}  // namespace ifstop::sft
