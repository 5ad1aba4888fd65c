#include "ifstop/llama/llama2c.hpp"

#include <torch/torch.h>

#include <nlohmann/json.hpp>

#include "ifstop/llama/model.hpp"
#include "ifstop/llama/tokenizer.hpp"
#include "llama/tiny_model.hpp"
#include "support/catch.hpp"
#include "support/shared_data.hpp"
#include "support/temp_folder.hpp"

using namespace ifstop;
using ifstop_test::error_of;
using ifstop_test::read_file;
using ifstop_test::write_file;

namespace {

LlamaConfig llama2c_config() {
  auto config = ifstop_test::tiny_config();
  config.rms_norm_eps = 1e-5;
  return config;
}

std::string text_of_pieces(int count) {  // a tok*.bin
  std::string out(4, '\0');
  const auto piece = [&](const std::string& text, float score) {
    const auto length = static_cast<std::int32_t>(text.size());
    out.append(reinterpret_cast<const char*>(&score), 4)
        .append(reinterpret_cast<const char*>(&length), 4)
        .append(text);
  };
  piece("<unk>", 0);
  piece("\n<s>\n", 0);
  piece("\n</s>\n", 0);
  for (int i = 3; i < count; ++i)
    piece(i == 3 ? " " : std::string(1, static_cast<char>('a' + i - 4)), static_cast<float>(3 - i));
  const std::int32_t longest = 6;
  out.replace(0, 4, reinterpret_cast<const char*>(&longest), 4);
  return out;
}

}  // namespace

CATCH_TEST_CASE("a model comes back from llama2.c's format bit by bit", "[llama][llama2c]") {
  for (const bool tied : {true, false}) {
    ifstop_test::TempFolder folder;
    auto config = llama2c_config();
    config.tie_word_embeddings = tied;
    const Llama first(config, {}, 4);
    first.save(folder / "a");
    hf_to_llama2c(folder / "a", folder / "a.bin", {});
    llama2c_to_hf(folder / "a.bin", {}, folder / "b");
    const auto second = Llama::load(folder / "b");
    const auto a = first.hf_tensors(), b = second.hf_tensors();
    CATCH_REQUIRE(a.size() == b.size());
    for (std::size_t i = 0; i < a.size(); ++i) CATCH_CHECK(at::equal(a[i].second, b[i].second));
    CATCH_CHECK(second.config().num_key_value_heads == 2);
    CATCH_CHECK(second.config().max_position_embeddings == 32);
    hf_to_llama2c(folder / "b", folder / "b.bin", {});
    CATCH_CHECK(read_file(folder / "a.bin") == read_file(folder / "b.bin"));
  }
}

CATCH_TEST_CASE("files that are no llama2.c checkpoint are refused", "[llama][llama2c]") {
  ifstop_test::TempFolder folder;
  const auto path = folder / "x.bin";
  Llama(llama2c_config(), {}, 4).save(folder / "a");
  hf_to_llama2c(folder / "a", path, {});
  const auto good = read_file(path);
  const auto error_with = [&](const std::string& bytes) {
    write_file(path, bytes);
    return error_of([&] { llama2c_to_hf(path, {}, folder / "b"); });
  };
  const auto name = path.string();
  CATCH_CHECK(error_with("abc") == name + ": is cut off: 3 bytes");
  CATCH_CHECK(error_with(good.substr(0, good.size() - 4)) ==
              name + ": has " + std::to_string(good.size() - 4) + " bytes where its header asks for " +
                  std::to_string(good.size()) + "; copy or download it again");
  CATCH_CHECK(error_with(std::string(28, '\0')) ==
              name + ": is no llama2.c checkpoint: num_key_value_heads = 0 is below 1");
  CATCH_CHECK(error_with("24ka" + std::string(24, '\1')) ==
              name + ": is of llama2.c's newer format (\"ak42\"); export it with --version 0");
  CATCH_CHECK(!std::filesystem::exists(folder / "b"));
}

CATCH_TEST_CASE("models that llama2.c cannot express are refused, naming the key", "[llama][llama2c]") {
  ifstop_test::TempFolder folder;
  const auto error_with = [&](auto&& change) {
    auto config = llama2c_config();
    change(config);
    Llama(config, {}, 4).save(folder / "a");
    auto text = error_of([&] { hf_to_llama2c(folder / "a", folder / "a.bin", {}); });
    return text.substr(text.find("config.json"));
  };
  CATCH_CHECK(error_with([](auto& c) { c.rms_norm_eps = 1e-6; }) ==
              "config.json: \"rms_norm_eps\" is 1e-06; llama2.c always uses 1e-05");
  CATCH_CHECK(error_with([](auto& c) { c.rope_theta = 500; }) ==
              "config.json: \"rope_theta\" is 500; llama2.c always uses 10000");
  CATCH_CHECK(error_with([](auto& c) { c.attention_bias = true; }) ==
              "config.json: \"attention_bias\" is true; llama2.c has no biases");
  CATCH_CHECK(error_with([](auto& c) { c.head_dim = 8; }) ==
              "config.json: \"head_dim\" is 8; llama2.c always uses hidden_size / num_attention_heads");
  CATCH_CHECK(!std::filesystem::exists(folder / "a.bin"));
}

CATCH_TEST_CASE("a tokenizer comes back from llama2.c's format byte by byte", "[llama][llama2c]") {
  ifstop_test::TempFolder folder;
  auto config = llama2c_config();
  config.vocab_size = 20;
  Llama(config, {}, 4).save(folder / "a");
  hf_to_llama2c(folder / "a", folder / "m.bin", {});
  CATCH_CHECK(find_llama2c_tokenizer(folder / "m.bin").empty());
  write_file(folder / "tok20.bin", text_of_pieces(20));
  CATCH_CHECK(find_llama2c_tokenizer(folder / "m.bin") == folder / "tok20.bin");
  llama2c_to_hf(folder / "m.bin", folder / "tok20.bin", folder / "b");
  hf_to_llama2c(folder / "b", folder / "n.bin", folder / "tok-again.bin");
  CATCH_CHECK(read_file(folder / "tok-again.bin") == text_of_pieces(20));
  const auto tokenizer = Tokenizer::load(folder / "b");
  CATCH_CHECK(tokenizer.encode("ab") == std::vector<std::int64_t>{1, 3, 4, 5});
  CATCH_CHECK(tokenizer.bos() == 1);
  CATCH_CHECK(tokenizer.eos() == std::vector<std::int64_t>{2});
  write_file(folder / "tok20.bin", text_of_pieces(19));
  CATCH_CHECK(error_of([&] { llama2c_to_hf(folder / "m.bin", folder / "tok20.bin", folder / "c"); }) ==
              (folder / "tok20.bin").string() + ": has 19 pieces, but the model's vocabulary is 20");
  write_file(folder / "tok20.bin", text_of_pieces(20).substr(0, 40));
  CATCH_CHECK(error_of([&] {
                llama2c_to_hf(folder / "m.bin", folder / "tok20.bin", folder / "c");
              }).starts_with((folder / "tok20.bin").string() + ": "));
  CATCH_CHECK(!std::filesystem::exists(folder / "c"));
}

CATCH_TEST_CASE("stories260K continues as its float64 reference does", "[llama][llama2c]") {
  const auto data = ifstop_test::shared_data();
  CATCH_CHECK(true);
  if (!data) return;
  const auto source = *data / "stories260K";
  ifstop_test::TempFolder folder;
  llama2c_to_hf(source / "stories260K.bin", find_llama2c_tokenizer(source / "stories260K.bin"),
                folder / "hf");
  auto model = Llama::load(folder / "hf");
  const auto golden = nlohmann::json::parse(read_file(source / "golden_greedy.json"));
  std::vector<std::int64_t> tokens{golden["start_token"].get<std::int64_t>()}, continued;
  torch::NoGradGuard no_grad;
  for (const auto& id : golden["greedy_ids"]) {
    const auto hidden = model.hidden({tokens, {static_cast<std::int64_t>(tokens.size())}, {}});
    const auto next = model.logits(hidden[-1]).argmax().item<std::int64_t>();
    CATCH_REQUIRE(next == id.get<std::int64_t>());
    tokens.push_back(next);
  }
  // Tokenizer and weights go back to the very bytes, but for the rotary tables, which are recomputed.
  hf_to_llama2c(folder / "hf", folder / "back.bin", folder / "tok.bin");
  CATCH_CHECK(read_file(folder / "tok.bin") == read_file(source / "tok512.bin"));
  const auto tables = static_cast<std::size_t>(2 * 512 * 4) * sizeof(float);
  auto was = read_file(source / "stories260K.bin"), is = read_file(folder / "back.bin");
  CATCH_REQUIRE(was.size() == is.size());
  CATCH_CHECK(was.substr(0, was.size() - tables) == is.substr(0, is.size() - tables));
}
