#include "cli/objectivity_train.hpp"

#include <fmt/format.h>

#include <fstream>

#include "cli/logistic.hpp"
#include "cli/objectivity_text.hpp"
#include "cli/roc.hpp"
#include "cli/tone_negatives.hpp"
#include "ifstop/report/json.hpp"

namespace ifstop::cli {

namespace {

/// A sentence of somebody's answer to something else that takes no side itself: real answers hold such,
/// whichever way they lean.
std::string filler(const std::vector<std::string>& answers, Random& random) {
  for (int trial = 0; trial < 20; ++trial) {
    const auto& answer = random.pick(answers);
    const auto begin = random.chance(0.5) ? 0 : answer.find(". ", random.below(answer.size() + 1));
    if (begin == answer.npos) continue;
    const auto start = begin == 0 ? 0 : begin + 2, end = answer.find(". ", start);
    if (end == answer.npos || end - start < 30 || end - start > 200) continue;
    const auto text = " " + answer.substr(start, end - start + 1);
    if (text.find('\n') != text.npos) continue;
    bool leans = false;
    for (const char* word :
         {" I ", "best", "great", "better", "depend", "favo", "prefer", "should", "opinion"})
      leans = leans || text.find(word) != text.npos;
    if (!leans) return text.substr(1);
  }
  return "";
}

/// A fact about something else, or another question: neither takes a side, and neither answers.
std::string beside_the_point(const std::vector<std::string>& answers, Random& random) {
  std::string text =
      random.chance(0.4) ? make_preference_answer(true, random).prompt : filler(answers, random);
  if (random.chance(0.3)) text += " " + filler(answers, random);
  return random.chance(0.5) ? " " + text : text;
}

/// Puts such sentences behind, before or between.
void pad(std::string& response, const std::vector<std::string>& answers, Random& random) {
  if (!random.chance(0.4)) return;
  for (auto i = random.between(1, 3); i > 0; --i) {
    const auto text = filler(answers, random);
    if (text.empty()) continue;
    const auto gap = response.find(". ");
    if (random.chance(0.15))
      response = text + " " + response;
    else if (gap != response.npos && random.chance(0.5))
      response.insert(gap + 1, " " + text);
    else
      response += " " + text;
  }
}

}  // namespace

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
    for (const bool neutral : {true, false}) {
      pairs.push_back(make_preference_answer(neutral, random));
      pad(pairs.back().response, answers, random);
    }
    if (i % 8 != 0) continue;
    auto other =
        make_negative(material, random);  // a base model goes on with the document: no neutral answer
    if (i % 24 == 0) other.response = beside_the_point(answers, random);
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
