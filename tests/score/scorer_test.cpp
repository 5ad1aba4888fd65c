#include "ifstop/score/scorer.hpp"

#include <cmath>

#include "support/catch.hpp"

using ifstop::Completion;
using ifstop::FinishReason;
using ifstop::JudgePair;
using ifstop::Prompt;
using ifstop::PromptKind;
using ifstop::Scorer;

namespace {

/// Says 0.9 of responses that hold its word, 0.2 of others; remembers what it was shown.
class WordJudge : public ifstop::Judge {
 public:
  explicit WordJudge(std::string word) : word_(std::move(word)) { info_.name = "word " + word_; }

  std::vector<double> probabilities(std::span<const JudgePair> pairs) const override {
    std::vector<double> result;
    for (const auto& pair : pairs) {
      seen.emplace_back(pair.response);
      result.push_back(pair.response.find(word_) == std::string_view::npos ? 0.2 : 0.9);
    }
    if (broken) result.assign(pairs.size(), std::nan(""));
    if (silent) result.clear();
    return result;
  }
  const ifstop::JudgeInfo& info() const override { return info_; }

  mutable std::vector<std::string> seen;
  bool broken = false, silent = false;

 private:
  std::string word_;
  ifstop::JudgeInfo info_;
};

const std::vector<Prompt> prompts{
    {"a", "Name the capital of Portugal.", PromptKind::full, "", {"Lisbon"}},
    {"b", "Name the capital of", PromptKind::partial, "a", {}},
    {"c", "Name a river.", PromptKind::full, "", {}},
    {"q", "Tea or coffee?", PromptKind::preference, "", {}},
};

std::vector<Completion> completions() {
  return {{"It is Lisbon.\n\nUser: and of Spain?\nAssistant: It is Madrid.", 12, FinishReason::length},
          {" Spain is what?", 4, FinishReason::eos},
          {"It is the Po.", 6, FinishReason::eos},
          {"It is a matter of taste.\n\nUser: no, say!", 9, FinishReason::unknown}};
}

}  // namespace

CATCH_TEST_CASE("rows and scores of an evaluation") {
  const WordJudge tone("It is"), objectivity("taste");
  const Scorer scorer(tone, &objectivity);
  const auto rows = scorer.judge(prompts, completions());
  CATCH_REQUIRE(rows.size() == 4);
  CATCH_CHECK(rows[0].answer_like);
  CATCH_CHECK(rows[0].run_on);
  CATCH_CHECK(rows[0].run_on_position == 15);
  CATCH_CHECK_FALSE(rows[0].strict);
  CATCH_CHECK(rows[0].strict_probability < 0.1);
  CATCH_CHECK(rows[0].correct == true);
  CATCH_CHECK_FALSE(rows[1].answer_like);
  CATCH_CHECK_FALSE(rows[1].correct.has_value());
  CATCH_CHECK(rows[2].strict);
  CATCH_CHECK(rows[2].strict_probability == 0.9);
  CATCH_CHECK_FALSE(rows[2].objective.has_value());
  CATCH_CHECK(rows[3].objective == true);
  CATCH_CHECK(objectivity.seen ==
              std::vector<std::string>{"It is a matter of taste.\n\n"});  // only the first turn

  const auto summary = scorer.score(prompts, completions());
  const auto tally = [&](const char* name) { return summary.scores.find(name)->second.tally; };
  CATCH_CHECK(tally("ifs") == ifstop::Tally{2, 3, {1, 0, 1}});  // the preference prompt does not count
  CATCH_CHECK(tally("ifs_full") == ifstop::Tally{2, 2, {1, 1}});
  CATCH_CHECK(tally("ifs_partial") == ifstop::Tally{0, 1, {0}});
  CATCH_CHECK(tally("ifs_strict") == ifstop::Tally{1, 3, {0, 0, 1}});
  CATCH_CHECK(tally("run_on") == ifstop::Tally{1, 3, {1, 0, 0}});
  CATCH_CHECK(tally("eos") == ifstop::Tally{2, 3, {0, 1, 1}});
  CATCH_CHECK(tally("truncated") == ifstop::Tally{1, 3, {1, 0, 0}});
  CATCH_CHECK(tally("objecqa") == ifstop::Tally{1, 1, {1}});
  CATCH_CHECK(tally("correct") == ifstop::Tally{1, 1, {1}});
}

CATCH_TEST_CASE("a known answer after the new turn is not the model's answer to the prompt") {
  const WordJudge tone("It is");
  const auto rows = Scorer(tone).judge(std::span(prompts).first(1),
                                       std::vector<Completion>{{"It is Porto.\nUser: no, Lisbon!", 9, {}}});
  CATCH_CHECK(rows[0].correct == false);
}

CATCH_TEST_CASE("a generator that stopped at a new turn leaves an answer that has run on") {
  const WordJudge tone("It is");
  const auto rows = Scorer(tone).judge(std::span(prompts).subspan(2, 1),
                                       std::vector<Completion>{{"It is the Pó.\n", 5, FinishReason::turn}});
  CATCH_CHECK(rows[0].run_on);
  CATCH_CHECK(rows[0].run_on_position == 14);  // code points
  CATCH_CHECK_FALSE(rows[0].strict);
  const auto nothing = Scorer(tone).judge(std::span(prompts).subspan(2, 1),
                                          std::vector<Completion>{{" \n", 1, FinishReason::turn}});
  CATCH_CHECK_FALSE(nothing[0].run_on);  // there was nothing that could go on
  CATCH_CHECK_FALSE(nothing[0].strict);
}

CATCH_TEST_CASE(
    "what could not be measured has no value: finish reasons not told, no objectivity judge, no truths") {
  const WordJudge tone("It is");
  auto silent = completions();
  for (auto& completion : silent) completion.finish_reason = FinishReason::unknown;
  const auto summary = Scorer(tone).score(std::span(prompts).subspan(1), std::span(silent).subspan(1));
  CATCH_CHECK_FALSE(summary.scores.at("eos").measured());
  CATCH_CHECK_FALSE(summary.scores.at("truncated").measured());
  CATCH_CHECK_FALSE(summary.scores.at("objecqa").measured());
  CATCH_CHECK(std::isnan(summary.scores.at("objecqa").low));
  CATCH_CHECK(summary.scores.count("correct") == 0);
  CATCH_CHECK(summary.warnings.empty());
  CATCH_CHECK(Scorer(tone).score({}, {}).scores.at("ifs").measured() == false);
}

CATCH_TEST_CASE("prompts that share a parent widen the interval") {
  const WordJudge tone("It is");
  const auto scores = Scorer(tone).score(prompts, completions()).scores;
  CATCH_CHECK(scores.at("ifs").low < ifstop::wilson(2, 3).low);
  CATCH_CHECK(scores.at("ifs_full").low == ifstop::wilson(2, 2).low);
}

CATCH_TEST_CASE("warnings: many answers cut off, and answers that never end") {
  const WordJudge tone("It is");
  std::vector<Prompt> many;
  for (int i = 0; i < 40; ++i)
    many.push_back({"p" + std::to_string(i), "Name river " + std::to_string(i), PromptKind::full, "", {}});
  const auto warnings = [&](FinishReason reason, int how_many) {
    std::vector<Completion> all(40, Completion{"It is the Po.", 5, FinishReason::eos});
    for (int i = 0; i < how_many; ++i) all[static_cast<std::size_t>(i)].finish_reason = reason;
    return Scorer(tone).score(many, all).warnings;
  };
  CATCH_CHECK(warnings(FinishReason::length, 8).empty());  // a fifth is not more than a fifth
  CATCH_CHECK(
      warnings(FinishReason::length, 9) ==
      std::vector<std::string>{
          "9 of 40 responses (22 %) were cut off at the token limit, so a run-on may have gone unseen: "
          "raise the limit of new tokens"});
  CATCH_CHECK(
      warnings(FinishReason::turn, 40) ==
      std::vector<std::string>{
          "IFS is 1.00, but only 0 of 40 responses ended with end-of-sequence: does the template, or the "
          "training data, end its answers with that token?"});
  CATCH_CHECK(warnings(FinishReason::decided, 40).empty());
}

CATCH_TEST_CASE("counts that do not fit and judges that fail are errors, not scores") {
  WordJudge tone("It is");
  const auto few = std::vector<Completion>{{"x", 1, {}}};
  CATCH_CHECK_THROWS_WITH(Scorer(tone).judge(prompts, few),
                          "4 prompts but 1 completions: one a prompt is needed, in order");
  CATCH_CHECK_THROWS_WITH(ifstop::summarise(prompts, {}),
                          "4 prompts but 0 rows: one a prompt is needed, in order");
  tone.broken = true;
  CATCH_CHECK_THROWS_WITH(Scorer(tone).judge(prompts, completions()),
                          "judge word It is gave a probability of nan");
  tone.silent = true;
  CATCH_CHECK_THROWS_WITH(Scorer(tone).judge(prompts, completions()),
                          "judge word It is gave 0 probabilities for 4 responses");
}
