#include "ifstop/report/run_config.hpp"

#include <cmath>

namespace ifstop::report {
namespace {

Json measured(double value) {
  return std::isfinite(value) ? Json(value) : Json();
}

}  // namespace

Json to_json(const JudgeInfo& judge) {
  return {{"name", judge.name},
          {"version", judge.version},
          {"threshold", measured(judge.threshold)},
          {"auc", measured(judge.auc)},
          {"sensitivity", measured(judge.sensitivity)},
          {"specificity", measured(judge.specificity)},
          {"positives", judge.positives},
          {"negatives", judge.negatives}};
}

void write_run_config(const std::filesystem::path& path, const RunConfig& config) {
  Json judges = Json::array();
  for (const auto& judge : config.judges) judges.push_back(to_json(judge));
  Json json{{"schema_version", schema_version}, {"ifstop_version", IFSTOP_VERSION}};
  json.update(config.options);
  json["prompt_set"] = {{"name", config.prompt_set},
                        {"version", config.prompt_set_version},
                        {"hash", config.prompt_set_hash},
                        {"prompts", config.prompts}};
  json["judges"] = judges;
  write_atomically(path, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

Json read_run_config(const std::filesystem::path& path) {
  return read_json(path);
}

}  // namespace ifstop::report
