#include "cli/tone_train.hpp"

#include <set>

#include "cli/logistic.hpp"
#include "cli/tone_negatives.hpp"

namespace ifstop::cli {
namespace {

/// Answers begin with and without white space, as prompts end with and without it; so that this tells
/// nothing.
std::string with_lead(const std::string& answer, Random& random) {
  switch (random.below(5)) {
    case 0:
      return " " + answer;
    case 1:
      return "\n" + answer;
    case 2:
      return "\n\n" + answer;
    default:
      return answer;
  }
}

/// Half of the answers are cut somewhere, as by a token limit.
std::string cut_off(const std::string& answer, Random& random) {
  if (answer.size() < 80 || random.chance(0.5)) return answer;
  return answer.substr(0, random.between(60, answer.size()));
}

void add_answers(const std::vector<Answered>& answered, std::string_view source, double weight,
                 Random& random, std::vector<LabelledPair>& pairs) {
  for (const auto& one : answered)
    pairs.push_back({one.instruction, with_lead(cut_off(one.answer, random), random), true, weight, source});
}

/// Answers to the beginnings of their instructions: the paper's (Ip, R) is answer-like.
void add_answers_to_fragments(const std::vector<Answered>& answered, Random& random,
                              std::vector<LabelledPair>& pairs) {
  for (const auto& one : answered) {
    if (one.instruction.size() < 20 || one.instruction.size() > 300 || random.chance(0.5)) continue;
    const auto cut =
        one.instruction.rfind(' ', random.between(one.instruction.size() / 4, one.instruction.size() - 2));
    if (cut == std::string::npos || cut == 0) continue;
    pairs.push_back({one.instruction.substr(0, cut), with_lead(cut_off(one.answer, random), random), true, 1,
                     "fragment"});
  }
}

}  // namespace

std::vector<LabelledPair> tone_training_pairs(const ToneCorpus& corpus, const std::vector<ToneGold>& gold,
                                              const ToneTraining& options) {
  Random random(options.seed);
  std::set<std::string> gold_prompts;
  if (options.without_gold_prompts)
    for (const auto& one : gold) gold_prompts.insert(one.prompt);
  std::vector<LabelledPair> pairs;
  std::vector<std::string> instructions, answers;
  add_answers(corpus.answered, "people and GPT-4", 1, random, pairs);
  add_answers(corpus.chat, "chat", 0.5, random, pairs);
  for (const auto& one : corpus.tuned)
    if (!gold_prompts.contains(one.instruction))
      pairs.push_back({one.instruction, with_lead(one.answer, random), true, 1, "tuned"});
  for (auto pair : corpus.labelled) {
    pair.weight *= pair.positive ? options.labelled_answer : options.labelled_non_answer;
    if (!gold_prompts.contains(pair.prompt)) pairs.push_back(std::move(pair));
  }
  for (const auto& one : corpus.answered) {
    instructions.push_back(one.instruction);
    answers.push_back(one.answer);
  }
  add_answers_to_fragments(corpus.answered, random, pairs);
  const Material material{instructions, answers, corpus.pages};
  for (std::size_t i = 0; i < options.negatives; ++i) pairs.push_back(make_negative(material, random));
  for (std::size_t i = 0; i < 400; ++i) pairs.push_back(make_clarification(material, random));
  return pairs;
}

LinearWeights train_tone(const std::vector<LabelledPair>& pairs, const std::vector<ToneGold>& gold,
                         std::uint64_t seed) {
  LogisticOptions options;
  options.seed = seed;
  auto weights = train_logistic(pairs, options);
  weights.info.name = "ifstop-tone-linear";
  weights.info.version = "2";
  std::vector<LabelledPair> rows;
  for (const auto& one : gold) rows.push_back({one.prompt, one.response, one.answer, 1, "gold"});
  measure(weights, rows);
  return weights;
}

}  // namespace ifstop::cli
