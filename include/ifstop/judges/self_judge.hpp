// The model under training as its own judge: a probe on the hidden states that its base weights have of a
// response. No shipped weights, any language.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ifstop/llama/model.hpp"
#include "ifstop/llama/tokenizer.hpp"
#include "ifstop/score/judge.hpp"

namespace ifstop {

/// An instruction of the user's own data and its answer.
struct InstructionPair {
  std::string instruction;
  std::string answer;
};

struct SelfJudgeOptions {
  std::uint64_t seed = 1;           ///< of the cuts and of which rows are held out
  std::size_t max_pairs = 1000;     ///< rows of the data that are used; each gives four examples. At least 20
  std::size_t prompt_tokens = 128;  ///< the last of a prompt that are read; at least 1
  std::size_t response_tokens = 12;  ///< the first of a response that are read; at least 1
  double l2 = 1e-2;                  ///< penalty of the probe's weights; 0 = none
};

/// Logistic regression on what the base model computes of "prompt + response": mean of the final hidden
/// states over the response's first tokens, the first and the last of them, and the mean log-likelihood of
/// the tokens. Trained once, at step 0, on pairs made of the user's data in the paper's way: (instruction,
/// answer) and (beginning, answer) are answers; (beginning, its rest) and (instruction, another instruction)
/// are not.
///
/// It keeps the model it is given: give it a frozen copy of the base weights, or one whose adapters are off.
/// Tried on the model of the demo alone, never on 7B. One thread at a time.
class SelfJudge final : public Judge {
 public:
  /// Throws std::invalid_argument naming the option that is impossible, or where fewer than 20 pairs can be
  /// cut (an instruction needs two words). A fifth of the pairs is held out: info() tells how good the probe
  /// is on it.
  static SelfJudge train(Llama base, Tokenizer tokenizer, std::span<const InstructionPair> data,
                         const SelfJudgeOptions& options = {});

  std::vector<double> probabilities(std::span<const JudgePair> pairs) const override;
  const JudgeInfo& info() const override { return info_; }

 private:
  struct Probe;
  SelfJudge(std::shared_ptr<const Probe> probe, JudgeInfo info)
      : probe_(std::move(probe)), info_(std::move(info)) {}

  std::shared_ptr<const Probe> probe_;
  JudgeInfo info_;
};

}  // namespace ifstop
