// config.json: everything resolved, with what the scores depend on.
#pragma once
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "ifstop/report/json.hpp"
#include "ifstop/score/judge.hpp"

namespace ifstop::report {

struct RunConfig {
  Json options = Json::object();  ///< every key of the command, as resolved; written at the top level
  std::string prompt_set;         ///< name
  std::string prompt_set_version;
  std::string prompt_set_hash;
  std::int64_t prompts = 0;
  std::vector<JudgeInfo> judges;
};

/// Adds schema_version, the library's version, prompt set and judges. Throws FileError.
void write_run_config(const std::filesystem::path& path, const RunConfig& config);

/// The document as written. Throws FileError.
Json read_run_config(const std::filesystem::path& path);

/// {name, version, threshold, auc, sensitivity, specificity, positives, negatives}, null where not measured.
Json to_json(const JudgeInfo& judge);

}  // namespace ifstop::report
