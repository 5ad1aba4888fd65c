// ifstop compare: two files of responses to the same prompts, compared prompt by prompt.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <span>

#include "cli/commands.hpp"
#include "cli/row_groups.hpp"
#include "cli/scored_input.hpp"
#include "cli/terminal.hpp"
#include "ifstop/report/json.hpp"
#include "ifstop/score/paired.hpp"

namespace ifstop::cli {
namespace {

using report::Json;

struct CompareOptions {
  std::string first, second;
  JudgeOptions judges;
  bool json = false;
  bool skip_bad = false;
};

/// What is kept of a row.
struct Row {
  std::uint64_t prompt;  ///< hash of kind and text: what rows are joined on
  RowKey key;
  RowOutcomes outcomes;
};

struct Side {
  std::vector<Row> rows;
  std::set<std::string> models;  ///< some of them: enough to see that there are several
};

void note(const std::string& path, const InputNotes& notes, const Side& side) {
  for (const auto& sentence : sentences(path, notes)) fmt::print(stderr, "ifstop: {}\n", sentence);
  if (side.models.size() > 1)
    fmt::print(stderr, "ifstop: {}: its rows are of several models ({}); they are compared as one\n", path,
               fmt::join(side.models, ", "));
}

Side read_side(const std::string& path, const CompareOptions& o, const Judges& judges, RowGroups& groups) {
  constexpr std::size_t enough_models = 4;
  Side side;
  const auto notes = judge_file(path, judges, {o.skip_bad}, [&](std::vector<JudgedInput>& chunk) {
    for (const auto& input : chunk) {
      const auto kind = input.has_kind ? to_string(input.prompt.kind) : "";
      const auto key = groups.add(input);
      side.rows.push_back({key.text ^ prompt_detail::rank(1, kind), key, outcomes_of(input)});
      if (side.models.size() < enough_models) side.models.insert(input.model);
    }
  });
  note(path, notes, side);
  std::stable_sort(side.rows.begin(), side.rows.end(),
                   [](const Row& a, const Row& b) { return a.prompt < b.prompt; });
  return side;
}

/// Two rows of the same prompt.
struct Pair {
  std::uint64_t group;
  RowOutcomes a, b;
};

/// One score on both sides.
struct Compared {
  PairedGroups paired;
  GroupSums a, b;

  void add(const PairedCounts& group) {
    const auto trials = static_cast<double>(group.trials());
    if (trials == 0) return;
    const auto first = static_cast<double>(group.both + group.only_first),
               second = static_cast<double>(group.both + group.only_second);
    paired.add(group);
    a.add(trials, first, first);
    b.add(trials, second, second);
  }
};

/// Every score, and how many rows found no partner.
struct Comparison {
  std::array<Compared, score_names.size()> scores;
  std::int64_t pairs = 0, only_first = 0, only_second = 0;
};

/// The first row of a prompt with the first, the second with the second.
std::vector<Pair> join(const Side& a, const Side& b, const RowGroups& groups) {
  std::vector<Pair> pairs;
  auto first = a.rows.begin(), second = b.rows.begin();
  while (first != a.rows.end() && second != b.rows.end()) {
    if (first->prompt == second->prompt) {
      pairs.push_back({groups.of(first->key), first->outcomes, second->outcomes});
      ++first, ++second;
    } else {
      first->prompt < second->prompt ? ++first : ++second;
    }
  }
  std::sort(pairs.begin(), pairs.end(), [](const Pair& x, const Pair& y) { return x.group < y.group; });
  return pairs;
}

/// One score's counts over the pairs of one group.
PairedCounts counts_of(std::span<const Pair> group, std::size_t score) {
  PairedCounts counts;
  for (const auto& [name, a, b] : group)
    if ((a.measured & b.measured) >> score & 1U)
      counts.add((a.succeeded >> score & 1U) != 0, (b.succeeded >> score & 1U) != 0);
  return counts;
}

Comparison compare(const CompareOptions& o, const Judges& judges) {
  RowGroups groups;
  const auto a = read_side(o.first, o, judges, groups), b = read_side(o.second, o, judges, groups);
  groups.close();
  if (groups.gave_up()) fmt::print(stderr, "ifstop: {}\n", no_matching);
  const auto pairs = join(a, b, groups);
  if (pairs.empty())
    throw UsageError(fmt::format("{} and {} have no prompt (of the same kind) in common: nothing to compare",
                                 o.first, o.second));
  Comparison result;
  result.pairs = static_cast<std::int64_t>(pairs.size());
  result.only_first = static_cast<std::int64_t>(a.rows.size()) - result.pairs;
  result.only_second = static_cast<std::int64_t>(b.rows.size()) - result.pairs;
  for (auto begin = pairs.begin(); begin != pairs.end();) {
    const auto end = std::find_if(begin, pairs.end(), [&](const Pair& p) { return p.group != begin->group; });
    for (std::size_t s = 0; s < score_names.size(); ++s) result.scores[s].add(counts_of({begin, end}, s));
    begin = end;
  }
  return result;
}

Json json_of(const CompareOptions& o, const Comparison& c) {
  Json scores = Json::object();
  for (std::size_t i = 0; i < score_names.size(); ++i) {
    const auto& n = c.scores[i].paired.counts();
    if (n.trials() == 0) continue;
    const auto interval = paired_difference(c.scores[i].paired);
    scores[std::string(score_names[i])] = {{"a", report::to_json(make_score(c.scores[i].a))},
                                           {"b", report::to_json(make_score(c.scores[i].b))},
                                           {"difference", 0 - n.difference()},
                                           {"low", 0 - interval.high},
                                           {"high", 0 - interval.low},
                                           {"only_a", n.only_first},
                                           {"only_b", n.only_second},
                                           {"p", mcnemar_mid_p(c.scores[i].paired)}};
  }
  return {{"schema_version", report::schema_version},
          {"a", o.first},
          {"b", o.second},
          {"pairs", c.pairs},
          {"only_in_a", c.only_first},
          {"only_in_b", c.only_second},
          {"scores", scores}};
}

void print_table(const CompareOptions& o, const Comparison& c) {
  std::string text = fmt::format("A = {}\nB = {}\n{} prompts in both, {} only in A, {} only in B\n\n",
                                 o.first, o.second, c.pairs, c.only_first, c.only_second);
  const auto terminal = terminal_width();
  const bool narrow = terminal > 0 && terminal < 85;
  const int name = narrow ? 11 : 12, only = narrow ? 6 : 7, p = narrow ? 7 : 8, each = narrow ? 5 : 6;
  text += fmt::format("{:<{}} {:>6} {:>{}} {:>{}}  {:<24} {:>{}} {:>{}} {:>{}}\n", "", name, "pairs", "A",
                      each, "B", each, "B - A (95 %)", "only A", only, "only B", only, "p", p);
  for (std::size_t i = 0; i < score_names.size(); ++i) {
    const auto& n = c.scores[i].paired.counts();
    if (n.trials() == 0) continue;
    const auto interval = paired_difference(c.scores[i].paired);
    const auto share = [&](std::int64_t k) {
      return static_cast<double>(k) / static_cast<double>(n.trials());
    };
    text += fmt::format(
        "{:<{}} {:>6} {:>{}.3f} {:>{}.3f}  {:<24} {:>{}} {:>{}} {:>{}.2g}\n", score_names[i], name,
        n.trials(), share(n.both + n.only_first), each, share(n.both + n.only_second), each,
        fmt::format("{:+.3f} ({:+.3f} to {:+.3f})", 0 - n.difference(), 0 - interval.high, 0 - interval.low),
        n.only_first, only, n.only_second, only, mcnemar_mid_p(c.scores[i].paired), p);
  }
  fmt::print(
      "{}\n{}\n", text,
      wrapped("p: McNemar's mid-p of equal shares on the same prompts; fragments of one instruction count "
              "as one group.",
              terminal));
}

void run(const CompareOptions& o) {
  if (o.first == "-" && o.second == "-") throw UsageError("only one of the two files can be standard input");
  const auto result = compare(o, Judges(o.judges));
  if (o.json)
    fmt::print("{}\n", report::to_line(json_of(o, result)));
  else
    print_table(o, result);
}

}  // namespace

void add_compare(CLI::App& app) {
  auto options = std::make_shared<CompareOptions>();
  auto* command = app.add_subcommand("compare", "Compare two files of responses to the same prompts");
  command->add_option("a", options->first, "JSON Lines as for score; - is standard input")->required();
  command->add_option("b", options->second, "JSON Lines as for score")->required();
  add_judge_options(*command, options->judges);
  command->add_flag("--json", options->json, "One JSON object instead of the table");
  command->add_flag("--skip-bad,--skip_bad", options->skip_bad,
                    "Count bad rows instead of stopping at the first");
  command->callback([options] { run(*options); });
}

}  // namespace ifstop::cli
