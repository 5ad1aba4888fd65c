// The layers of a LLaMA (RMSNorm, rotary attention with grouped queries, SwiGLU): arXiv 2302.13971,
// 2307.09288.
#include "llama/modules.hpp"

#include <fmt/format.h>

namespace ifstop::llama {
namespace {

template <typename M, typename... Args>
std::shared_ptr<M> add(torch::nn::Module& parent, const std::string& name, Args&&... args) {
  return parent.register_module(name, std::make_shared<M>(std::forward<Args>(args)...));
}

}  // namespace

Projection::Projection(std::int64_t in, std::int64_t out, bool with_bias, at::TensorOptions options) {
  weight = register_parameter("weight", at::empty({out, in}, options));
  if (with_bias) bias = register_parameter("bias", at::zeros({out}, options));
}

RmsNorm::RmsNorm(std::int64_t size, double eps, at::TensorOptions options) : eps_(eps) {
  weight = register_parameter("weight", at::ones({size}, options));
}

at::Tensor RmsNorm::forward(const at::Tensor& x) {
  return at::rms_norm(x, weight.sizes(), weight, eps_);
}

Attention::Attention(const LlamaConfig& config, std::int64_t layer, at::TensorOptions options)
    : layer_(layer),
      heads_(config.num_attention_heads),
      groups_(config.num_key_value_heads),
      head_dim_(config.head_dim) {
  qkv_proj = add<Projection>(*this, "qkv_proj", config.hidden_size, (heads_ + 2 * groups_) * head_dim_,
                             config.attention_bias, options);
  o_proj = add<Projection>(*this, "o_proj", heads_ * head_dim_, config.hidden_size, config.attention_bias,
                           options);
}

at::Tensor Attention::forward(const at::Tensor& x, const Rotation& rotation, Attend& attend) {
  const auto qkv = qkv_proj->forward(x).unflatten(-1, {heads_ + 2 * groups_, head_dim_});  // [N, H + 2 G, D]
  const auto parts = qkv.split_with_sizes({heads_ + groups_, groups_}, 1);
  const auto turned = rotate(parts[0], rotation).split_with_sizes({heads_, groups_}, 1);
  return o_proj->forward(attend.attend(layer_, turned[0], turned[1], parts[1]));
}

Mlp::Mlp(const LlamaConfig& config, at::TensorOptions options) {
  gate_up_proj = add<Projection>(*this, "gate_up_proj", config.hidden_size, 2 * config.intermediate_size,
                                 config.mlp_bias, options);
  down_proj = add<Projection>(*this, "down_proj", config.intermediate_size, config.hidden_size,
                              config.mlp_bias, options);
}

at::Tensor Mlp::forward(const at::Tensor& x) {
  const auto gate_up = gate_up_proj->forward(x).chunk(2, -1);  // 2 of [N, F]
  return down_proj->forward(at::silu(gate_up[0]) * gate_up[1]);
}

Layer::Layer(const LlamaConfig& config, std::int64_t layer, at::TensorOptions options) {
  input_layernorm = add<RmsNorm>(*this, "input_layernorm", config.hidden_size, config.rms_norm_eps, options);
  self_attn = add<Attention>(*this, "self_attn", config, layer, options);
  post_attention_layernorm =
      add<RmsNorm>(*this, "post_attention_layernorm", config.hidden_size, config.rms_norm_eps, options);
  mlp = add<Mlp>(*this, "mlp", config, options);
}

at::Tensor Layer::forward(const at::Tensor& x, const Rotation& rotation, Attend& attend) {
  const auto h = x + self_attn->forward(input_layernorm->forward(x), rotation, attend);
  return h + mlp->forward(post_attention_layernorm->forward(h));
}

Model::Model(const LlamaConfig& config, Placement placement)
    : config_(resolve(config)), frequencies_(rotary_frequencies(config_).to(at::kFloat)) {
  if (!at::isFloatingType(placement.dtype))
    throw std::invalid_argument(
        fmt::format("Placement: dtype {} is not a floating type", c10::toString(placement.dtype)));
  const auto options = at::TensorOptions(placement.device).dtype(placement.dtype);
  auto body = add<torch::nn::Module>(*this, "model");
  embed_tokens =
      add<Projection>(*body, "embed_tokens", config_.hidden_size, config_.vocab_size, false, options);
  auto list = add<torch::nn::Module>(*body, "layers");
  for (std::int64_t i = 0; i < config_.num_hidden_layers; ++i)
    layers.push_back(add<Layer>(*list, std::to_string(i), config_, i, options));
  norm = add<RmsNorm>(*body, "norm", config_.hidden_size, config_.rms_norm_eps, options);
  if (!config_.tie_word_embeddings)
    lm_head = add<Projection>(*this, "lm_head", config_.hidden_size, config_.vocab_size, false, options);
}

Rotation Model::rotation(const at::Tensor& positions) const {
  const auto angles =
      (positions.to(at::kFloat).unsqueeze(1) * frequencies_.to(positions.device())).unsqueeze(1);
  const auto dtype = placement().dtype;
  return {angles.cos().to(dtype), angles.sin().to(dtype)};
}

at::Tensor Model::forward(const at::Tensor& tokens, const at::Tensor& positions, Attend& attend) {
  const auto turn = rotation(positions);
  auto x = at::embedding(embed_tokens->weight, tokens);  // [N, C]
  for (auto& layer : layers) x = layer->forward(x, turn, attend);
  return norm->forward(x);
}

at::Tensor Model::logits(const at::Tensor& hidden) const {
  return at::linear(hidden, lm_head ? lm_head->weight : embed_tokens->weight);
}

void Model::initialise(std::uint64_t seed) {
  torch::NoGradGuard no_grad;
  auto generator = at::detail::createCPUGenerator(seed);
  for (auto& [name, tensor] : hf_tensors())
    if (tensor.dim() == 2)
      tensor.copy_(at::empty(tensor.sizes(), at::kFloat).normal_(0.0, config_.initializer_range, generator));
}

std::vector<std::pair<std::string, at::Tensor>> Model::hf_tensors() const {
  torch::NoGradGuard no_grad;
  std::vector<std::pair<std::string, at::Tensor>> out;
  const auto q = config_.num_attention_heads * config_.head_dim,
             kv = config_.num_key_value_heads * config_.head_dim;
  const auto put = [&](const std::string& prefix, const Projection& from,
                       std::vector<std::pair<const char*, std::int64_t>> parts) {
    std::int64_t first = 0;
    for (auto& [part, rows] : parts) {
      out.emplace_back(prefix + part + ".weight", from.weight.detach().narrow(0, first, rows));
      if (from.bias.defined())
        out.emplace_back(prefix + part + ".bias", from.bias.detach().narrow(0, first, rows));
      first += rows;
    }
  };
  out.emplace_back("model.embed_tokens.weight", embed_tokens->weight.detach());
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const auto& layer = *layers[i];
    const auto prefix = fmt::format("model.layers.{}.", i);
    put(prefix + "self_attn.", *layer.self_attn->qkv_proj, {{"q_proj", q}, {"k_proj", kv}, {"v_proj", kv}});
    put(prefix + "self_attn.", *layer.self_attn->o_proj, {{"o_proj", config_.hidden_size}});
    put(prefix + "mlp.", *layer.mlp->gate_up_proj,
        {{"gate_proj", config_.intermediate_size}, {"up_proj", config_.intermediate_size}});
    put(prefix + "mlp.", *layer.mlp->down_proj, {{"down_proj", config_.hidden_size}});
    out.emplace_back(prefix + "input_layernorm.weight", layer.input_layernorm->weight.detach());
    out.emplace_back(prefix + "post_attention_layernorm.weight",
                     layer.post_attention_layernorm->weight.detach());
  }
  out.emplace_back("model.norm.weight", norm->weight.detach());
  if (lm_head) out.emplace_back("lm_head.weight", lm_head->weight.detach());
  return out;
}

}  // namespace ifstop::llama
