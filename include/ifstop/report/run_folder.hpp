// A run folder as read back, for reports made after the run.
#pragma once
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "ifstop/report/console.hpp"
#include "ifstop/report/event_log.hpp"
#include "ifstop/report/samples.hpp"
#include "ifstop/report/stop_report.hpp"

namespace ifstop::report {

struct RunFolder {
  std::string name;              ///< the folder's own
  Json config = Json::object();  ///< empty where config.json is missing
  std::vector<Json> events;
  std::vector<Evaluation> evaluations;  ///< of the events, in order
  std::optional<StopReport> stop;
  std::vector<Sample> before, after;  ///< samples of the first and the last evaluation; empty where missing
};

/// Throws FileError where there is no events.jsonl, or a file is malformed.
RunFolder read_run_folder(const std::filesystem::path& run);

/// Prompts answered both times, pairing rows by prompt and kind: full prompts first, at most `count`, spread
/// over the set; those that changed from not strict to strict come first.
std::vector<BeforeAfter> before_and_after(const std::vector<Sample>& before, const std::vector<Sample>& after,
                                          std::size_t count);

}  // namespace ifstop::report
