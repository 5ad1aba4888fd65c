#include "cli/objectivity_train.hpp"

#include <fmt/format.h>

#include <fstream>

#include "cli/logistic.hpp"
#include "cli/objectivity_text.hpp"
#include "cli/roc.hpp"
#include "cli/tone_negatives.hpp"
#include "ifstop/report/json.hpp"

namespace ifstop::cli {

std::vector<LabelledPair> objectivity_training_pairs(const ToneCorpus& corpus, std::size_t each,
                                                     std::uint64_t seed) {
  Random random(seed);
  std::vector<std::string> instructions, answers;
  for (const auto& one : corpus.answered) {
    instructions.push_back(one.instruction);
    answers.push_back(one.answer);
  }
  const Material material{instructions, answers, corpus.pages};
  std::vector<LabelledPair> pairs;
  for (std::size_t i = 0; i < each; ++i) {
    pairs.push_back(make_preference_answer(true, random));
    pairs.push_back(make_preference_answer(false, random));
    if (i % 8 != 0) continue;  // a base model goes on with the document: that is no neutral answer
    auto other = make_negative(material, random);
    other.prompt = pairs.back().prompt;
    pairs.push_back(std::move(other));
  }
  return pairs;
}

std::vector<LabelledPair> read_objectivity_gold(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file)
    throw report::FileError(path.string() + ": cannot read the labelled answers; is the path right?");
  std::vector<LabelledPair> rows;
  std::string line;
  std::getline(file, line);
  for (std::size_t number = 2; std::getline(file, line); ++number) {
    const auto first = line.find('\t'), second = line.find('\t', first + 1);
    const auto label = line.substr(0, first);
    if (second == line.npos || (label != "0" && label != "1"))
      throw report::FileError(
          fmt::format("{}:{}: is not 0 or 1, question and answer with tabs between", path.string(), number));
    rows.push_back(
        {line.substr(first + 1, second - first - 1), line.substr(second + 1), label == "1", 1, "gold"});
  }
  return rows;
}

LinearWeights train_objectivity(const std::vector<LabelledPair>& pairs, const std::vector<LabelledPair>& gold,
                                std::uint64_t seed) {
  LogisticOptions options;
  options.seed = seed;
  auto weights = train_logistic(pairs, options);
  weights.info.name = "ifstop-objectivity-linear";
  weights.info.version = "2";
  measure(weights, gold);
  return weights;
}

}  // namespace ifstop::cli
