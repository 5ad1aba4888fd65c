// ifstop replay: what a rule would have said of curves that were measured before.
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/terminal.hpp"
#include "ifstop/report/event_log.hpp"
#include "ifstop/report/json.hpp"
#include "ifstop/report/jsonl.hpp"
#include "ifstop/score/interval.hpp"
#include "ifstop/stop/rules.hpp"
#include "support/json_text.hpp"

namespace ifstop::cli {
namespace {

using report::Json;

struct ReplayOptions {
  std::string file;
  std::vector<std::string> rules{"default"};
  std::vector<std::string> options;  ///< key=value, for every rule
  std::string metric;                ///< empty: ifs of a curve, "ifs,ifs_strict" of a run
  std::int64_t planned_examples = 0;
  std::size_t width = 0;  ///< of the terminal; 0 where lines stay whole
  bool json = false, trace = false, follow = false;
};

/// One curve under one rule.
struct Replay {
  Json curve;
  std::string rule_name;
  RulePtr rule;
  Decision decision;
  std::int64_t examples = 0;  ///< at the stop, or at the last row
};

/// Rows of a kind that are told once, not one by one.
struct Noticed {
  std::int64_t rows = 0;
  std::string first;  ///< FILE:LINE

  void add(const std::string& where) {
    if (rows++ == 0) first = where;
  }
  void tell(const char* what) const {
    if (rows > 0)
      fmt::print(stderr, "ifstop: {} row{} {}; the first: {}\n", rows, rows == 1 ? "" : "s", what, first);
  }
};

/// Other events of a run's events.jsonl than its evaluations.
bool other_event(const Json& kind) {
  for (const auto* known : {"start", "train", "decision", "checkpoint", "end"})
    if (kind == known) return true;
  return false;
}

[[noreturn]] void bad_row(const std::string& where, const std::string& what) {
  throw UsageError(fmt::format("{}: {}", where, what));
}

/// A whole number, not negative.
std::int64_t count_of(const Json& row, const char* key, const std::string& where) {
  if (!row.contains(key))
    bad_row(where,
            fmt::format("\"{}\" is missing; a row is {{\"curve\", \"examples\", \"successes\", \"trials\"}}",
                        key));
  if (row[key].is_null()) bad_row(where, fmt::format("\"{}\" is null, not a whole number from 0 on", key));
  try {
    return report::count_at(row, key);
  } catch (const std::invalid_argument& error) {
    bad_row(where, error.what());
  }
}

std::vector<std::uint8_t> outcomes_of(const Json& row, const Tally& tally, const std::string& where) {
  std::vector<std::uint8_t> outcomes;
  std::int64_t successes = 0;
  if (!row.contains("outcomes") || row["outcomes"].is_null()) return outcomes;
  if (!row["outcomes"].is_array()) bad_row(where, "\"outcomes\" is not a list");
  for (const auto& outcome : row["outcomes"]) {
    const bool one = outcome == true || outcome == 1;
    if (!one && outcome != false && outcome != 0)
      bad_row(where, fmt::format("\"outcomes\" holds {}, neither 0 nor 1", outcome.dump()));
    outcomes.push_back(one);
    successes += one;
  }
  if (static_cast<std::int64_t>(outcomes.size()) != tally.trials || successes != tally.successes)
    bad_row(where, fmt::format("\"outcomes\" holds {} of {} where successes and trials say {} of {}",
                               successes, outcomes.size(), tally.successes, tally.trials));
  return outcomes;
}

/// A row of a curve: its share under every metric that the rule watches.
Evaluation evaluation_of_row(const Json& row, const std::string& metrics, const std::string& where) {
  Evaluation e;
  e.examples = count_of(row, "examples", where);
  Score score{{count_of(row, "successes", where), count_of(row, "trials", where), {}}};
  if (score.tally.successes > score.tally.trials)
    bad_row(where, fmt::format("{} successes of {} trials", score.tally.successes, score.tally.trials));
  score.tally.outcomes = outcomes_of(row, score.tally, where);
  const auto interval =
      wilson(static_cast<double>(score.tally.successes), static_cast<double>(score.tally.trials));
  score.low = interval.low, score.high = interval.high;
  for (const auto& metric : rules_detail::split(metrics, ',')) e.scores[metric] = score;
  return e;
}

RuleOptions rule_options(const std::vector<std::string>& texts) {
  RuleOptions options;
  for (const auto& text : texts) {
    const auto equals = text.find('=');
    if (equals == text.npos) throw UsageError(fmt::format("--option {} is not key=value", text));
    options[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return options;
}

/// Takes rows one by one and keeps every curve's rules.
class Replays {
 public:
  explicit Replays(const ReplayOptions& options)
      : options_(options), rule_options_(rule_options(options.options)) {
    for (const auto& name : options_.rules)
      make(name, "ifs");  // a bad name or option is told before any row is read
  }

  /// The replays that the row belongs to, after it; none for an event that is no evaluation.
  std::vector<const Replay*> take(const Json& row, const std::string& where) {
    const bool event = !row.contains("curve");
    if (event && !row.contains("kind"))
      bad_row(where, "\"curve\" is missing (and there is no \"kind\" as in events.jsonl)");
    if (event && row["kind"] != "eval") {
      if (!other_event(row["kind"])) ignored_.add(where);
      return {};
    }
    const std::string metrics = !options_.metric.empty() ? options_.metric : event ? "ifs,ifs_strict" : "ifs";
    const Json curve = event ? Json(options_.file) : row["curve"];
    Evaluation e = event ? evaluation_of_event(row, where) : evaluation_of_row(row, metrics, where);
    if (options_.planned_examples > 0) e.planned_examples = options_.planned_examples;
    note_what_rules_ignore(curve, e, metrics, where);
    std::vector<const Replay*> taken;
    for (auto* replay : of_curve(curve, metrics)) {
      if (!replay->decision.stop) replay->decision = replay->rule->observe(e), replay->examples = e.examples;
      taken.push_back(replay);
    }
    return taken;
  }

  std::vector<const Replay*> all() const {
    std::vector<const Replay*> pointers;
    for (const auto& replay : replays_) pointers.push_back(replay.get());
    return pointers;
  }

  /// On standard error, what a reader of the result should know of the rows.
  void tell() const {
    ignored_.tell("without \"curve\" and of no \"kind\" that events.jsonl has: left out");
    unordered_.tell(
        "out of order or repeated (\"examples\" not above an earlier row's of the curve): ignored");
    unmeasured_.tell("measured on no prompt: ignored");
  }

 private:
  static Evaluation evaluation_of_event(const Json& row, const std::string& where) {
    try {
      return report::evaluation_from_json(row);
    } catch (const std::exception& error) {
      bad_row(where, error.what());
    }
  }

  void note_what_rules_ignore(const Json& curve, const Evaluation& e, const std::string& metrics,
                              const std::string& where) {
    bool measured = false;
    for (const auto& metric : rules_detail::split(metrics, ',')) {
      const auto score = e.scores.find(metric);
      measured =
          measured || e.values.contains(metric) || (score != e.scores.end() && score->second.measured());
    }
    if (!measured) return unmeasured_.add(where);
    const std::pair place(e.examples, e.step);
    const auto [last, is_first] = last_.try_emplace(curve.dump(), place);
    if (is_first) return;
    if (place <= last->second) return unordered_.add(where);
    last->second = place;
  }

  RulePtr make(const std::string& name, const std::string& metrics) const {
    try {
      return make_rule(name, metrics, rule_options_);
    } catch (const std::invalid_argument& error) {
      throw UsageError(error.what());
    }
  }

  std::vector<Replay*> of_curve(const Json& curve, const std::string& metrics) {
    auto& found = by_curve_[curve.dump()];
    if (!found.empty()) return found;
    for (const auto& name : options_.rules) {
      replays_.push_back(std::make_unique<Replay>(Replay{curve, name, make(name, metrics), {}, 0}));
      found.push_back(replays_.back().get());
    }
    return found;
  }

  const ReplayOptions& options_;
  RuleOptions rule_options_;
  std::vector<std::unique_ptr<Replay>> replays_;
  std::map<std::string, std::vector<Replay*>> by_curve_;
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> last_;  // examples and step that counted
  Noticed ignored_, unordered_, unmeasured_;
};

Json to_json(const Replay& replay) {
  const auto& d = replay.decision;
  Json json;
  json["curve"] = replay.curve;
  json["stopped"] = d.stop;
  json["examples"] = replay.examples;
  json["best_examples"] = d.best ? Json(d.best_examples) : Json(nullptr);
  json["rule"] = replay.rule_name;
  json["reason"] = d.reason;
  json["probability_more_helps"] = d.probability_more_helps ? Json(*d.probability_more_helps) : Json(nullptr);
  return json;
}

void print(const std::vector<const Replay*>& replays, const ReplayOptions& options) {
  Output out("-");
  for (const auto* replay : replays) {
    const auto& d = replay->decision;
    const auto line =
        options.json
            ? report::to_line(to_json(*replay))
            : wrapped(fmt::format(
                          "{} · {}: {} at {} examples (best at {}): {}",
                          replay->curve.is_string() ? replay->curve.get<std::string>() : replay->curve.dump(),
                          replay->rule_name, d.stop ? "stopped" : "not stopped", replay->examples,
                          d.best ? fmt::format("{}", d.best_examples) : "none", d.reason),
                      options.width);
    out.write(line + "\n");
  }
  out.finish();  // who follows waits for it
}

/// Whether the line is the last of a run's log and was cut off: the run is being written, or was killed.
bool half_written(const std::string& line, const report::JsonLines& in, const ReplayOptions& options) {
  if (!in.unfinished() || std::filesystem::path(options.file).filename() != "events.jsonl") return false;
  try {
    support::parse_json<Json>(line);
    return false;
  } catch (const support::JsonError&) {
    fmt::print(stderr, "ifstop: {}: the last line is half written: left out\n", in.where());
    return true;
  }
}

void read_rows(const ReplayOptions& options) {
  report::JsonLines in(options.file);
  Replays replays(options);
  std::int64_t rows = 0;
  while (const auto line = in.next_line()) {
    if (half_written(*line, in, options)) break;
    const auto taken = replays.take(in.parse(*line), in.where());
    rows += !taken.empty();
    if (options.trace || options.follow) print(taken, options);
  }
  if (rows == 0) throw UsageError(fmt::format("{}: no row of a curve and no evaluation in it", options.file));
  if (!options.trace && !options.follow) print(replays.all(), options);
  replays.tell();
}

void run(ReplayOptions options) {
  if (options.follow && options.file != "-")
    throw UsageError("--follow reads standard input: give - as the file");
  options.width = terminal_width();
  if (options.file != "-" && std::filesystem::is_directory(options.file))
    options.file = (std::filesystem::path(options.file) / "events.jsonl").string();
  if (options.file != "-" && !std::filesystem::exists(options.file))
    throw UsageError(fmt::format(
        "{}: cannot be read; give a file of curves, a run's events.jsonl or a run folder", options.file));
  read_rows(options);
}

}  // namespace

void add_replay(CLI::App& app) {
  auto options = std::make_shared<ReplayOptions>();
  auto* command =
      app.add_subcommand("replay", "Say where a rule would have stopped on curves measured before.");
  command
      ->add_option("file", options->file,
                   "rows {\"curve\", \"examples\", \"successes\", \"trials\", \"outcomes\"}, a run's "
                   "events.jsonl, a run folder, or -")
      ->required();
  command
      ->add_option("--rule", options->rules,
                   fmt::format("{}; options as NAME:key=value,key=value", fmt::join(rule_names, ", ")))
      ->capture_default_str()
      ->take_all();
  command->add_option("--option", options->options, "key=value for every rule, as in docs/rules/")
      ->take_all();
  command->add_option(
      "--metric", options->metric,
      "which score of a run (default ifs,ifs_strict); what a curve's share is called (default ifs)");
  command
      ->add_option(
          "--planned-examples,--planned_examples", options->planned_examples,
          "what \"still to come\" refers to, for rules with a model of the future; 0 = the next doubling")
      ->transform(whole_number<std::int64_t>(0, std::int64_t{1} << 53));
  command->add_flag("--json", options->json, "one object a curve and rule");
  command->add_flag("--trace", options->trace, "one row a point instead");
  command->add_flag("--follow", options->follow, "with -: answer each row as it comes");
  command->callback([options] { run(*options); });
}

}  // namespace ifstop::cli
