// events.jsonl: everything that happened in a run, one line each, appended as it happens.
#pragma once
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string_view>
#include <vector>

#include "ifstop/report/json.hpp"

namespace ifstop::report {

/// Where in a run something happened.
struct Moment {
  std::int64_t step = 0;      ///< optimiser steps taken
  std::int64_t examples = 0;  ///< training examples seen
  double seconds = 0;         ///< since the run began, interruptions left out
};

/// What one optimiser step reports.
struct TrainStep {
  double loss = 0;           ///< mean over the step's answer tokens, nats
  double learning_rate = 0;  ///< used in this step
  double grad_norm = 0;      ///< before clipping
  std::int64_t tokens = 0;   ///< training tokens since the run began, padding left out
};

/// Appends to events.jsonl. Every line is flushed before the call returns. Throws FileError.
class EventLog {
 public:
  /// Opens `path` for appending; makes it and its folder where missing.
  explicit EventLog(std::filesystem::path path);
  ~EventLog();
  EventLog(EventLog&& other) noexcept;
  EventLog& operator=(EventLog&&) = delete;

  void start(const Moment& at, const Json& details);
  void train(const Moment& at, const TrainStep& step);
  /// Step, examples and seconds are the evaluation's. Outcomes of single prompts, where known, go in
  /// "outcomes".
  void eval(const Evaluation& evaluation);
  void decision(const Moment& at, const Decision& decision);
  void checkpoint(const Moment& at, std::string_view path);
  /// `status`: "done", "stopped", "preempted", "diverged", "failed".
  void end(const Moment& at, std::string_view status, const Json& details);

  const std::filesystem::path& path() const { return path_; }

 private:
  void append(std::string_view kind, const Moment& at, const Json& details);

  std::filesystem::path path_;
  std::FILE* file_ = nullptr;
};

/// Cuts events away that a resumed run will write again, and a last line left half written: everything after
/// the event of the checkpoint of `step`, or, where that is missing (killed between checkpoint and event),
/// after the last event of a step up to `step`. Returns whether the checkpoint's event was there; append it
/// where not. Atomic. A missing file is an empty one. Throws FileError.
bool cut_events_after(const std::filesystem::path& path, std::int64_t step);

/// All events, in order. A last line without its end is left out; any other malformed line throws FileError.
std::vector<Json> read_events(const std::filesystem::path& path);

/// What EventLog::eval wrote.
Evaluation evaluation_from_json(const Json& event);

}  // namespace ifstop::report
