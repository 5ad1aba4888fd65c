// ifstop tone train | eval: rebuilds and measures the linear judges; fine-tunes and measures encoders.
#include <fmt/format.h>

#include <fstream>
#include <memory>

#include "cli/commands.hpp"
#include "cli/encoder.hpp"
#include "cli/objectivity_train.hpp"
#include "cli/tone_cross.hpp"
#include "cli/tone_eval.hpp"
#include "cli/tone_train.hpp"
#include "ifstop/report/json.hpp"
#include "ifstop/score/builtin_judges.hpp"

namespace ifstop::cli {
namespace {

struct ToneOptions {
  std::string data;            ///< folder of the development data
  std::string judge = "tone";  ///< or "objectivity"
  std::string gold;            ///< labelled answers of the objectivity judge
  std::string file;            ///< weights to write or to measure
  std::uint64_t seed = 1;
  std::string labelled;  ///< more rows to train on
  bool hold_out_prompts = false;
  int folds = 0;            ///< of the cross-validation; 0: none
  EncoderTraining encoder;  ///< with a folder: an encoder is trained or measured instead
};

void add_common(CLI::App& command, ToneOptions& o) {
  command.add_option("--data", o.data, "Folder of the development data")->required();
  command.add_option("--judge", o.judge, "Which judge")
      ->check(CLI::IsMember({"tone", "objectivity"}))
      ->capture_default_str();
  command.add_option("--gold", o.gold, "Tab-separated labelled answers (judge objectivity)");
}

std::vector<LabelledPair> objectivity_gold(const ToneOptions& o) {
  if (o.gold.empty())
    throw UsageError("--judge objectivity needs --gold FILE (tests/data/objectivity_gold.tsv)");
  return read_objectivity_gold(o.gold);
}

std::string version_text(const JudgeInfo& info) {
  return fmt::format("{} {}: threshold {:.4f}, AUC {:.3f}, sensitivity {:.3f}, specificity {:.3f}", info.name,
                     info.version, info.threshold, info.auc, info.sensitivity, info.specificity);
}

ToneTraining training_of(const ToneOptions& o) {
  ToneTraining options;
  options.seed = o.seed;
  options.without_gold_prompts = o.hold_out_prompts;
  return options;
}

/// The rows of --labelled, with their weight.
std::vector<LabelledPair> extra_rows(const ToneOptions& o, double weight) {
  if (o.labelled.empty()) return {};
  auto rows = read_labelled(o.labelled);
  for (auto& row : rows) row.weight = weight;
  return rows;
}

std::vector<LabelledPair> gold_pairs(const std::vector<ToneGold>& gold) {
  std::vector<LabelledPair> rows;
  for (const auto& one : gold) rows.push_back({one.prompt, one.response, one.answer, 1, "gold"});
  return rows;
}

/// The same text as for the linear judge; labelled outputs count most, half as much for answers as
/// non-answers are rare.
void train_encoder_judge(const ToneOptions& o) {
  if (o.judge != "tone") throw UsageError("--encoder trains the judge of tone; leave --judge out");
  constexpr double invented = 0.35, labelled_answer = 1, labelled_non_answer = 6;
  const auto gold = read_tone_gold(o.data);
  auto training = training_of(o);
  training.negatives = 5000;
  training.labelled_answer = labelled_answer / invented;
  training.labelled_non_answer = labelled_non_answer / invented;
  auto pairs = tone_training_pairs(read_tone_corpus(o.data), gold, training);
  for (auto& pair : extra_rows(o, training.labelled_file)) pairs.push_back(std::move(pair));
  auto options = o.encoder;
  options.out = o.file;
  options.seed = o.seed;
  fmt::print("{}\nwrote {}\n", version_text(train_encoder(pairs, gold_pairs(gold), options)), o.file);
}

void train(const ToneOptions& o) {
  if (!o.encoder.encoder.empty()) return train_encoder_judge(o);
  const auto corpus = read_tone_corpus(o.data);
  LinearWeights weights;
  if (o.judge == "tone") {
    const auto gold = read_tone_gold(o.data);
    const auto options = training_of(o);
    auto pairs = tone_training_pairs(corpus, gold, options);
    for (auto& pair : extra_rows(o, options.labelled_file)) pairs.push_back(std::move(pair));
    weights = train_tone(pairs, gold, o.seed);
  } else {
    constexpr std::size_t each = 12000;
    weights =
        train_objectivity(objectivity_training_pairs(corpus, each, o.seed), objectivity_gold(o), o.seed);
  }
  report::write_atomically(o.file, to_bytes(weights));
  fmt::print("{}\nwrote {}\n", version_text(weights.info), o.file);
}

std::string read_bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw UsageError(path + ": cannot read the weights; is the path right?");
  return {std::istreambuf_iterator<char>(file), {}};
}

void evaluate(const ToneOptions& o) {
  if (o.folds != 0) {
    if (o.folds < 2 || o.judge != "tone" || !o.file.empty() || !o.encoder.encoder.empty())
      throw UsageError(
          fmt::format("--cross-validate {}: needs 2 folds at least, and trains its own tone judges (no "
                      "--weights, no --encoder)",
                      o.folds));
    const auto options = training_of(o);
    fmt::print("{}", cross_validation_text(read_tone_corpus(o.data), read_tone_gold(o.data),
                                           extra_rows(o, options.labelled_file), options, o.folds));
    return;
  }
  std::unique_ptr<Judge> own;
  if (!o.file.empty() && !o.encoder.encoder.empty())
    throw UsageError("--weights and --encoder name two judges; leave one out");
  if (!o.file.empty())
    own = std::make_unique<LinearJudge>(LinearJudge::from_bytes(read_bytes(o.file), o.file));
  if (!o.encoder.encoder.empty()) own = load_encoder(o.encoder.encoder);
  if (o.judge == "tone") {
    const Judge& judge = own ? *own : builtin_tone_judge();
    fmt::print("{}\n{}", version_text(judge.info()), tone_eval_text(judge, read_tone_gold(o.data)));
  } else {
    const Judge& judge = own ? *own : builtin_objectivity_judge();
    fmt::print("{}\n{}", version_text(judge.info()), judge_eval_text(judge, objectivity_gold(o)));
  }
}

}  // namespace

void add_tone(CLI::App& app) {
  auto* tone = app.add_subcommand("tone", "Train or measure judges");
  tone->require_subcommand(1);
  auto options = std::make_shared<ToneOptions>();
  auto* fit = tone->add_subcommand("train", "Train weights from the development data");
  add_common(*fit, *options);
  fit->add_option("--out", options->file, "Weights file to write")->required();
  fit->add_option(
      "--labelled", options->labelled,
      "More rows to train on (judge tone): JSON Lines with prompt, response and answer: true or false");
  fit->add_option("--seed", options->seed, "Of the invented text and of the order of examples")
      ->capture_default_str();
  fit->add_flag("--hold-out-prompts", options->hold_out_prompts,
                "Leave out all outputs on prompts that have gold labels, to see what unseen prompts cost");
  fit->callback([options] { train(*options); });
  fit->add_option(
      "--encoder", options->encoder.encoder,
      "Fine-tune this BERT (a Hugging Face folder) into a judge; --out is then a folder (needs LibTorch)");
  fit->add_option("--steps", options->encoder.steps, "Of the encoder's training")->capture_default_str();
  fit->add_option("--batch", options->encoder.batch, "Rows a step")->capture_default_str();
  fit->add_option("--learning-rate", options->encoder.learning_rate, "The highest")->capture_default_str();
  fit->add_option("--dropout", options->encoder.dropout, "Of the encoder")->capture_default_str();
  fit->add_flag("--bf16", options->encoder.bf16, "Matrix products of the training in bfloat16");
  auto* eval = tone->add_subcommand("eval", "Measure a judge against gold labels");
  add_common(*eval, *options);
  eval->add_option("--weights", options->file, "Weights file (default: the built-in judge)");
  eval->add_option(
      "--cross-validate", options->folds,
      "Instead train this many judges, each without a share of the prompts, and measure them on those");
  eval->add_option("--labelled", options->labelled, "More rows to train those on");
  eval->add_option("--encoder", options->encoder.encoder, "Folder of an encoder judge (needs LibTorch)");
  eval->callback([options] { evaluate(*options); });
}

}  // namespace ifstop::cli
