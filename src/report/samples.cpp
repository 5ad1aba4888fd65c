#include "ifstop/report/samples.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace ifstop::report {
namespace {

template <class Value>
void set(Json& row, const char* key, const std::optional<Value>& value) {
  if (value) row[key] = *value;
}

template <class Value>
void get(const Json& row, const char* key, std::optional<Value>& value) {
  const auto found = row.find(key);
  if (found != row.end() && !found->is_null()) value = found->get<Value>();
}

Json row_of(const Sample& sample) {
  Json row{{"schema_version", schema_version}};
  if (!sample.id.empty()) row["id"] = sample.id;
  if (!sample.kind.empty()) row["kind"] = sample.kind;
  row["prompt"] = sample.prompt;
  row["response"] = sample.response;
  row["finish_reason"] = to_string(sample.finish_reason);
  set(row, "answer_probability", sample.answer_probability);
  set(row, "strict_probability", sample.strict_probability);
  set(row, "answer_like", sample.answer_like);
  if (sample.run_on) {
    row["run_on"] = *sample.run_on;
    row["run_on_position"] = sample.run_on_position ? Json(*sample.run_on_position) : Json();
  }
  set(row, "strict", sample.strict);
  set(row, "objective_probability", sample.objective_probability);
  set(row, "objective", sample.objective);
  set(row, "correct", sample.correct);
  return row;
}

Sample sample_of(const Json& row) {
  Sample sample;
  sample.id = row.value("id", "");
  sample.kind = row.value("kind", "");
  sample.prompt = row.at("prompt").get<std::string>();
  sample.response = row.at("response").get<std::string>();
  sample.finish_reason = finish_reason_from(row.value("finish_reason", "unknown"));
  get(row, "answer_probability", sample.answer_probability);
  get(row, "strict_probability", sample.strict_probability);
  get(row, "answer_like", sample.answer_like);
  get(row, "run_on", sample.run_on);
  get(row, "run_on_position", sample.run_on_position);
  get(row, "strict", sample.strict);
  get(row, "objective_probability", sample.objective_probability);
  get(row, "objective", sample.objective);
  get(row, "correct", sample.correct);
  return sample;
}

Sample make_sample(const Prompt& prompt, const Completion& completion, const ScoredRow& row) {
  Sample sample;
  sample.id = prompt.id;
  sample.kind = to_string(prompt.kind);
  sample.prompt = prompt.text;
  sample.response = completion.text;
  sample.finish_reason = completion.finish_reason;
  sample.run_on = row.run_on;
  sample.run_on_position = row.run_on_position;
  sample.objective_probability = row.objective_probability;
  sample.objective = row.objective;
  sample.correct = row.correct;
  if (prompt.kind == PromptKind::preference) return sample;
  sample.answer_probability = row.answer_probability;
  sample.strict_probability = row.strict_probability;
  sample.answer_like = row.answer_like;
  sample.strict = row.strict;
  return sample;
}

}  // namespace

std::vector<Sample> make_samples(std::span<const Prompt> prompts, std::span<const Completion> completions,
                                 const ScoredRows& scored) {
  if (prompts.size() != completions.size() || prompts.size() != scored.rows.size())
    throw std::invalid_argument(fmt::format("make_samples: {} prompts, {} completions, {} scored rows",
                                            prompts.size(), completions.size(), scored.rows.size()));
  std::vector<Sample> samples;
  for (std::size_t i = 0; i < prompts.size(); ++i)
    samples.push_back(make_sample(prompts[i], completions[i], scored.rows[i]));
  return samples;
}

std::filesystem::path samples_path(const std::filesystem::path& run, std::int64_t step) {
  return run / "samples" / fmt::format("step-{}.jsonl", step);
}

void write_samples(const std::filesystem::path& path, const std::vector<Sample>& samples) {
  std::string text;
  for (const auto& sample : samples) text += to_line(row_of(sample)) + "\n";
  write_atomically(path, text);
}

std::vector<Sample> read_samples(const std::filesystem::path& path) {
  std::vector<Sample> samples;
  for (const auto& row : read_json_lines(path)) {
    try {
      samples.push_back(sample_of(row));
    } catch (const std::exception& error) {
      throw FileError(fmt::format("{}:{}: {}", path.string(), samples.size() + 1, error.what()));
    }
  }
  return samples;
}

}  // namespace ifstop::report
