#include "cli/tone_eval.hpp"

#include <fmt/format.h>

#include <map>

#include "cli/roc.hpp"
#include "ifstop/score/interval.hpp"
#include "ifstop/score/run_on.hpp"

namespace ifstop::cli {
namespace {

std::string share(std::size_t successes, std::size_t trials) {
  if (trials == 0) return "not measured";
  const auto interval = wilson(static_cast<double>(successes), static_cast<double>(trials));
  return fmt::format("{:.3f} ({:.3f} to {:.3f}; {} of {})",
                     static_cast<double>(successes) / static_cast<double>(trials), interval.low,
                     interval.high, successes, trials);
}

/// What the annotators saw of a response: they read its first 450 characters or so.
std::string_view seen_by_annotators(std::string_view text) {
  constexpr std::size_t characters = 450;
  std::size_t count = 0, at = 0;
  for (; at < text.size(); ++at)
    if ((static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U && count++ == characters) break;
  return text.substr(0, at);
}

struct ModelCounts {
  std::size_t rows = 0, gold_answers = 0, judged_answers = 0, gold_strict = 0, judged_strict = 0;
};

struct RunOnCounts {
  std::size_t found = 0, right = 0, there = 0;
};

std::string model_line(const std::string& model, const ModelCounts& c) {
  const auto of = [&](std::size_t n) { return static_cast<double>(n) / static_cast<double>(c.rows); };
  const auto judged = wilson(static_cast<double>(c.judged_answers), static_cast<double>(c.rows));
  return fmt::format("  {:<40} {:>4}  {:.3f}  {:.3f} ({:.3f} to {:.3f})  {:.3f}  {:.3f}\n", model, c.rows,
                     of(c.gold_answers), of(c.judged_answers), judged.low, judged.high, of(c.gold_strict),
                     of(c.judged_strict));
}

}  // namespace

std::string judge_eval_text(const Judge& judge, const std::vector<LabelledPair>& rows) {
  const auto judged = judge_rows(judge, rows);
  const auto found = confusion_at(judged, judge.info().threshold);
  return fmt::format("  {} rows, {} positive\n  AUC          {:.3f}\n  sensitivity  {}\n  specificity  {}\n",
                     rows.size(), found.positives, area_under_curve(judged),
                     share(found.true_positives, found.positives),
                     share(found.true_negatives, found.negatives));
}

std::string tone_eval_text(const Judge& judge, const std::vector<ToneGold>& gold) {
  std::vector<LabelledPair> all;
  std::map<std::string, ModelCounts> models;
  for (const auto& one : gold) all.push_back({one.prompt, one.response, one.answer, 1, "gold"});
  const auto judged = judge_rows(judge, all);
  std::vector<LabelledPair> base;
  std::vector<Judged> strict;
  RunOnCounts run;
  for (std::size_t i = 0; i < gold.size(); ++i) {
    const auto& one = gold[i];
    const bool turn = find_turn(one.prompt, seen_by_annotators(one.response)).has_value();
    const bool answer = judged[i].probability >= judge.info().threshold;
    auto& c = models[one.model];
    ++c.rows;
    c.gold_answers += one.answer;
    c.judged_answers += answer;
    c.gold_strict += one.answer && !one.run_on;
    c.judged_strict += answer && !turn;
    strict.push_back({turn ? judged[i].probability / 1e3 : judged[i].probability, one.answer && !one.run_on});
    if (one.answer) run.found += turn, run.there += one.run_on, run.right += turn && one.run_on;
    if (one.model == "llama_7b") base.push_back(all[i]);
  }
  std::string text = "answer-like, all rows (most are answers: never quote accuracy alone)\n" +
                     judge_eval_text(judge, all) + "answer-like, base model alone\n" +
                     judge_eval_text(judge, base);
  text += fmt::format("strict (an answer that does not run on)\n  AUC          {:.3f}\n",
                      area_under_curve(strict));
  text += fmt::format(
      "run-on by rule, among answers, in the first 450 characters (what the annotators read)\n"
      "  precision    {}\n  recall       {}\n",
      share(run.right, run.found), share(run.right, run.there));
  text +=
      "share of rows, gold and judged\n  model                                    rows  answers: gold, "
      "judged (95 %)       strict: gold, judged\n";
  for (const auto& [model, counts] : models) text += model_line(model, counts);
  return text;
}

}  // namespace ifstop::cli
