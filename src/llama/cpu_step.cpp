#include "llama/cpu_step.hpp"

#include <ATen/Parallel.h>

#include <cmath>
#include <vector>

#include "llama/cpu_kernels.hpp"

namespace ifstop::llama {
namespace {

// x += delta (where there is one); returns the normalised x. All [N, C].
at::Tensor add_norm(at::Tensor& x, const at::Tensor& delta, const RmsNorm& norm, double eps) {
  auto out = at::empty_like(x);
  const auto size = x.size(1);
  float* const to = out.mutable_data_ptr<float>();
  float* const in = x.mutable_data_ptr<float>();
  const float* const add = delta.defined() ? delta.const_data_ptr<float>() : nullptr;
  const float* const weight = norm.weight.const_data_ptr<float>();
  at::parallel_for(0, x.size(0), 8, [&](std::int64_t begin, std::int64_t end) {
    for (auto row = begin; row < end; ++row)
      cpu::add_rms_norm(in + row * size, add ? add + row * size : nullptr, weight, static_cast<float>(eps),
                        size, to + row * size);
  });
  return out;
}

// [N, 2 F] -> [N, F]
at::Tensor swiglu(const at::Tensor& gate_up) {
  const auto size = gate_up.size(1) / 2;
  auto out = at::empty({gate_up.size(0), size}, gate_up.options());
  float* const to = out.mutable_data_ptr<float>();
  const float* const from = gate_up.const_data_ptr<float>();
  at::parallel_for(0, gate_up.size(0), 4, [&](std::int64_t begin, std::int64_t end) {
    for (auto row = begin; row < end; ++row) {
      const float* gate = from + row * 2 * size;
      cpu::swiglu(gate, gate + size, size, to + row * size);
    }
  });
  return out;
}

}  // namespace

CpuStep::CpuStep(Model& model, KvCache& cache)
    : model_(model), cache_(cache), table_(model.rotation(at::arange(cache.capacity(), at::kLong))) {}

bool CpuStep::usable(const Model& model) {
  return model.placement().device.is_cpu() && model.placement().dtype == at::kFloat;
}

at::Tensor CpuStep::hidden(const at::Tensor& tokens, const at::Tensor& positions) {
  const double eps = model_.config().rms_norm_eps;
  auto x = at::embedding(model_.embed_tokens->weight, tokens);
  at::Tensor delta;
  for (std::size_t i = 0; i < model_.layers.size(); ++i) {
    auto& layer = *model_.layers[i];
    auto h = add_norm(x, delta, *layer.input_layernorm, eps);
    h = attend(static_cast<std::int64_t>(i), layer.self_attn->qkv_proj->forward(h), positions);
    delta = layer.self_attn->o_proj->forward(h);
    h = add_norm(x, delta, *layer.post_attention_layernorm, eps);
    delta = layer.mlp->down_proj->forward(swiglu(layer.mlp->gate_up_proj->forward(h)));
  }
  return add_norm(x, delta, *model_.norm, eps);
}

// qkv [N, (H + 2 G) * D] -> [N, H * D]
at::Tensor CpuStep::attend(std::int64_t layer, const at::Tensor& qkv, const at::Tensor& positions) {
  const auto& config = model_.config();
  const auto rows = qkv.size(0), groups = config.num_key_value_heads;
  const auto width = config.num_attention_heads * config.head_dim;
  auto out = at::empty({rows, width}, qkv.options());
  float* const to = out.mutable_data_ptr<float>();
  const float* const from = qkv.const_data_ptr<float>();
  const auto* const position = positions.const_data_ptr<std::int64_t>();
  at::parallel_for(0, rows * groups, 4, [&](std::int64_t begin, std::int64_t end) {
    for (auto unit = begin; unit < end; ++unit) {
      const auto row = unit / groups;
      attend_group(layer, row, unit % groups, position[row], from + row * qkv.size(1), to + row * width);
    }
  });
  return out;
}

void CpuStep::attend_group(std::int64_t layer, std::int64_t row, std::int64_t group, std::int64_t position,
                           const float* qkv, float* out) {
  const auto& config = model_.config();
  const auto dim = config.head_dim, half = dim / 2, tokens = position + 1;
  const auto heads = config.num_attention_heads / config.num_key_value_heads;
  const float* const cos = table_.cos.const_data_ptr<float>() + position * half;
  const float* const sin = table_.sin.const_data_ptr<float>() + position * half;
  const auto offset = (row * config.num_key_value_heads + group) * cache_.capacity() * dim;
  float* const keys = cache_.keys(layer).mutable_data_ptr<float>() + offset;
  float* const values = cache_.values(layer).mutable_data_ptr<float>() + offset;

  const float* const k = qkv + (config.num_attention_heads + group) * dim;
  const float* const v = k + config.num_key_value_heads * dim;
  cpu::rotate(k, cos, sin, half, 1.0F, keys + position * dim);
  std::copy_n(v, dim, values + position * dim);

  thread_local std::vector<float> room;
  room.resize(static_cast<std::size_t>(heads * (dim + tokens)));
  float* const q = room.data();
  const float scale = 1.0F / std::sqrt(static_cast<float>(dim));
  for (std::int64_t h = 0; h < heads; ++h)
    cpu::rotate(qkv + (group * heads + h) * dim, cos, sin, half, scale, q + h * dim);
  cpu::attend({q, keys, values, heads, tokens, dim, q + heads * dim, out + group * heads * dim});
}

}  // namespace ifstop::llama
