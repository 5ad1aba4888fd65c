// A small sentencepiece model with byte fallback, trained on the spot on sentences of our own.
#pragma once
#include <sentencepiece_trainer.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ifstop_test {

class Sentences : public sentencepiece::SentenceIterator {
 public:
  explicit Sentences(std::vector<std::string> sentences) : sentences_(std::move(sentences)) {}
  bool done() const override { return at_ == sentences_.size(); }
  void Next() override { ++at_; }
  const std::string& value() const override { return sentences_[at_]; }
  sentencepiece::util::Status status() const override { return {}; }

 private:
  std::vector<std::string> sentences_;
  std::size_t at_ = 0;
};

/// Writes `folder/tokenizer.model`: like LLaMA's, 3 special pieces (<unk> 0, <s> 1, </s> 2), 256 bytes, then
/// words.
inline void write_tiny_tokenizer(const std::filesystem::path& folder, int vocab_size = 320) {
  std::vector<std::string> sentences;
  for (const char* subject : {"the boat", "a lamp", "my garden", "the clock", "our river", "one small bird"})
    for (const char* verb : {"waits near", "shines over", "belongs to", "is older than", "turns towards"})
      for (const char* object : {"the harbour", "a stone wall", "the village school", "every quiet street"})
        sentences.push_back(std::string(subject) + " " + verb + " " + object + ". User: Answer: why?");
  const std::unordered_map<std::string, std::string> options{
      {"model_prefix", (folder / "tokenizer").string()},
      {"vocab_size", std::to_string(vocab_size)},
      {"model_type", "bpe"},
      {"byte_fallback", "true"},
      {"character_coverage", "1.0"},
      {"normalization_rule_name", "identity"},
      {"remove_extra_whitespaces", "false"},
      {"minloglevel", "2"}};
  Sentences iterator(std::move(sentences));
  const auto status = sentencepiece::SentencePieceTrainer::Train(options, &iterator);
  if (!status.ok()) throw std::runtime_error(status.ToString());
  std::filesystem::remove(folder / "tokenizer.vocab");
}

}  // namespace ifstop_test
