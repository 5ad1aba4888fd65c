// ifstop score: judges responses in JSON Lines files, one table or JSON object a model.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>

#include "cli/commands.hpp"
#include "cli/row_groups.hpp"
#include "cli/row_writer.hpp"
#include "cli/scored_input.hpp"
#include "cli/terminal.hpp"
#include "ifstop/report/json.hpp"
#include "ifstop/report/run_config.hpp"
#include "ifstop/score/correction.hpp"

namespace ifstop::cli {
namespace {

using report::Json;
using Model = ScoreCounts::Model;

struct ScoreOptions {
  std::vector<std::string> files;
  std::string out;  ///< where each row goes with its judgement; empty: nowhere, "-": standard output
  JudgeOptions judges;
  bool json = false;
  bool skip_bad = false;
};

Json number_or_null(double value) {
  return std::isfinite(value) ? Json(value) : Json();
}

/// IFS as a judge without errors would read it; where this one is too weak for that, why.
Correction corrected_ifs(const Model& model, const JudgeInfo& judge) {
  const auto& ifs = model.scores.find("ifs")->second;
  const double successes = ifs.measured() ? ifs.value() * model.ifs_effective_trials : 0;
  return corrected_share(successes, model.ifs_effective_trials, judge_quality(judge));
}

Json correction_json(const Correction& c) {
  return {{"value", c.share ? Json(*c.share) : Json()},
          {"low", number_or_null(c.interval.low)},
          {"high", number_or_null(c.interval.high)},
          {"refused", c.reason.empty() ? Json() : Json(c.reason)}};
}

std::string json_line(const Model& model, const Judges& judges) {
  Json object{{"schema_version", report::schema_version}, {"model", model.name}, {"rows", model.rows}};
  const auto scores = report::to_json(model.scores);
  for (const auto& [name, score] : scores.items()) object[name] = score;
  object["ifs_corrected"] = correction_json(corrected_ifs(model, judges.tone->info()));
  object["judge"] = report::to_json(judges.tone->info());
  if (model.scores.find("objecqa")->second.measured())
    object["objectivity_judge"] = report::to_json(judges.objectivity->info());
  return report::to_line(object);
}

enum class Part { all, value, interval };

/// "0.97 0.94-0.99", or one of its halves, the interval without leading zeros; "-" where it was not measured.
std::string cell(const Model& model, std::string_view name, Part part) {
  const auto& s = model.scores.find(name)->second;
  if (!s.measured()) return part == Part::interval ? "" : "-";
  if (part == Part::value) return fmt::format("{:.2f}", s.value());
  if (part == Part::all) return fmt::format("{:.2f} {:.2f}-{:.2f}", s.value(), s.low, s.high);
  const auto narrow = [](double share) {
    return share >= 0.995 ? "1.0" : fmt::format("{:.2f}", share).substr(1);
  };
  return narrow(s.low) + "-" + narrow(s.high);
}

using Columns = std::vector<std::pair<std::string_view, std::string_view>>;  ///< names and titles

/// Columns that some model has.
Columns columns_of(const std::vector<Model>& models) {
  Columns columns{{"ifs", "IFS"},           {"ifs_partial", "partial"}, {"ifs_full", "full"},
                  {"ifs_strict", "strict"}, {"run_on", "run-on"},       {"eos", "ended"},
                  {"truncated", "cut off"}, {"objecqa", "ObjecQA"}};
  std::erase_if(columns, [&](const auto& column) {
    return std::none_of(models.begin(), models.end(), [&](const Model& model) {
      return model.scores.find(column.first)->second.measured();
    });
  });
  return columns;
}

std::string wide_table(const std::vector<Model>& models, const Columns& columns) {
  std::size_t width = 5;
  for (const auto& model : models) width = std::max(width, model.name.size());
  std::string text = fmt::format("{:<{}} {:>8}", "model", width, "rows");
  for (const auto& [name, title] : columns) text += fmt::format(" {:>15}", title);
  text += '\n';
  for (const auto& model : models) {
    text += fmt::format("{:<{}} {:>8}", model.name, width, model.rows);
    for (const auto& [name, title] : columns) text += fmt::format(" {:>15}", cell(model, name, Part::all));
    text += '\n';
  }
  return text;
}

/// At most 79 columns: a model's intervals under its values.
std::string narrow_table(const std::vector<Model>& models, const Columns& columns) {
  constexpr std::size_t width = 15;
  std::string text = fmt::format("{:<{}}", "model", width);
  for (const auto& [name, title] : columns) text += fmt::format(" {:>7}", title);
  for (const auto& model : models) {
    text += fmt::format("\n{:<{}}", model.name, width);
    if (model.name.size() > width) text += "\n" + std::string(width, ' ');
    for (const auto& [name, title] : columns) text += fmt::format(" {:>7}", cell(model, name, Part::value));
    text += fmt::format("\n{:<{}}", fmt::format("  {} rows", model.rows), width);
    for (const auto& [name, title] : columns)
      text += fmt::format(" {:>7}", cell(model, name, Part::interval));
  }
  return text + '\n';
}

void print_table(const std::vector<Model>& models, const Judges& judges) {
  const auto columns = columns_of(models);
  const auto terminal = terminal_width();
  auto table = wide_table(models, columns);
  if (terminal > 0 && table.find('\n') > terminal) table = narrow_table(models, columns);
  const auto& judge = judges.tone->info();
  const auto legend = fmt::format(
      "Shares with their 95 % intervals. Judge: {} {}, AUC {:.2f}, finds {:.0f} % of answers and {:.0f} % of "
      "non-answers.",
      judge.name, judge.version, judge.auc, 100 * judge.sensitivity, 100 * judge.specificity);
  fmt::print("{}{}\n", table, wrapped(legend, terminal));
}

void run(const ScoreOptions& o) {
  if (o.json && o.out == "-")
    throw UsageError("--json and --out - would both write to standard output: give --out a file");
  const Judges judges(o.judges);
  ScoreCounts counts;
  RowWriter writer(o.out);
  std::vector<std::string> notes;
  for (const auto& file : o.files) {
    const auto seen = judge_file(file, judges, {o.skip_bad}, [&](std::vector<JudgedInput>& chunk) {
      for (const auto& input : chunk) counts.add(input);
      writer.write(chunk);
    });
    for (auto& sentence : sentences(file, seen)) notes.push_back(std::move(sentence));
  }
  writer.finish();
  const auto models = counts.finish();
  if (o.json)
    for (const auto& model : models) fmt::print("{}\n", json_line(model, judges));
  else if (o.out != "-")
    print_table(models, judges);
  if (counts.gave_up_on_groups()) notes.push_back(no_matching);
  for (const auto& model : models)
    for (const auto& warning : score_warnings(model.scores)) notes.push_back(model.name + ": " + warning);
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
  add_judge_options(*score, options->judges);
  score->add_flag("--json", options->json, "One JSON object a model instead of the table");
  score->add_flag("--skip-bad,--skip_bad", options->skip_bad,
                  "Count bad rows instead of stopping at the first");
  score->callback([options] { run(*options); });
}

}  // namespace ifstop::cli
