// samples/step-N.jsonl: what the model wrote at one evaluation, and how it was judged.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ifstop/generate.hpp"
#include "ifstop/prompts/prompt.hpp"
#include "ifstop/report/json.hpp"
#include "ifstop/score/scorer.hpp"

namespace ifstop::report {

/// One row, keys as `ifstop score --out` names them, after schema_version; what is unset is left out.
struct Sample {
  std::string id;
  std::string kind;    ///< "full", "partial" or "preference"
  std::string prompt;  ///< the instruction, without template
  std::string response;
  FinishReason finish_reason = FinishReason::unknown;
  std::optional<double> answer_probability;
  std::optional<double> strict_probability;
  std::optional<bool> answer_like;
  std::optional<bool> run_on;
  std::optional<std::int64_t>
      run_on_position;  ///< offset in Unicode code points; written as null where unset
  std::optional<bool> strict;
  std::optional<double> objective_probability;
  std::optional<bool> objective;
  std::optional<bool> correct;  ///< only where the right answer is known
};

/// One sample a prompt, in order. Preference prompts get no tone, the others no objectivity. Throws
/// std::invalid_argument where the counts differ.
std::vector<Sample> make_samples(std::span<const Prompt> prompts, std::span<const Completion> completions,
                                 const ScoredRows& scored);

/// RUN/samples/step-N.jsonl.
std::filesystem::path samples_path(const std::filesystem::path& run, std::int64_t step);

/// Writes all rows at once, atomically. Throws FileError.
void write_samples(const std::filesystem::path& path, const std::vector<Sample>& samples);

/// Throws FileError naming file and line.
std::vector<Sample> read_samples(const std::filesystem::path& path);

}  // namespace ifstop::report
