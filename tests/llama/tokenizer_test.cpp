#include "ifstop/llama/tokenizer.hpp"

#include <sentencepiece_processor.h>

#include <random>

#include "support/catch.hpp"
#include "support/shared_data.hpp"
#include "support/temp_folder.hpp"
#include "support/tiny_tokenizer.hpp"

using ifstop::Tokenizer;
using ifstop_test::TempFolder;
using Ids = std::vector<std::int64_t>;

namespace {

std::string load_error(const std::filesystem::path& folder) {
  try {
    Tokenizer::load(folder);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "no error";
}

// Random ids must decode as sentencepiece itself decodes them, broken bytes and unknown pieces included.
void check_decodes_like_sentencepiece(const std::filesystem::path& folder) {
  const auto tokenizer = Tokenizer::load(folder);
  sentencepiece::SentencePieceProcessor reference;
  CATCH_REQUIRE(reference.Load((folder / "tokenizer.model").string()).ok());
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    std::vector<int> ids(random() % 12);
    const bool few = round % 3 == 0;  // mostly special pieces and bytes
    for (auto& id : ids) {
      do id = static_cast<int>(random() % static_cast<unsigned>(few ? 259 : tokenizer.vocab_size()));
      while (reference.IsControl(id));  // between two bytes, sentencepiece lets it break a character
    }
    if (round % 2 == 0) ids.insert(ids.begin(), reference.bos_id());
    CATCH_REQUIRE(tokenizer.decode(Ids(ids.begin(), ids.end())) == reference.DecodeIds(ids));
  }
}

}  // namespace

CATCH_TEST_CASE("what is encoded decodes to the same text, spaces and all", "[tokenizer]") {
  TempFolder folder;
  ifstop_test::write_tiny_tokenizer(folder.path());
  const auto tokenizer = Tokenizer::load(folder.path());
  CATCH_CHECK(tokenizer.vocab_size() == 320);
  for (const char* text :
       {"the boat waits", " the  boat", "", " ", "a\nb\n\n", "\xC3\xA9t\xC3\xA9 \xF0\x9F\x98\x80 \t end "})
    CATCH_CHECK(tokenizer.decode(tokenizer.encode(text)) == text);
  check_decodes_like_sentencepiece(folder.path());
}

CATCH_TEST_CASE("a completion keeps the space with which it continues its prompt", "[tokenizer]") {
  TempFolder folder;
  ifstop_test::write_tiny_tokenizer(folder.path());
  const auto tokenizer = Tokenizer::load(folder.path());
  const std::string prompt = "the boat", whole = "the boat waits near the harbour";
  const auto ids = tokenizer.encode(whole), prompt_ids = tokenizer.encode(prompt);
  const Ids rest(ids.begin() + static_cast<std::ptrdiff_t>(prompt_ids.size()), ids.end());
  CATCH_CHECK(tokenizer.completion_text(rest) == " waits near the harbour");
  CATCH_CHECK(tokenizer.decode(rest) == "waits near the harbour");  // as a text of its own
}

CATCH_TEST_CASE("bytes join to characters; broken ones become U+FFFD", "[tokenizer]") {
  TempFolder folder;
  ifstop_test::write_tiny_tokenizer(folder.path());
  const auto tokenizer = Tokenizer::load(folder.path());
  const auto byte = [](unsigned value) {
    return static_cast<std::int64_t>(3 + value);
  };  // as in LLaMA's vocabulary
  CATCH_CHECK(tokenizer.completion_text(Ids{byte(0xC3), byte(0xA9)}) == "\xC3\xA9");
  CATCH_CHECK(tokenizer.bytes(byte(0xC3)) == "\xC3");
  CATCH_CHECK(tokenizer.completion_text(Ids{byte(0xC3)}) == "\xEF\xBF\xBD");
  CATCH_CHECK(tokenizer.completion_text(Ids{byte(0xA9), byte('x')}) == "\xEF\xBF\xBDx");
  CATCH_CHECK(tokenizer.completion_text(Ids{1, 2, 100000, -1}).empty());  // special ids and none at all
}

CATCH_TEST_CASE("well-formed UTF-8 passes, everything else is replaced byte by byte", "[tokenizer]") {
  const std::string fffd = "\xEF\xBF\xBD";
  CATCH_CHECK(ifstop::well_formed_utf8("a\xE2\x82\xAC\xF4\x8F\xBF\xBF") == "a\xE2\x82\xAC\xF4\x8F\xBF\xBF");
  CATCH_CHECK(ifstop::well_formed_utf8("\xC0\x80") == fffd + fffd);             // overlong
  CATCH_CHECK(ifstop::well_formed_utf8("\xED\xA0\x80") == fffd + fffd + fffd);  // surrogate
  CATCH_CHECK(ifstop::well_formed_utf8("\xF4\x90\x80\x80z") ==
              fffd + fffd + fffd + fffd + "z");                      // above U+10FFFF
  CATCH_CHECK(ifstop::well_formed_utf8("\xE2\x82") == fffd + fffd);  // cut off
}

CATCH_TEST_CASE("special tokens come from the folder's files", "[tokenizer]") {
  TempFolder folder;
  ifstop_test::write_tiny_tokenizer(folder.path());
  // Nothing but the model: its own ids, a beginning-of-sequence token in front.
  auto tokenizer = Tokenizer::load(folder.path());
  CATCH_CHECK(tokenizer.bos() == 1);
  CATCH_CHECK(tokenizer.eos() == Ids{2});
  CATCH_CHECK(tokenizer.pad() == -1);
  CATCH_CHECK(tokenizer.encode("why").front() == 1);
  CATCH_CHECK(tokenizer.encode("why", false).front() != 1);

  // generation_config.json wins over config.json, and the tokenizer's own end of sequence stays one.
  folder.write("config.json", R"({"eos_token_id": 5, "pad_token_id": 0})");
  folder.write("generation_config.json", R"({"eos_token_id": [7, 6]})");
  folder.write("tokenizer_config.json", R"({"add_bos_token": false, "bos_token": {"content": "<s>"}})");
  tokenizer = Tokenizer::load(folder.path());
  CATCH_CHECK(tokenizer.eos() == Ids{2, 6, 7});
  CATCH_CHECK(tokenizer.pad() == 0);
  CATCH_CHECK(tokenizer.encode("why").front() != 1);

  folder.write("tokenizer_config.json", R"({"add_bos_token": "yes"})");
  CATCH_CHECK(load_error(folder.path()) == (folder.path() / "tokenizer_config.json").string() +
                                               ": \"add_bos_token\" is \"yes\", but must be true or false");
  folder.write("tokenizer_config.json", "{}");
  folder.write("generation_config.json", R"({"eos_token_id": "</s>"})");
  CATCH_CHECK(load_error(folder.path()) ==
              (folder.path() / "generation_config.json").string() +
                  ": \"eos_token_id\" is \"</s>\", but must be a token id or a list of them");
}

CATCH_TEST_CASE("what is missing or unsupported is said", "[tokenizer]") {
  TempFolder folder;
  const auto file = (folder.path() / "tokenizer.model").string();
  CATCH_CHECK(!Tokenizer::exists(folder.path()));
  CATCH_CHECK(load_error(folder.path()) ==
              file +
                  ": no such file, nor tokenizer.json beside it; a checkpoint folder needs one of them "
                  "beside its weights");
  folder.write("tokenizer.json", "{}");
  CATCH_CHECK(Tokenizer::exists(folder.path()));
  CATCH_CHECK(load_error(folder.path()) == (folder.path() / "tokenizer.json").string() +
                                               ": \"pre_tokenizer\" is null, which is not supported");
  folder.write("tokenizer.model", "not a model");
  CATCH_CHECK_THAT(load_error(folder.path()),
                   Catch::Matchers::StartsWith(file + ": not a sentencepiece model ("));
}

CATCH_TEST_CASE("a vocabulary larger than the model's is refused with both numbers", "[tokenizer]") {
  TempFolder folder;
  ifstop_test::write_tiny_tokenizer(folder.path());
  const auto tokenizer = Tokenizer::load(folder.path());
  CATCH_CHECK_NOTHROW(tokenizer.check_fits(320));
  CATCH_CHECK_NOTHROW(tokenizer.check_fits(512));  // padding rows of the embedding
  CATCH_CHECK_THROWS_WITH(
      tokenizer.check_fits(319),
      (folder.path() / "tokenizer.model").string() +
          ": the tokenizer has 320 pieces, but the model's vocab_size is only 319; is it the "
          "tokenizer of another model?");
}

CATCH_TEST_CASE("LLaMA's own tokenizer", "[tokenizer]") {
  CATCH_SUCCEED();
  const auto data = ifstop_test::shared_data();
  if (!data) return;
  const auto tokenizer = Tokenizer::load(*data / "llama_tokenizer");
  CATCH_CHECK(tokenizer.encode("Hello world") == Ids{1, 15043, 3186});
  CATCH_CHECK(tokenizer.decode(Ids{1, 15043, 3186}) == "Hello world");
  CATCH_CHECK(tokenizer.completion_text(Ids{3186}) == " world");
  CATCH_CHECK(tokenizer.vocab_size() == 32000);
  check_decodes_like_sentencepiece(*data / "llama_tokenizer");

  TempFolder folder;  // one of another kind: with normalisation and without byte pieces
  std::filesystem::copy_file(*data / "torchtune_assets" / "m.model", folder.path() / "tokenizer.model");
  check_decodes_like_sentencepiece(folder.path());
}
