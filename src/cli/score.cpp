// ifstop score: judges responses in JSON Lines files, one table or JSON object a model.
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>

#include "cli/commands.hpp"
#include "cli/scored_input.hpp"
#include "ifstop/report/json.hpp"

namespace ifstop::cli {
namespace {

using report::Json;

struct ScoreOptions {
  std::vector<std::string> files;
  std::string out;      ///< where each row goes with its judgement; empty: nowhere, "-": standard output
  std::string weights;  ///< of the tone judge; empty: built in
  bool json = false;
  bool skip_bad = false;
};

Json number_or_null(double value) {
  return std::isfinite(value) ? Json(value) : Json();
}

/// What one model's rows counted so far. Only counts are kept.
struct ModelScores {
  std::string model;
  std::int64_t rows = 0;
  Scores scores;

  void add(const Scores& more, bool with_kinds) {
    for (const auto& [name, score] : more) {
      auto& tally = scores[name].tally;
      if (!with_kinds && (name == "ifs_full" || name == "ifs_partial")) continue;
      tally.successes += score.tally.successes;
      tally.trials += score.tally.trials;
    }
  }
  void finish() {
    for (auto& [name, score] : scores) {
      const auto interval =
          wilson(static_cast<double>(score.tally.successes), static_cast<double>(score.tally.trials));
      score.low = interval.low;
      score.high = interval.high;
    }
  }
};

/// Models in the order of their first rows.
class ModelTable {
 public:
  void add(const std::vector<JudgedInput>& chunk) {
    struct Group {
      std::vector<Prompt> prompts;
      std::vector<ScoredRow> rows;
    };
    std::map<std::pair<std::size_t, bool>, Group> groups;
    for (const auto& input : chunk) {
      auto& group = groups[{index_of(input.model), input.has_kind}];
      group.prompts.push_back(input.prompt);
      group.rows.push_back(input.scored);
    }
    for (auto& [key, group] : groups) {
      models_[key.first].rows += static_cast<std::int64_t>(group.rows.size());
      models_[key.first].add(summarise(group.prompts, group.rows).scores, key.second);
    }
  }

  std::vector<ModelScores>& finish() {
    for (auto& model : models_) model.finish();
    return models_;
  }

 private:
  std::size_t index_of(const std::string& model) {
    const auto [found, added] = index_.try_emplace(model, models_.size());
    if (added) models_.push_back({model, 0, {}});
    return found->second;
  }

  std::vector<ModelScores> models_;
  std::map<std::string, std::size_t> index_;
};

Json with_judgement(const JudgedInput& input) {
  Json row = input.row;
  const auto& s = input.scored;
  row["answer_probability"] = s.answer_probability;
  row["strict_probability"] = s.strict_probability;
  row["answer_like"] = s.answer_like;
  row["run_on"] = s.run_on;
  row["run_on_position"] = s.run_on_position ? Json(*s.run_on_position) : Json();
  row["strict"] = s.strict;
  if (s.objective_probability) row["objective_probability"] = *s.objective_probability;
  if (s.objective) row["objective"] = *s.objective;
  return row;
}

/// Writes judged rows as they come; to a file that is named so only once all are there.
class RowWriter {
 public:
  explicit RowWriter(std::string path) : path_(std::move(path)) {
    if (path_.empty() || path_ == "-") return;
    file_.open(path_ + ".part", std::ios::binary);
    if (!file_) throw UsageError(path_ + ": cannot write there; does its folder exist?");
  }
  void write(const std::vector<JudgedInput>& chunk) {
    if (path_.empty()) return;
    std::ostream& out = path_ == "-" ? std::cout : file_;
    for (const auto& input : chunk) out << report::to_line(with_judgement(input)) << '\n';
    if (!out) throw UsageError(path_ + ": writing failed; is the disk full?");
  }
  void finish() {
    if (!file_.is_open()) return;
    file_.close();
    if (!file_) throw UsageError(path_ + ": writing failed; is the disk full?");
    std::filesystem::rename(path_ + ".part", path_);
  }

 private:
  std::string path_;
  std::ofstream file_;
};

Json judge_json(const JudgeInfo& info) {
  return {{"name", info.name},
          {"version", info.version},
          {"threshold", number_or_null(info.threshold)},
          {"auc", number_or_null(info.auc)},
          {"sensitivity", number_or_null(info.sensitivity)},
          {"specificity", number_or_null(info.specificity)}};
}

std::string json_line(const ModelScores& model, const JudgeInfo& judge) {
  Json object{{"schema_version", report::schema_version}, {"model", model.model}, {"rows", model.rows}};
  const auto scores = report::to_json(model.scores);
  for (const auto& [name, score] : scores.items()) object[name] = score;
  object["judge"] = judge_json(judge);
  return report::to_line(object);
}

std::string cell(const ModelScores& model, std::string_view name) {
  const auto found = model.scores.find(name);
  if (found == model.scores.end() || !found->second.measured()) return fmt::format("{:>15}", "-");
  const auto& s = found->second;
  return fmt::format("{:>15}", fmt::format("{:.2f} {:.2f}-{:.2f}", s.value(), s.low, s.high));
}

void print_table(const std::vector<ModelScores>& models, const JudgeInfo& judge) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> columns{{{"ifs", "IFS"},
                                                                                  {"ifs_partial", "partial"},
                                                                                  {"ifs_full", "full"},
                                                                                  {"ifs_strict", "strict"},
                                                                                  {"run_on", "run-on"},
                                                                                  {"eos", "ended"},
                                                                                  {"truncated", "cut off"},
                                                                                  {"objecqa", "ObjecQA"}}};
  std::size_t width = 5;
  for (const auto& model : models) width = std::max(width, model.model.size());
  std::string text = fmt::format("{:<{}} {:>8}", "model", width, "rows");
  for (const auto& [name, title] : columns) text += fmt::format(" {:>15}", title);
  text += '\n';
  for (const auto& model : models) {
    text += fmt::format("{:<{}} {:>8}", model.model, width, model.rows);
    for (const auto& [name, title] : columns) text += ' ' + cell(model, name);
    text += '\n';
  }
  fmt::print(
      "{}Shares with their 95 % intervals. Judge: {} {}, AUC {:.2f}, finds {:.0f} % of answers and {:.0f} % "
      "of "
      "non-answers.\n",
      text, judge.name, judge.version, judge.auc, 100 * judge.sensitivity, 100 * judge.specificity);
}

void run(const ScoreOptions& o) {
  const Judges judges(o.weights);
  ModelTable table;
  RowWriter writer(o.out);
  std::vector<std::string> notes;
  for (const auto& file : o.files) {
    const auto seen = judge_file(file, judges, {o.skip_bad}, [&](std::vector<JudgedInput>& chunk) {
      table.add(chunk);
      writer.write(chunk);
    });
    for (auto& sentence : sentences(file, seen)) notes.push_back(std::move(sentence));
  }
  writer.finish();
  const auto& models = table.finish();
  if (o.json)
    for (const auto& model : models) fmt::print("{}\n", json_line(model, judges.tone->info()));
  else if (o.out != "-")
    print_table(models, judges.tone->info());
  for (const auto& model : models)
    for (const auto& warning : scorer_detail::warnings(model.scores))
      notes.push_back(model.model + ": " + warning);
  for (const auto& note : notes) fmt::print(stderr, "ifstop: {}\n", note);
}

}  // namespace

void add_score(CLI::App& app) {
  auto options = std::make_shared<ScoreOptions>();
  auto* score = app.add_subcommand("score", "Score responses: IFS and what stands beside it, a row a model");
  score
      ->add_option("files", options->files,
                   "JSON Lines with prompt and response (or completion); - is standard input")
      ->required();
  score->add_option("--out", options->out, "Write every row with its judgement here (- is standard output)");
  score->add_option("--weights", options->weights, "Weights of a tone judge (default: built in)");
  score->add_flag("--json", options->json, "One JSON object a model instead of the table");
  score->add_flag("--skip-bad,--skip_bad", options->skip_bad,
                  "Count bad rows instead of stopping at the first");
  score->callback([options] { run(*options); });
}

}  // namespace ifstop::cli
