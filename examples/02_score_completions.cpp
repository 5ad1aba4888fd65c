// Scores what a model wrote, without any model here: three prompts of the shipped set, three completions, and
// the scores with their 95 % intervals. Expected: one clean answer, one answer that runs on into a turn of
// the user, one fragment that was completed instead of answered.
#include <fmt/format.h>

#include <ifstop/ifstop.hpp>

int main() {
  const std::vector<ifstop::Prompt> prompts{
      {"river",
       "Which river flows through both Vienna and Budapest?",
       ifstop::PromptKind::full,
       "",
       {"Danube"}},
      {"tides",
       "What causes the tides, and why are there two of them a day?",
       ifstop::PromptKind::full,
       "",
       {}},
      {"tides-part", "What causes the tides, and why are there", ifstop::PromptKind::partial, "tides", {}},
  };
  using ifstop::FinishReason;
  const std::vector<ifstop::Completion> completions{
      {"The Danube flows through both cities.", 9, FinishReason::eos},
      {"The moon's gravity pulls the water towards it.\n\nUser: Thanks! And what about the sun?", 22,
       FinishReason::length},
      {" two of them a day? Please answer in simple words.", 11, FinishReason::eos},
  };

  const ifstop::Scorer scorer(ifstop::builtin_tone_judge(), &ifstop::builtin_objectivity_judge());
  const auto result = scorer.score(prompts, completions);

  for (std::size_t i = 0; i < prompts.size(); ++i) {
    const auto& row = result.rows[i];
    fmt::print("{:<10} answer {:.2f}{}{}\n", prompts[i].id, row.answer_probability,
               row.strict ? ", strict" : "",
               row.run_on ? fmt::format(", runs on at character {}", *row.run_on_position) : "");
  }
  for (auto name : ifstop::score_names)
    if (const auto found = result.scores.find(name); found != result.scores.end() && found->second.measured())
      fmt::print("{:<11} {:.2f}  [{:.2f}, {:.2f}]  {} of {}\n", name, found->second.value(),
                 found->second.low, found->second.high, found->second.tally.successes,
                 found->second.tally.trials);
  for (const auto& warning : result.warnings) fmt::print("warning: {}\n", warning);
  return result.rows[0].strict && result.rows[1].run_on ? 0 : 1;
}
