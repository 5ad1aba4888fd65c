// miniature_tokenizer: trains the tokenizer of the tiny base models on the generator's documents.
//
//   miniature_tokenizer --out DIR [--documents 8000] [--seed 1] [--pieces 2048]
//
// sentencepiece BPE with byte fallback, as LLaMA's: <unk> 0, <s> 1, </s> 2, then 256 bytes, then pieces.
#include <sentencepiece_trainer.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "document.hpp"
#include "phrase.hpp"

namespace {

/// The lines of documents, one after the other: sentencepiece never sees a line break, so each stays a byte.
class Lines : public sentencepiece::SentenceIterator {
 public:
  Lines(std::uint64_t seed, std::int64_t documents) {
    miniature::Rng rng(seed);
    for (std::int64_t i = 0; i < documents; ++i)
      for (std::string& line : miniature::split(miniature::document(rng), '\n'))
        if (!line.empty()) lines_.push_back(std::move(line));
  }

  bool done() const override { return at_ == lines_.size(); }
  void Next() override { ++at_; }
  const std::string& value() const override { return lines_[at_]; }
  sentencepiece::util::Status status() const override { return {}; }

 private:
  std::vector<std::string> lines_;
  std::size_t at_ = 0;
};

void write(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream out(file, std::ios::binary);
  out << bytes;
  if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
}

constexpr const char* kConfig = R"({
  "add_bos_token": true,
  "add_eos_token": false,
  "bos_token": "<s>",
  "clean_up_tokenization_spaces": false,
  "eos_token": "</s>",
  "model_max_length": 512,
  "tokenizer_class": "LlamaTokenizer",
  "unk_token": "<unk>"
}
)";

void run(const miniature::Arguments& given) {
  Lines lines(static_cast<std::uint64_t>(given.integer("--seed", 1)), given.integer("--documents", 8000));
  std::string model;
  const auto status = sentencepiece::SentencePieceTrainer::Train(
      {{"model_type", "bpe"},
       {"model_prefix", ""},
       {"vocab_size", std::to_string(given.integer("--pieces", 2048))},
       {"byte_fallback", "true"},
       {"split_digits", "true"},
       {"character_coverage", "1.0"},
       {"normalization_rule_name", "identity"},
       {"remove_extra_whitespaces", "false"},
       {"num_threads", "1"},
       {"minloglevel", "1"}},
      &lines, &model);
  if (!status.ok()) throw std::runtime_error(status.ToString());
  const std::filesystem::path folder = given.text("--out");
  std::filesystem::create_directories(folder);
  write(folder / "tokenizer.model", model);
  write(folder / "tokenizer_config.json", kConfig);
  std::printf("%s: %zu bytes\n", (folder / "tokenizer.model").c_str(), model.size());
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(miniature::Arguments(argc, argv, 1, {"--out", "--documents", "--seed", "--pieces"}));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "miniature_tokenizer: %s\n", error.what());
    return 2;
  }
}
