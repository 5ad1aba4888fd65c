#include "ifstop/llama/model.hpp"

#include <torch/torch.h>

#include <set>

#include "llama/tiny_model.hpp"
#include "support/catch.hpp"
#include "support/temp_folder.hpp"

using namespace ifstop;
using ifstop_test::error_of;
using ifstop_test::tiny_config;

namespace {

const PackedBatch packed{.tokens = {1, 5, 9, 2, 7, 8, 30, 31, 32},
                         .lengths = {3, 2, 4},
                         .targets = {5, 9, -100, -100, 8, 30, 31, 32, 2}};

// The same examples, one a batch.
std::vector<PackedBatch> alone() {
  return {{{1, 5, 9}, {3}, {5, 9, -100}}, {{2, 7}, {2}, {-100, 8}}, {{8, 30, 31, 32}, {4}, {30, 31, 32, 2}}};
}

at::Tensor loss_of(Llama& model, const PackedBatch& batch) {
  return at::cross_entropy_loss(model.logits(model.hidden(batch)), at::tensor(batch.targets), {},
                                at::Reduction::Sum);
}

std::vector<at::Tensor> gradients(Llama& model, const at::Tensor& loss) {
  return torch::autograd::grad({loss}, model.parameters());
}

}  // namespace

CATCH_TEST_CASE("a packed batch gives the loss and gradients of its segments alone", "[llama][packing]") {
  for (const bool tied : {false, true}) {
    auto config = tiny_config();
    config.tie_word_embeddings = tied;
    Llama model(config, {c10::kCPU, c10::kDouble}, 1);
    const auto together = loss_of(model, packed);
    auto apart = at::zeros({}, at::kDouble);
    for (const auto& batch : alone()) apart = apart + loss_of(model, batch);
    CATCH_CHECK(together.item<double>() == Approx(apart.item<double>()).epsilon(1e-12));
    const auto a = gradients(model, together), b = gradients(model, apart);
    for (std::size_t i = 0; i < a.size(); ++i) CATCH_CHECK(at::allclose(a[i], b[i], 1e-9, 1e-12));
  }
}

CATCH_TEST_CASE("gradients are those of differences", "[llama]") {
  Llama model(tiny_config(), {c10::kCPU, c10::kDouble}, 2);
  const auto grads = gradients(model, loss_of(model, packed));
  const auto parameters = model.parameters();
  torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    auto flat = parameters[i].view(-1);
    const auto place = flat.numel() / 3;
    const double value = flat[place].item<double>(), step = 1e-5;
    flat[place].fill_(value + step);
    const double above = loss_of(model, packed).item<double>();
    flat[place].fill_(value - step);
    const double below = loss_of(model, packed).item<double>();
    flat[place].fill_(value);
    CATCH_CHECK(grads[i].view(-1)[place].item<double>() ==
                Approx((above - below) / (2 * step)).epsilon(1e-5).margin(1e-7));
  }
}

CATCH_TEST_CASE("segments of equal length need no gathering and agree with the rest", "[llama][packing]") {
  Llama model(tiny_config(), {}, 3);
  const auto equal = model.hidden({{1, 2, 3, 4, 5, 6}, {3, 3}, {}});
  const auto first = model.hidden({{1, 2, 3}, {3}, {}}),
             second = model.hidden({{4, 5, 6, 9}, {3, 1}, {}}).narrow(0, 0, 3);
  CATCH_CHECK(at::allclose(equal, at::cat({first, second}), 1e-5, 1e-6));
}

CATCH_TEST_CASE("a model is what its seed says, and leaves the global random state alone", "[llama]") {
  torch::manual_seed(5);
  const auto expected = at::rand({3});
  torch::manual_seed(5);
  const Llama a(tiny_config(), {}, 1), b(tiny_config(), {}, 1), c(tiny_config(), {}, 2);
  CATCH_CHECK(at::equal(at::rand({3}), expected));
  CATCH_CHECK(at::equal(a.hf_tensors()[0].second, b.hf_tensors()[0].second));
  CATCH_CHECK(!at::equal(a.hf_tensors()[0].second, c.hf_tensors()[0].second));
  CATCH_CHECK(a.hf_tensors()[0].second.std().item<float>() == Approx(0.2).epsilon(0.1));
}

CATCH_TEST_CASE("parameters are leaves, the Hugging Face names are views into them", "[llama]") {
  const Llama model(tiny_config(), {}, 1);
  std::int64_t leaves = 0, views = 0;
  std::set<std::string> names;
  for (const auto& [name, tensor] : model.named_parameters()) {
    CATCH_CHECK((tensor.is_leaf() && tensor.requires_grad()));
    names.insert(name);
    leaves += tensor.numel();
  }
  for (const auto& [name, tensor] : model.hf_tensors()) views += tensor.numel();
  CATCH_CHECK(leaves == views);
  CATCH_CHECK(names.contains("model.layers.1.self_attn.qkv_proj.weight"));
  CATCH_CHECK(names.contains("lm_head.weight"));
  torch::NoGradGuard no_grad;
  model.hf_tensors()[1].second.fill_(3.0);
  CATCH_CHECK(model.hf_tensors()[1].first == "model.layers.0.self_attn.q_proj.weight");
  for (const auto& [name, tensor] : model.named_parameters())
    if (name == "model.layers.0.self_attn.qkv_proj.weight") CATCH_CHECK(tensor[0][0].item<float>() == 3.0F);
}

CATCH_TEST_CASE("a tied model has no head of its own", "[llama]") {
  auto config = tiny_config();
  config.tie_word_embeddings = true;
  Llama model(config, {}, 1);
  for (const auto& [name, tensor] : model.hf_tensors()) CATCH_CHECK(name != "lm_head.weight");
  CATCH_CHECK(at::equal(model.logits(at::eye(24)), model.hf_tensors()[0].second.t()));
}

CATCH_TEST_CASE("a model is built where and of the type it is asked for", "[llama]") {
  const Llama meta(tiny_config(), {c10::kMeta, c10::kBFloat16}, 1);
  for (const auto& tensor : meta.parameters()) {
    CATCH_CHECK(tensor.is_meta());
    CATCH_CHECK(tensor.scalar_type() == c10::kBFloat16);
  }
  for (const auto type : {c10::kBFloat16, c10::kHalf}) {
    Llama model(tiny_config(), {c10::kCPU, type}, 1);
    Llama reference(tiny_config(), {}, 1);
    const auto low = model.hidden(packed), full = reference.hidden(packed);
    CATCH_CHECK(low.scalar_type() == type);
    CATCH_CHECK((low.to(at::kFloat) - full).abs().max().item<float>() <
                0.05F * full.abs().max().item<float>());
  }
  CATCH_CHECK(error_of([] {
                Llama(tiny_config(), {c10::kCPU, c10::kInt}, 1);
              }) == "Placement: dtype Int is not a floating type");
  CATCH_CHECK(error_of([] { dtype_from("f8"); }) == "dtype \"f8\" is none of f32, bf16, f16");
  CATCH_CHECK(error_of([] { device_from("gpu"); }) == "device \"gpu\" is none of cpu, cuda, cuda:N");
  CATCH_CHECK(error_of([] { device_from("meta"); }) == "device \"meta\" is none of cpu, cuda, cuda:N");
  const auto gpus = torch::cuda::device_count();
  const std::string beyond = "cuda:" + std::to_string(gpus);  // one more than there are
  CATCH_CHECK(error_of([&] { device_from(beyond); }).rfind("device \"" + beyond + "\": ", 0) == 0);
  if (gpus == 0)
    CATCH_CHECK(error_of([] { device_from("cuda"); }) ==
                "device \"cuda\": LibTorch finds no GPU. Use cpu; or see whether nvidia-smi lists one and "
                "whether this LibTorch was built with CUDA");
}

CATCH_TEST_CASE("train and eval reach every module", "[llama]") {
  Llama model(tiny_config(), {}, 1);
  model.eval();
  for (const auto& module : model.module().modules()) CATCH_CHECK(!module->is_training());
  model.train();
  for (const auto& module : model.module().modules()) CATCH_CHECK(module->is_training());
}

CATCH_TEST_CASE("a batch that does not fit is refused before anything is computed", "[llama][packing]") {
  Llama model(tiny_config(), {}, 1);
  const auto error_with = [&](const PackedBatch& batch) { return error_of([&] { model.hidden(batch); }); };
  CATCH_CHECK(error_with({{}, {}, {}}) == "PackedBatch: no tokens");
  CATCH_CHECK(error_with({{1, 2}, {1}, {}}) == "PackedBatch: lengths sum to 1, but there are 2 tokens");
  CATCH_CHECK(error_with({{1, 2}, {2, 0}, {}}) == "PackedBatch: lengths holds 0, below 1");
  CATCH_CHECK(error_with({{1, 61}, {2}, {}}) == "PackedBatch: token 61 is outside the vocabulary of 61");
  CATCH_CHECK(error_with({{1, -1}, {2}, {}}) == "PackedBatch: token -1 is outside the vocabulary of 61");
  CATCH_CHECK(error_with({{1, 2}, {2}, {3}}) == "PackedBatch: 1 targets for 2 tokens");
  CATCH_CHECK(error_with({std::vector<std::int64_t>(33, 1), {33}, {}}) ==
              "PackedBatch: a segment of 33 tokens is longer than max_position_embeddings = 32");
}
