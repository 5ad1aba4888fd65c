#include "cli/tone_cross.hpp"

#include <fmt/format.h>

#include <map>

#include "cli/auc_interval.hpp"
#include "cli/logistic.hpp"
#include "cli/sha1.hpp"
#include "ifstop/score/linear_judge.hpp"

namespace ifstop::cli {
namespace {

/// Rows of one table of results.
struct Pool {
  std::vector<Judged> judged;
  std::vector<std::string> prompts;

  void add(const LinearJudge& judge, const LabelledPair& row) {
    judged.push_back(judge_rows(judge, {row}).front());
    prompts.push_back(row.prompt);
  }
  std::string line(const std::string& name) const {
    std::size_t positives = 0;
    for (const auto& row : judged) positives += row.positive;
    const auto interval = auc_interval(judged, prompts);
    return fmt::format("  {:<40} {:>4} rows, {:>4} answers  AUC {:.3f} ({:.3f} to {:.3f})\n", name,
                       judged.size(), positives, area_under_curve(judged), interval.low, interval.high);
  }
};

int fold_of(const std::string& prompt, int folds) {
  return static_cast<int>(std::stoul(sha1_hex(prompt, 6), nullptr, 16) % static_cast<unsigned long>(folds));
}

/// The corpus without outputs on the fold's prompts.
ToneCorpus without(const ToneCorpus& corpus, int fold, int folds) {
  ToneCorpus rest = corpus;
  std::erase_if(rest.labelled, [&](const auto& row) { return fold_of(row.prompt, folds) == fold; });
  std::erase_if(rest.tuned, [&](const auto& row) { return fold_of(row.instruction, folds) == fold; });
  return rest;
}

}  // namespace

std::string cross_validation_text(const ToneCorpus& corpus, const std::vector<ToneGold>& gold,
                                  const std::vector<LabelledPair>& extra, const ToneTraining& options,
                                  int folds) {
  Pool all_gold, base_gold, all_labelled;
  std::map<std::string, Pool> models;
  for (int fold = 0; fold < folds; ++fold) {
    auto pairs = tone_training_pairs(without(corpus, fold, folds), gold, options);
    pairs.insert(pairs.end(), extra.begin(), extra.end());
    LogisticOptions logistic;
    logistic.seed = options.seed;
    const LinearJudge judge(train_logistic(pairs, logistic));
    for (const auto& one : gold) {
      if (fold_of(one.prompt, folds) != fold) continue;
      const LabelledPair row{one.prompt, one.response, one.answer, 1, "gold"};
      all_gold.add(judge, row);
      if (one.model == "llama_7b") base_gold.add(judge, row);
    }
    for (std::size_t i = 0; i < corpus.labelled.size(); ++i) {
      if (fold_of(corpus.labelled[i].prompt, folds) != fold) continue;
      all_labelled.add(judge, corpus.labelled[i]);
      models[corpus.labelled_models[i]].add(judge, corpus.labelled[i]);
    }
  }
  auto text = fmt::format("each row judged by a judge that saw no output on its prompt ({} folds)\n", folds) +
              all_gold.line("gold rows") + base_gold.line("gold rows, base model alone") +
              all_labelled.line("labelled rows, base models");
  for (const auto& [model, pool] : models) text += pool.line(model);
  return text;
}

}  // namespace ifstop::cli
