// ifstop compare: two files of responses to the same prompts, compared prompt by prompt.
#include <fmt/format.h>

#include <array>
#include <map>
#include <memory>

#include "cli/commands.hpp"
#include "cli/scored_input.hpp"
#include "ifstop/report/json.hpp"
#include "ifstop/score/paired.hpp"

namespace ifstop::cli {
namespace {

using report::Json;

struct CompareOptions {
  std::string first, second, weights;
  bool json = false;
  bool skip_bad = false;
};

constexpr std::array<std::string_view, 6> compared{"ifs",        "ifs_partial", "ifs_full",
                                                   "ifs_strict", "run_on",      "objecqa"};
constexpr std::int8_t not_measured = -1;
using Outcomes = std::array<std::int8_t, compared.size()>;  ///< 0, 1 or not_measured, as in `compared`

Outcomes outcomes_of(const JudgedInput& input) {
  Outcomes out;
  out.fill(not_measured);
  const auto& s = input.scored;
  if (input.prompt.kind == PromptKind::preference) {
    if (s.objective) out[5] = *s.objective;
    return out;
  }
  out[0] = s.answer_like;
  if (input.has_kind) out[input.prompt.kind == PromptKind::partial ? 1 : 2] = s.answer_like;
  out[3] = s.strict;
  out[4] = s.run_on;
  return out;
}

/// Rows of the same prompt (and kind) in the order of the file.
using Joined = std::map<std::string, std::vector<Outcomes>>;

std::string key_of(const JudgedInput& input) {
  return (input.has_kind ? std::string(to_string(input.prompt.kind)) : "") + '\x1f' + input.prompt.text;
}

/// How each metric's outcomes pair up, and what found no partner.
struct Comparison {
  std::array<PairedCounts, compared.size()> counts;
  std::int64_t pairs = 0, only_first = 0, only_second = 0;

  void add(const Outcomes& a, const Outcomes& b) {
    ++pairs;
    for (std::size_t i = 0; i < compared.size(); ++i) {
      if (a[i] == not_measured || b[i] == not_measured) continue;
      ++(a[i] ? (b[i] ? counts[i].both : counts[i].only_first)
              : (b[i] ? counts[i].only_second : counts[i].neither));
    }
  }
};

void note(const std::string& path, const InputNotes& notes) {
  for (const auto& sentence : sentences(path, notes)) fmt::print(stderr, "ifstop: {}\n", sentence);
}

Comparison compare(const CompareOptions& o, const Judges& judges) {
  Joined first;
  Comparison result;
  note(o.first, judge_file(o.first, judges, {o.skip_bad}, [&](std::vector<JudgedInput>& chunk) {
         for (const auto& input : chunk)
           first[key_of(input)].push_back(outcomes_of(input)), ++result.only_first;
       }));
  std::map<std::string, std::size_t> used;
  note(o.second, judge_file(o.second, judges, {o.skip_bad}, [&](std::vector<JudgedInput>& chunk) {
         for (const auto& input : chunk) {
           const auto key = key_of(input);
           const auto found = first.find(key);
           auto& next = used[key];
           if (found == first.end() || next == found->second.size()) {
             ++result.only_second;
             continue;
           }
           result.add(found->second[next++], outcomes_of(input));
           --result.only_first;
         }
       }));
  if (result.pairs == 0)
    throw UsageError(fmt::format("{} and {} have no prompt (of the same kind) in common: nothing to compare",
                                 o.first, o.second));
  return result;
}

Score score_of(std::int64_t successes, std::int64_t trials) {
  const auto interval = wilson(static_cast<double>(successes), static_cast<double>(trials));
  return {{successes, trials, {}}, interval.low, interval.high};
}

Json json_of(const CompareOptions& o, const Comparison& c) {
  Json scores = Json::object();
  for (std::size_t i = 0; i < compared.size(); ++i) {
    const auto& n = c.counts[i];
    if (n.trials() == 0) continue;
    const auto interval = paired_difference(n);
    scores[std::string(compared[i])] = {{"a", report::to_json(score_of(n.both + n.only_first, n.trials()))},
                                        {"b", report::to_json(score_of(n.both + n.only_second, n.trials()))},
                                        {"difference", 0 - n.difference()},
                                        {"low", 0 - interval.high},
                                        {"high", 0 - interval.low},
                                        {"only_a", n.only_first},
                                        {"only_b", n.only_second},
                                        {"p", mcnemar_mid_p(n)}};
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
  text += fmt::format("{:<12} {:>6} {:>6} {:>6}  {:<24} {:>7} {:>7} {:>8}\n", "", "pairs", "A", "B",
                      "B - A (95 %)", "only A", "only B", "p");
  for (std::size_t i = 0; i < compared.size(); ++i) {
    const auto& n = c.counts[i];
    if (n.trials() == 0) continue;
    const auto interval = paired_difference(n);
    const auto share = [&](std::int64_t k) {
      return static_cast<double>(k) / static_cast<double>(n.trials());
    };
    text += fmt::format(
        "{:<12} {:>6} {:>6.3f} {:>6.3f}  {:<24} {:>7} {:>7} {:>8.2g}\n", compared[i], n.trials(),
        share(n.both + n.only_first), share(n.both + n.only_second),
        fmt::format("{:+.3f} ({:+.3f} to {:+.3f})", 0 - n.difference(), 0 - interval.high, 0 - interval.low),
        n.only_first, n.only_second, mcnemar_mid_p(n));
  }
  fmt::print("{}\np: McNemar's mid-p of equal shares on the same prompts.\n", text);
}

void run(const CompareOptions& o) {
  if (o.first == "-" && o.second == "-") throw UsageError("only one of the two files can be standard input");
  const auto result = compare(o, Judges(o.weights));
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
  command->add_option("--weights", options->weights, "Weights of a tone judge (default: built in)");
  command->add_flag("--json", options->json, "One JSON object instead of the table");
  command->add_flag("--skip-bad,--skip_bad", options->skip_bad,
                    "Count bad rows instead of stopping at the first");
  command->callback([options] { run(*options); });
}

}  // namespace ifstop::cli
