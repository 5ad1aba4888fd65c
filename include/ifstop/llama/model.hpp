// A LLaMA on any device and of any floating type, as a handle. Light: does not include LibTorch's big
// headers.
#pragma once
#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ifstop/llama/batch.hpp"
#include "ifstop/llama/config.hpp"

namespace at {
class Tensor;
}
namespace torch::nn {
class Module;
}

namespace ifstop {

namespace llama {
class Model;  // src/llama/modules.hpp
}

/// Where a model's weights live and of which type they are.
struct Placement {
  c10::Device device = c10::kCPU;
  c10::ScalarType dtype = c10::kFloat;  ///< kFloat, kBFloat16 or kHalf (kDouble for tests)
};

/// "f32", "bf16", "f16" (and "float32" and so on) to a type. Throws std::invalid_argument naming the text for
/// any other.
c10::ScalarType dtype_from(const std::string& name);

/// "cpu", "cuda", "cuda:1". Throws std::invalid_argument naming the text where it is none of these, or is not
/// there.
c10::Device device_from(const std::string& name);

/// Copies share the weights. Letters: N tokens, C hidden_size, V vocab_size.
class Llama {
 public:
  /// Random weights as Hugging Face draws them (normal, `initializer_range`; norms 1, biases 0), from a
  /// generator of its own: the same on every device, and the global random state is not touched. Throws
  /// std::invalid_argument where the configuration is impossible.
  Llama(const LlamaConfig& config, Placement placement, std::uint64_t seed);

  /// Reads a Hugging Face folder: config.json and model.safetensors or model.safetensors.index.json. Every
  /// tensor is checked before any is used; throws std::runtime_error naming file and tensor.
  static Llama load(const std::filesystem::path& folder, Placement placement = {});

  /// Writes config.json and safetensors under Hugging Face's names, in the model's type, sharded above
  /// `max_shard_bytes`. Files appear whole or not at all. Throws std::runtime_error.
  void save(const std::filesystem::path& folder, std::int64_t max_shard_bytes = 5'000'000'000) const;

  /// The final, normalised hidden states [N, C] of every token of the batch. With gradients where grad mode
  /// is on. Throws std::invalid_argument where lengths do not sum, a token is outside the vocabulary or a
  /// segment is longer than max_position_embeddings.
  at::Tensor hidden(const PackedBatch& batch);

  /// [.., C] -> [.., V]. Select the rows that are needed first: this is the largest product of a small model.
  at::Tensor logits(const at::Tensor& hidden);

  /// What an optimiser tunes: leaves, with q, k, v fused into `qkv_proj` and gate, up into `gate_up_proj`.
  std::vector<at::Tensor> parameters() const;
  std::vector<std::pair<std::string, at::Tensor>> named_parameters() const;

  /// The same weights under Hugging Face's names and shapes: views into parameters(). Without lm_head where
  /// tied.
  std::vector<std::pair<std::string, at::Tensor>> hf_tensors() const;

  void train(bool on = true);
  void eval() { train(false); }

  const LlamaConfig& config() const;  ///< resolved
  c10::Device device() const;
  c10::ScalarType dtype() const;

  torch::nn::Module& module();
  llama::Model& model() { return *model_; }  ///< for those who include src/llama/modules.hpp

 private:
  explicit Llama(std::shared_ptr<llama::Model> model) : model_(std::move(model)) {}

  std::shared_ptr<llama::Model> model_;
};

}  // namespace ifstop
