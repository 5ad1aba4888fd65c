#include "cli/tone_eval.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "cli/auc_interval.hpp"
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

/// "0.875 (0.830 to 0.912)".
std::string auc_text(const std::vector<Judged>& rows, const std::vector<std::string>& prompts) {
  const auto interval = auc_interval(rows, prompts);
  return fmt::format("{:.3f} ({:.3f} to {:.3f})", area_under_curve(rows), interval.low, interval.high);
}

std::string confusion_text(const std::vector<Judged>& rows, double threshold) {
  const auto found = confusion_at(rows, threshold);
  return fmt::format("  sensitivity  {}\n  specificity  {}\n", share(found.true_positives, found.positives),
                     share(found.true_negatives, found.negatives));
}

/// Gold rows with what the judge and the run-on rules say of them.
struct Outcomes {
  std::vector<Judged> tone, strict;
  std::vector<std::string> prompts;
  std::map<std::string, ModelCounts> models;
  RunOnCounts run_on;
  std::size_t strict_found = 0, strict_there = 0,
              strict_kept = 0;  ///< true positives, positives, true negatives
};

Outcomes outcomes_of(const Judge& judge, const std::vector<ToneGold>& gold) {
  std::vector<LabelledPair> rows;
  for (const auto& one : gold) rows.push_back({one.prompt, one.response, one.answer, 1, "gold"});
  Outcomes o;
  o.tone = judge_rows(judge, rows);
  for (std::size_t i = 0; i < gold.size(); ++i) {
    const auto& one = gold[i];
    const bool turn = find_turn(one.prompt, seen_by_annotators(one.response)).has_value();
    const bool answer = o.tone[i].probability >= judge.info().threshold;
    const bool gold_strict = one.answer && !one.run_on, strict = answer && !turn;
    auto& c = o.models[one.model];
    ++c.rows;
    c.gold_answers += one.answer, c.judged_answers += answer;
    c.gold_strict += gold_strict, c.judged_strict += strict;
    o.strict_there += gold_strict, o.strict_found += gold_strict && strict,
        o.strict_kept += !gold_strict && !strict;
    o.strict.push_back({turn ? o.tone[i].probability / 1e3 : o.tone[i].probability, gold_strict});
    o.prompts.push_back(one.prompt);
    if (one.answer)
      o.run_on.found += turn, o.run_on.there += one.run_on, o.run_on.right += turn && one.run_on;
  }
  return o;
}

std::string strict_text(const Outcomes& o) {
  return fmt::format(
      "strict (an answer that does not run on)\n  AUC          {}\n  sensitivity  {}\n  specificity  {}\n"
      "  specificity where recall is .93: {:.3f}\n",
      auc_text(o.strict, o.prompts), share(o.strict_found, o.strict_there),
      share(o.strict_kept, o.strict.size() - o.strict_there), specificity_at_recall(o.strict, 0.93));
}

std::string run_on_text(const RunOnCounts& run) {
  return fmt::format(
      "run-on by rule, among answers, in the first 450 characters (what the annotators read)\n"
      "  precision    {}\n  recall       {}\n",
      share(run.right, run.found), share(run.right, run.there));
}

std::string model_line(const std::string& model, const ModelCounts& c) {
  const auto of = [&](std::size_t n) { return static_cast<double>(n) / static_cast<double>(c.rows); };
  const auto range = [&](std::size_t n) {
    const auto w = wilson(static_cast<double>(n), static_cast<double>(c.rows));
    return fmt::format("{:.3f} ({:.3f} to {:.3f})", of(n), w.low, w.high);
  };
  return fmt::format("  {:<40} {:>4}  {:.3f}  {}  {:.3f}  {}\n", model, c.rows, of(c.gold_answers),
                     range(c.judged_answers), of(c.gold_strict), range(c.judged_strict));
}

std::string models_text(const std::map<std::string, ModelCounts>& models) {
  std::string text =
      "share of rows, gold and judged\n  model                                    rows  answers: gold, "
      "judged (95 %)       "
      "strict: gold, judged (95 %)\n";
  double tone = 0, strict = 0;
  for (const auto& [model, c] : models) {
    text += model_line(model, c);
    const auto off = [rows = c.rows](std::size_t a, std::size_t b) {
      return std::abs(static_cast<double>(a) - static_cast<double>(b)) / static_cast<double>(rows);
    };
    tone += off(c.gold_answers, c.judged_answers) / static_cast<double>(models.size());
    strict += off(c.gold_strict, c.judged_strict) / static_cast<double>(models.size());
  }
  return text +
         fmt::format("  mean absolute error of the share: answers {:.3f}, strict {:.3f}\n", tone, strict);
}

}  // namespace

std::string judge_eval_text(const Judge& judge, const std::vector<LabelledPair>& rows) {
  const auto judged = judge_rows(judge, rows);
  std::vector<std::string> prompts;
  std::size_t positives = 0;
  for (const auto& row : rows) prompts.push_back(row.prompt), positives += row.positive;
  return fmt::format("  {} rows, {} positive\n  AUC          {}\n", rows.size(), positives,
                     auc_text(judged, prompts)) +
         confusion_text(judged, judge.info().threshold);
}

std::string tone_eval_text(const Judge& judge, const std::vector<ToneGold>& gold) {
  std::vector<LabelledPair> all, base;
  for (const auto& one : gold) {
    all.push_back({one.prompt, one.response, one.answer, 1, "gold"});
    if (one.model == "llama_7b") base.push_back(all.back());
  }
  const auto o = outcomes_of(judge, gold);
  return "answer-like, all rows (most are answers: never quote accuracy alone)\n" +
         judge_eval_text(judge, all) + "answer-like, base model alone\n" + judge_eval_text(judge, base) +
         strict_text(o) + run_on_text(o.run_on) + models_text(o.models);
}

}  // namespace ifstop::cli
