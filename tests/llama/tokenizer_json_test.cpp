// tokenizer.json against transformers: golden tokenizers of tests/data/tokenizers (made by make.py there).
#include <fstream>
#include <nlohmann/json.hpp>

#include "ifstop/llama/tokenizer.hpp"
#include "ifstop/prompts/template.hpp"
#include "llama/split_pattern.hpp"
#include "llama/text_codec.hpp"
#include "support/catch.hpp"
#include "support/source_dir.hpp"
#include "support/temp_folder.hpp"

using ifstop::Template;
using ifstop::Tokenizer;
using Ids = std::vector<std::int64_t>;
using Json = nlohmann::json;

namespace {

const std::filesystem::path golden_folder = ifstop_test::source_dir() / "tests/data/tokenizers";

Json read(const std::filesystem::path& file) {
  return Json::parse(std::ifstream(file));
}

void check(const std::string& name) {
  const auto tokenizer = Tokenizer::load(golden_folder / name);
  const auto golden = read(golden_folder / name / "golden.json");
  for (const auto& row : golden["strings"]) {
    const auto text = row["text"].get<std::string>();
    CATCH_INFO(name << ": " << row["text"].dump());
    CATCH_CHECK(tokenizer.encode(text) == row["ids"].get<Ids>());
    CATCH_CHECK(tokenizer.encode(text, false) == row["bare"].get<Ids>());
    CATCH_CHECK(tokenizer.decode(row["ids"].get<Ids>()) == row["decoded"].get<std::string>());
  }
  for (const auto& row : golden["chats"]) {
    CATCH_INFO(name << ": " << row.dump());
    const auto form = Template::named(row["template"].get<std::string>());
    const auto prompt = form.apply(row["instruction"].get<std::string>());
    const bool with_bos = row["ids"][0] == tokenizer.bos();  // Alpaca's and ChatML's Jinja name no such token
    CATCH_CHECK(tokenizer.encode(prompt, with_bos) == row["ids"].get<Ids>());
  }
}

std::string error_with(const std::string& text) {
  try {
    ifstop::llama::parse_tokenizer_json(text, "t.json");
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

CATCH_TEST_CASE("token ids are those of transformers, on hard strings and in chat templates", "[tokenizer]") {
  CATCH_SECTION("Llama 3's: numbers in threes, whole words first, tokens that eat spaces") {
    check("llama3");
  }
  CATCH_SECTION("Qwen 2's: single digits, no beginning-of-sequence") {
    check("qwen2");
  }
  CATCH_SECTION("GPT-2's: case matters in contractions, a space in front") {
    check("gpt2");
  }
  CATCH_SECTION("converted from sentencepiece, by Metaspace") {
    check("metaspace");
  }
  CATCH_SECTION("converted from sentencepiece, by a normalizer") {
    check("metaspace_old");
  }
}

CATCH_TEST_CASE("special tokens are known by the files beside tokenizer.json", "[tokenizer]") {
  const auto llama3 = Tokenizer::load(golden_folder / "llama3");
  CATCH_CHECK(llama3.add_bos());
  CATCH_CHECK(llama3.bos() == llama3.encode("<|begin_of_text|>", false).at(0));
  CATCH_CHECK(llama3.eos() == llama3.encode("<|eot_id|>", false));
  CATCH_CHECK(llama3.bytes(llama3.bos()).empty());
  CATCH_CHECK(llama3.bytes(llama3.encode("<left>", false).at(0)) == "<left>");  // added, but not special
  const auto gpt2 = Tokenizer::load(golden_folder / "gpt2");
  CATCH_CHECK((!gpt2.add_bos() && gpt2.bos() == gpt2.eos().at(0)));
  const auto qwen2 = Tokenizer::load(golden_folder / "qwen2");
  CATCH_CHECK((!qwen2.add_bos() && qwen2.bos() == -1 && qwen2.pad() >= 0));
}

CATCH_TEST_CASE("a completion is the bytes of its tokens, halves of characters included", "[tokenizer]") {
  const auto tokenizer = Tokenizer::load(golden_folder / "llama3");
  const std::string text = " Größe 😀 船\n";
  const auto ids = tokenizer.encode(text, false);
  CATCH_CHECK(tokenizer.completion_text(ids) == text);
  std::string bytes;
  for (const auto id : ids) bytes += tokenizer.bytes(id);
  CATCH_CHECK(bytes == text);
}

CATCH_TEST_CASE("text that is no UTF-8 is encoded byte by byte and comes back", "[tokenizer]") {
  const auto tokenizer = Tokenizer::load(golden_folder / "llama3");
  const std::string text = "a\xFF\xC3 b\x80";
  std::string bytes;
  for (const auto id : tokenizer.encode(text, false)) bytes += tokenizer.bytes(id);
  CATCH_CHECK(bytes == text);
}

CATCH_TEST_CASE("a long word takes no long time", "[tokenizer]") {
  const auto tokenizer = Tokenizer::load(golden_folder / "metaspace");  // whole texts are words
  const std::string text(200'000, 'a');
  CATCH_CHECK(tokenizer.decode(tokenizer.encode(text)) == text);
}

CATCH_TEST_CASE("words put together are the text", "[tokenizer]") {
  using ifstop::llama::SplitPattern;
  const std::string text = "It's  \n\n 12345 – ünïcode\t\r\n'LL x ";
  for (const auto pattern : {SplitPattern::gpt2, SplitPattern::llama3, SplitPattern::qwen2}) {
    std::string all;
    for (const auto word : ifstop::llama::split_words(text, pattern)) {
      CATCH_CHECK(!word.empty());
      all += word;
    }
    CATCH_CHECK(all == text);
  }
}

CATCH_TEST_CASE("what is not known is refused by name", "[tokenizer]") {
  const auto golden = read(golden_folder / "qwen2/tokenizer.json");
  const auto changed = [&](const char* pointer, const Json& value) {
    auto json = golden;
    json[Json::json_pointer(pointer)] = value;
    return error_with(json.dump());
  };
  CATCH_CHECK(error_with("[]") == "t.json: \"pre_tokenizer\" is null, which is not supported");
  CATCH_CHECK(error_with("{").starts_with("t.json: [json.exception.parse_error"));
  CATCH_CHECK(changed("/model/type", "Unigram") ==
              "t.json: \"model.type\" is \"Unigram\", which is not supported");
  CATCH_CHECK(changed("/model/dropout", 0.1) == "t.json: \"dropout\" is 0.1, which is not supported");
  CATCH_CHECK(changed("/normalizer", {{"type", "NFC"}}) ==
              "t.json: \"normalizer\" is {\"type\":\"NFC\"}, which is not supported");
  CATCH_CHECK(changed("/pre_tokenizer/pretokenizers/0/pattern/Regex", "\\w+")
                  .starts_with("t.json: \"pre_tokenizer\" is {\"behavior\":\"Isolated\""));
  CATCH_CHECK(changed("/model/merges/0", "a b c") ==
              "t.json: \"merges\" is \"a b c\", which is not supported");
  CATCH_CHECK(changed("/model/merges/0", Json::array({"!", "~"})) ==
              "t.json: merge 1 makes a piece that is not in the vocabulary");
  CATCH_CHECK(changed("/model/vocab/!", -4) == "t.json: \"vocab\" is -4, which is not supported");
  CATCH_CHECK(changed("/added_tokens/0/content", "").starts_with("t.json: \"added_tokens\" is {"));
  CATCH_CHECK(changed("/decoder", {{"type", "WordPiece"}}) ==
              "t.json: \"decoder\" is {\"type\":\"WordPiece\"}, which is not supported");
  CATCH_CHECK(changed("/post_processor", {{"type", "BertProcessing"}}) ==
              "t.json: \"post_processor\" is {\"type\":\"BertProcessing\"}, which is not supported");
}
