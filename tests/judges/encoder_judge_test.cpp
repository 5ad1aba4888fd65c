// BERT and its tokenizer against Hugging Face transformers (tests/data/bert_parity, made by make.py there),
// and the judge made of them.
#include "ifstop/judges/encoder_judge.hpp"

#include <torch/torch.h>

#include <array>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "ifstop/judges/wordpiece.hpp"
#include "judges/bert.hpp"
#include "support/catch.hpp"
#include "support/source_dir.hpp"
#include "support/temp_folder.hpp"

using namespace ifstop;

namespace {

const std::filesystem::path tiny = ifstop_test::source_dir() / "tests/data/bert_parity/tiny";

nlohmann::json golden() {
  std::ifstream file(tiny / "golden.json");
  return nlohmann::json::parse(file);
}

double furthest(const torch::Tensor& ours, const std::vector<double>& theirs) {
  return (ours.to(torch::kDouble) - torch::tensor(theirs, torch::kDouble)).abs().max().item<double>();
}

/// A copy of the tiny classifier that may be spoilt.
void copy_to(const std::filesystem::path& folder) {
  for (const char* name : {"config.json", "model.safetensors", "vocab.txt"})
    std::filesystem::copy_file(tiny / name, folder / name);
}

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path) << text;
}

}  // namespace

CATCH_TEST_CASE("WordPiece gives the ids of transformers", "[judges]") {
  const auto tokenizer = WordPiece::load(tiny / "vocab.txt");
  for (const auto& row : golden()["tokens"]) {
    CATCH_INFO(row["text"]);
    CATCH_CHECK(tokenizer.encode(row["text"].get<std::string>()) ==
                row["ids"].get<std::vector<std::int64_t>>());
  }
  CATCH_CHECK(tokenizer.encode("the capital of France", 2).size() == 2);
  CATCH_CHECK(tokenizer.encode("the\xff the") == tokenizer.encode("the the"));  // no UTF-8: left out
}

CATCH_TEST_CASE("a vocabulary without the special pieces is refused", "[judges]") {
  ifstop_test::TempFolder folder;
  write(folder.path() / "vocab.txt", "[UNK]\nthe\n");
  CATCH_CHECK_THROWS_WITH(WordPiece::load(folder.path() / "vocab.txt"), Catch::Contains("holds no [CLS]"));
  CATCH_CHECK_THROWS_WITH(WordPiece::load(folder.path() / "none.txt"),
                          Catch::Contains("cannot read the vocabulary"));
}

CATCH_TEST_CASE("hidden states and logits are those of transformers, in a batch with padding", "[judges]") {
  const auto model = judges::Bert::load(tiny);
  std::vector<judges::BertRow> rows;
  const auto expected = golden()["rows"];
  for (const auto& row : expected) rows.push_back({row["ids"], row["types"]});
  torch::NoGradGuard no_gradients;
  const auto hidden = model.hidden(rows), logits = model.logits(rows);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto at = static_cast<std::int64_t>(i), last = static_cast<std::int64_t>(rows[i].ids.size()) - 1;
    CATCH_CHECK(furthest(hidden[at][0], expected[i]["first"]) < 1e-5);
    CATCH_CHECK(furthest(hidden[at][last], expected[i]["last"]) < 1e-5);
    CATCH_CHECK(furthest(logits[at], expected[i]["logits"]) < 1e-5);
  }
  ifstop_test::TempFolder folder;
  model.save(folder.path());
  CATCH_CHECK(torch::equal(judges::Bert::load(folder.path()).logits(rows), logits));
}

CATCH_TEST_CASE("a folder that does not fit is refused, with what is wrong", "[judges]") {
  ifstop_test::TempFolder folder;
  copy_to(folder.path());
  std::ifstream file(tiny / "config.json");
  auto config = nlohmann::json::parse(file);
  const auto with = [&](const char* field, const nlohmann::json& value) {
    auto changed = config;
    changed[field] = value;
    write(folder.path() / "config.json", changed.dump());
  };
  with("model_type", "roberta");
  CATCH_CHECK_THROWS_WITH(judges::Bert::load(folder.path()),
                          Catch::Contains("model_type roberta is not supported"));
  with("hidden_act", "relu");
  CATCH_CHECK_THROWS_WITH(judges::Bert::load(folder.path()),
                          Catch::Contains("hidden_act relu is not supported"));
  with("num_hidden_layers", 3);
  CATCH_CHECK_THROWS_WITH(judges::Bert::load(folder.path()), Catch::Contains("bert.encoder.layer.2."));
  with("intermediate_size", 25);
  CATCH_CHECK_THROWS_WITH(judges::Bert::load(folder.path()), Catch::Contains("config.json wants [25, 16]"));
  with("vocab_size", "many");
  CATCH_CHECK_THROWS_WITH(judges::Bert::load(folder.path()),
                          Catch::Contains("vocab_size is missing or no positive"));
}

CATCH_TEST_CASE("the judge reads the pair up to the first new turn, in any order, with what judge.json says",
                "[judges]") {
  ifstop_test::TempFolder folder;
  copy_to(folder.path());
  CATCH_CHECK(std::isnan(EncoderJudge::load(folder.path()).info().auc));
  save_judge_info(folder.path(), {"mine", "3", 0.25, 0.9, 0.8, std::nan("")});
  const auto judge = EncoderJudge::load(folder.path());
  CATCH_CHECK(judge.info().name == "mine");
  CATCH_CHECK(judge.info().threshold == 0.25);
  CATCH_CHECK(judge.info().sensitivity == 0.8);
  CATCH_CHECK(std::isnan(judge.info().specificity));
  const std::array<JudgePair, 4> pairs{{{"What is the capital?", "Paris."},
                                        {"What is the capital?", "Paris.\nUser: Why?"},
                                        {"", ""},
                                        {"the", "the capital of France is Paris, the capital"}}};
  const auto together = judge.probabilities(pairs);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    CATCH_CHECK(together[i] > 0);
    CATCH_CHECK(together[i] < 1);
    CATCH_CHECK(std::abs(together[i] - judge.probabilities({&pairs[i], 1})[0]) < 1e-6);
  }
  CATCH_CHECK(std::abs(together[0] - together[1]) < 0.2);  // the line end before the turn is all that differs
}
