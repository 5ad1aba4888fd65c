// A judge that is a BERT sequence classifier, from a Hugging Face folder. Slower than the linear judge and
// better.
#pragma once
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "ifstop/score/judge.hpp"

namespace ifstop {

namespace judges {
class Bert;
struct BertRow;
}  // namespace judges
class WordPiece;

/// Judges the first segment of a response (before its first new turn) together with its prompt: "[CLS] end of
/// the prompt [SEP] beginning of the response [SEP]", class 1 is positive. On a CPU, in 32-bit floats. Copies
/// share the weights; safe to call from several threads.
class EncoderJudge final : public Judge {
 public:
  static constexpr std::size_t prompt_tokens = 32;    ///< the last of the prompt that are read
  static constexpr std::size_t response_tokens = 64;  ///< the first of the response

  /// Reads config.json, model.safetensors, vocab.txt and, where it exists, judge.json (threshold and what was
  /// measured; `ifstop tone train --encoder` writes it). Throws std::runtime_error naming the file; also
  /// where the folder is a plain encoder without a classifier.
  static EncoderJudge load(const std::filesystem::path& folder);

  /// For training: shares model and tokenizer with who trains.
  EncoderJudge(std::shared_ptr<const judges::Bert> model, std::shared_ptr<const WordPiece> tokenizer,
               JudgeInfo info);

  std::vector<double> probabilities(std::span<const JudgePair> pairs) const override;
  const JudgeInfo& info() const override { return info_; }

  /// What the model reads of a pair.
  judges::BertRow row_of(const JudgePair& pair) const;

 private:
  std::shared_ptr<const judges::Bert> model_;
  std::shared_ptr<const WordPiece> tokenizer_;
  JudgeInfo info_;
};

/// Writes judge.json.
void save_judge_info(const std::filesystem::path& folder, const JudgeInfo& info);

}  // namespace ifstop
