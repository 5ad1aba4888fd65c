// The modules of a LLaMA. Heavy (LibTorch); for files under src/ and their tests.
//
// Letters: N tokens of a flat stream, B rows, T tokens of a row, C hidden_size, H attention heads, G
// key-value heads, D head_dim, F intermediate_size, V vocab_size.
//
// Everything but attention works on a flat stream [N, C]. What a token attends to is the business of an
// Attend: packed segments while training and prefilling (packed_attention.hpp), rows of a cache while
// decoding.
#pragma once
#include <torch/torch.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "ifstop/llama/batch.hpp"
#include "ifstop/llama/config.hpp"
#include "ifstop/llama/model.hpp"

namespace ifstop::llama {

/// What each token attends to. Called once a layer, in order.
class Attend {
 public:
  virtual ~Attend() = default;

  /// q [N, H, D], k and v [N, G, D], q and k already rotated; they may be views with strides. Returns [N, H *
  /// D].
  virtual at::Tensor attend(std::int64_t layer, const at::Tensor& q, const at::Tensor& k,
                            const at::Tensor& v) = 0;
};

/// Cosines and sines of the tokens' positions, [N, 1, D / 2] each, in the model's type.
struct Rotation {
  at::Tensor cos, sin;
};

/// Rotary frequencies [D / 2] in double precision on the CPU, scaled as the configuration says.
at::Tensor rotary_frequencies(const LlamaConfig& config);

/// x [N, heads, D] -> the same, rotated (Hugging Face layout: dimension i pairs with i + D / 2).
/// Differentiable.
at::Tensor rotate(const at::Tensor& x, const Rotation& rotation);

/// Scaled dot-product attention with grouped queries. q [B, H, Tq, D], k and v [B, G, Tk, D]. -> [B, H, Tq,
/// D]. `causal` needs Tq = Tk; `mask` as at::scaled_dot_product_attention takes it ([B, 1, Tq, Tk] or so), or
/// empty.
at::Tensor grouped_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, bool causal,
                             const at::Tensor& mask = {});

/// Linear layer; weight [out, in], bias [out] or undefined.
class Projection : public torch::nn::Module {
 public:
  Projection(std::int64_t in, std::int64_t out, bool bias, at::TensorOptions options);
  at::Tensor forward(const at::Tensor& x) { return at::linear(x, weight, bias); }

  at::Tensor weight, bias;
};

class RmsNorm : public torch::nn::Module {
 public:
  RmsNorm(std::int64_t size, double eps, at::TensorOptions options);
  at::Tensor forward(const at::Tensor& x);  // [N, C] -> [N, C]

  at::Tensor weight;  // [C]

 private:
  double eps_;
};

class Attention : public torch::nn::Module {
 public:
  Attention(const LlamaConfig& config, std::int64_t layer, at::TensorOptions options);
  at::Tensor forward(const at::Tensor& x, const Rotation& rotation, Attend& attend);  // [N, C] -> [N, C]

  std::shared_ptr<Projection> qkv_proj;  // weight [(H + 2 G) * D, C]: q, k, v in this order
  std::shared_ptr<Projection> o_proj;    // weight [C, H * D]

 private:
  std::int64_t layer_, heads_, groups_, head_dim_;
};

class Mlp : public torch::nn::Module {
 public:
  Mlp(const LlamaConfig& config, at::TensorOptions options);
  at::Tensor forward(const at::Tensor& x);  // [N, C] -> [N, C]

  std::shared_ptr<Projection> gate_up_proj;  // weight [2 F, C]: gate, up
  std::shared_ptr<Projection> down_proj;     // weight [C, F]
};

class Layer : public torch::nn::Module {
 public:
  Layer(const LlamaConfig& config, std::int64_t layer, at::TensorOptions options);
  at::Tensor forward(const at::Tensor& x, const Rotation& rotation, Attend& attend);  // [N, C] -> [N, C]

  std::shared_ptr<RmsNorm> input_layernorm, post_attention_layernorm;
  std::shared_ptr<Attention> self_attn;
  std::shared_ptr<Mlp> mlp;
};

/// The whole model. Weights are uninitialised after construction: see initialise() and Llama::load.
class Model : public torch::nn::Module {
 public:
  Model(const LlamaConfig& config, Placement placement);

  /// tokens and positions [N] (int64, on the model's device) -> final hidden states [N, C].
  at::Tensor forward(const at::Tensor& tokens, const at::Tensor& positions, Attend& attend);

  /// [.., C] -> [.., V].
  at::Tensor logits(const at::Tensor& hidden) const;

  Rotation rotation(const at::Tensor& positions) const;

  /// The weights under Hugging Face's names and shapes, views into the parameters.
  std::vector<std::pair<std::string, at::Tensor>> hf_tensors() const;

  /// Draws weights as Hugging Face does, from a generator of its own on the CPU.
  void initialise(std::uint64_t seed);

  const LlamaConfig& config() const { return config_; }
  Placement placement() const { return {embed_tokens->weight.device(), embed_tokens->weight.scalar_type()}; }

  std::shared_ptr<Projection> embed_tokens;  // weight [V, C]
  std::vector<std::shared_ptr<Layer>> layers;
  std::shared_ptr<RmsNorm> norm;
  std::shared_ptr<Projection> lm_head;  // weight [V, C]; none where tied to the embedding

 private:
  LlamaConfig config_;
  at::Tensor frequencies_;  // [D / 2] fp32, on the CPU
};

/// Attention within the segments of a packed batch.
class PackedAttend : public Attend {
 public:
  PackedAttend(std::vector<std::int64_t> lengths, c10::Device device);
  at::Tensor attend(std::int64_t layer, const at::Tensor& q, const at::Tensor& k,
                    const at::Tensor& v) override;

 private:
  at::Tensor rows(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v) const;
  at::Tensor one_by_one(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v) const;

  std::vector<std::int64_t> lengths_;
  std::int64_t longest_ = 0;
  bool equal_ = false;
  at::Tensor gather_;   // [S * longest] row of the stream for each padded place (any row where padding)
  at::Tensor scatter_;  // [N] padded place of each row of the stream
};

/// 0, 1, … in each segment: [N] int64 on the CPU.
at::Tensor packed_positions(const std::vector<std::int64_t>& lengths);

/// Throws std::invalid_argument where the batch does not fit the model (see Llama::hidden).
void check_batch(const PackedBatch& batch, const LlamaConfig& config);

}  // namespace ifstop::llama
