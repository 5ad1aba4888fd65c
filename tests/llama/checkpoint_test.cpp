// Hugging Face folders: what is loaded, saved and refused.
#include <torch/torch.h>

#include "ifstop/llama/model.hpp"
#include "llama/safetensors.hpp"
#include "llama/tiny_model.hpp"
#include "support/catch.hpp"
#include "support/temp_folder.hpp"

using namespace ifstop;
using ifstop_test::error_of;
using ifstop_test::tiny_config;
using ifstop_test::write_file;

namespace {

const PackedBatch batch{.tokens = {1, 5, 9, 2, 7}, .lengths = {3, 2}, .targets = {}};

at::Tensor logits(Llama model) {
  torch::NoGradGuard no_grad;
  return model.logits(model.hidden(batch));
}

// The tensors of a small model, changed, saved again and loaded.
std::string error_after(const std::function<void(llama::NamedTensors&)>& change) {
  ifstop_test::TempFolder folder;
  const Llama model(tiny_config(), {}, 1);
  model.save(folder.path());
  auto tensors = model.hf_tensors();
  change(tensors);
  llama::write_safetensors(folder / "model.safetensors", tensors);
  auto text = error_of([&] { Llama::load(folder.path()); });
  const auto at = text.find(folder.path().string());
  return at == std::string::npos ? text : text.replace(at, folder.path().string().size(), "DIR");
}

}  // namespace

CATCH_TEST_CASE("a saved model loads with equal logits", "[llama][checkpoint]") {
  for (const bool tied : {false, true}) {
    ifstop_test::TempFolder folder;
    auto config = tiny_config();
    config.tie_word_embeddings = tied;
    config.attention_bias = config.mlp_bias = true;
    Llama model(config, {}, 7);
    model.save(folder.path());
    CATCH_CHECK(at::equal(logits(Llama::load(folder.path())), logits(model)));
    // In shards, over the first save: its single file would win, and must be gone.
    Llama other(config, {}, 8);
    other.save(folder.path(), 4000);
    CATCH_CHECK(!std::filesystem::exists(folder / "model.safetensors"));
    CATCH_CHECK(std::filesystem::exists(folder / "model.safetensors.index.json"));
    CATCH_CHECK(at::equal(logits(Llama::load(folder.path())), logits(other)));
  }
}

CATCH_TEST_CASE("weights are converted to the type that is asked for", "[llama][checkpoint]") {
  ifstop_test::TempFolder folder;
  Llama model(tiny_config(), {c10::kCPU, c10::kBFloat16}, 3);
  CATCH_CHECK(model.dtype() == c10::kBFloat16);
  model.save(folder.path());
  CATCH_CHECK(ifstop_test::read_file(folder / "config.json").find(R"("torch_dtype": "bfloat16")") !=
              std::string::npos);
  const auto single = Llama::load(folder.path());
  CATCH_CHECK(single.dtype() == c10::kFloat);
  for (const auto& [name, tensor] : single.hf_tensors())
    CATCH_CHECK(at::equal(tensor, tensor.to(at::kBFloat16).to(at::kFloat)));
  const auto half = Llama::load(folder.path(), {c10::kCPU, c10::kBFloat16});
  CATCH_CHECK(at::equal(logits(half), logits(model)));
  const auto close = (logits(half).to(at::kFloat) - logits(single)).abs().max().item<float>();
  CATCH_CHECK(close < 0.05F * logits(single).abs().max().item<float>());
}

CATCH_TEST_CASE("checkpoints that do not fit are refused, naming the tensor", "[llama][checkpoint]") {
  CATCH_CHECK(error_after([](auto&) {}).empty());
  CATCH_CHECK(error_after([](auto& t) { t.pop_back(); }) == "DIR: tensor \"lm_head.weight\" is missing");
  CATCH_CHECK(error_after([](auto& t) {
                t[0].second = at::zeros({60, 24});
              }) ==
              "DIR/model.safetensors: tensor \"model.embed_tokens.weight\" is [60, 24], but config.json asks "
              "for [61, 24]");
  CATCH_CHECK(error_after([](auto& t) { t.emplace_back("extra", at::zeros({1})); }) ==
              "DIR/model.safetensors: tensor \"extra\" has no place in a LLaMA of this config.json");
  CATCH_CHECK(error_after([](auto& t) {
                t[0].second = at::zeros({61, 24}, at::kInt);
              }) ==
              "DIR/model.safetensors: tensor \"model.embed_tokens.weight\" is of type I32; weights are F32, "
              "BF16, F16 or F64");
  // Rotary tables of old checkpoints mean nothing.
  CATCH_CHECK(error_after([](auto& t) {
                t.emplace_back("model.layers.0.self_attn.rotary_emb.inv_freq", at::zeros({2}));
              }).empty());
}

CATCH_TEST_CASE("a folder without safetensors says what to do", "[llama][checkpoint]") {
  ifstop_test::TempFolder folder;
  Llama(tiny_config(), {}, 1).save(folder.path());
  std::filesystem::remove(folder / "model.safetensors");
  const auto name = folder.path().string();
  CATCH_CHECK(error_of([&] { Llama::load(folder.path()); }) ==
              name + ": has neither model.safetensors nor model.safetensors.index.json");
  write_file(folder / "pytorch_model.bin", "x");
  CATCH_CHECK(error_of([&] { Llama::load(folder.path()); }) ==
              name +
                  ": holds pytorch_model.bin, a pickle, which is not read. Convert it: python3 -c \"from "
                  "transformers import "
                  "AutoModelForCausalLM as M; M.from_pretrained('" +
                  name + "').save_pretrained('" + name + "-safetensors')\"");
}

CATCH_TEST_CASE("a broken index is refused", "[llama][checkpoint]") {
  ifstop_test::TempFolder folder;
  Llama(tiny_config(), {}, 1).save(folder.path(), 4000);
  const auto index = folder / "model.safetensors.index.json";
  const auto error_with = [&](const std::string& text) {
    write_file(index, text);
    return error_of([&] { Llama::load(folder.path()); });
  };
  CATCH_CHECK(error_with("{").starts_with(index.string() + ": not JSON: "));
  CATCH_CHECK(error_with("{}") == index.string() + ": has no object \"weight_map\"");
  CATCH_CHECK(error_with(R"({"weight_map": {"a": "../b"}})") ==
              index.string() + ": tensor \"a\" lies in \"../b\", which is no file name");
  CATCH_CHECK(error_with(R"({"weight_map": {"a": "b"}})") ==
              (folder / "b").string() + ": cannot be opened: No such file or directory");
}
