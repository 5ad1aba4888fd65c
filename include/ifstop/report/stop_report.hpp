// stop_report.json: where and why a run ended. Always written.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ifstop/report/json.hpp"

namespace ifstop::report {

/// What another rule would have said of the same curve.
struct Peer {
  std::string rule;
  bool stopped = false;
  std::int64_t examples = 0;  ///< at its stop, or at the last evaluation
  friend bool operator==(const Peer&, const Peer&) = default;
};

struct StopReport {
  bool stopped = false;
  std::string rule;
  std::string reason;     ///< a sentence
  std::int64_t step = 0;  ///< at the stop, or at the end
  std::int64_t examples = 0;
  std::int64_t best_step = 0;
  std::optional<double> probability_more_helps;
  Scores baseline;  ///< before the first step
  Scores at_stop;   ///< the last evaluation's if not stopped
  std::vector<Peer> peers;
};

/// Throws FileError.
void write_stop_report(const std::filesystem::path& path, const StopReport& report);
StopReport read_stop_report(const std::filesystem::path& path);

}  // namespace ifstop::report
