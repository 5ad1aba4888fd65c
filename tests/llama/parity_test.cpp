// Against Hugging Face transformers: golden models of tests/data/llama_parity (made by make.py there).
#include <torch/torch.h>

#include "ifstop/llama/model.hpp"
#include "llama/safetensors.hpp"
#include "support/catch.hpp"
#include "support/source_dir.hpp"
#include "support/temp_folder.hpp"

using namespace ifstop;

namespace {

const std::filesystem::path golden_models = ifstop_test::source_dir() / "tests/data/llama_parity";

at::Tensor logits_of(Llama model, const std::vector<std::int64_t>& tokens) {
  torch::NoGradGuard no_grad;
  return model.logits(model.hidden({tokens, {static_cast<std::int64_t>(tokens.size())}, {}}));
}

// The largest difference as a share of the largest logit.
double difference(const at::Tensor& ours, const at::Tensor& theirs) {
  return ((ours - theirs).abs().max() / theirs.abs().max()).item<double>();
}

std::vector<std::int64_t> list(const at::Tensor& x) {
  return {x.data_ptr<std::int64_t>(), x.data_ptr<std::int64_t>() + x.numel()};
}

void check(const std::string& name) {
  const llama::SafetensorsFile file(golden_models / name / "golden.safetensors");
  const auto golden = [&](const char* key) { return file.tensor(*file.find(key)); };
  const auto model = Llama::load(golden_models / name);
  auto tokens = list(golden("tokens"));
  CATCH_CHECK(difference(logits_of(model, tokens), golden("logits")) < 1e-5);
  ifstop_test::TempFolder folder;
  model.save(folder.path());
  CATCH_CHECK(at::equal(logits_of(Llama::load(folder.path()), tokens), logits_of(model, tokens)));
  tokens.resize(8);
  for (const auto token : list(golden("greedy"))) {
    CATCH_CHECK(logits_of(model, tokens)[-1].argmax().item<std::int64_t>() == token);
    tokens.push_back(token);
  }
}

}  // namespace

CATCH_TEST_CASE("logits and greedy tokens are those of transformers", "[llama][parity]") {
  CATCH_SECTION("grouped queries") {
    check("grouped_untied");
  }
  CATCH_SECTION("tied embeddings, one group, a head_dim of its own") {
    check("tied_one_group");
  }
  CATCH_SECTION("sharded") {
    check("sharded");
  }
  CATCH_SECTION("llama3 rotary scaling") {
    check("llama3_scaling");
  }
  CATCH_SECTION("linear rotary scaling, biases") {
    check("linear_scaling_bias");
  }
}
