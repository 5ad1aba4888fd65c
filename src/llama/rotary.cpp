// Rotary position embedding (RoFormer, arXiv 2104.09864) in Hugging Face's layout, with Llama 3.1's scaling.
#include <cmath>
#include <numbers>

#include "llama/modules.hpp"

namespace ifstop::llama {
namespace {

// Llama 3.1: wavelengths beyond the pretraining context are stretched by `factor`, short ones kept, smooth
// between.
double scale_llama3(double frequency, const RopeScaling& scaling) {
  const double context = static_cast<double>(scaling.original_max_position_embeddings);
  const double wavelength = 2.0 * std::numbers::pi / frequency;
  if (wavelength < context / scaling.high_freq_factor) return frequency;
  if (wavelength > context / scaling.low_freq_factor) return frequency / scaling.factor;
  const double smooth =
      (context / wavelength - scaling.low_freq_factor) / (scaling.high_freq_factor - scaling.low_freq_factor);
  return (1.0 - smooth) * frequency / scaling.factor + smooth * frequency;
}

double scaled(double frequency, const RopeScaling& scaling) {
  switch (scaling.kind) {
    case RopeScaling::Kind::linear:
      return frequency / scaling.factor;
    case RopeScaling::Kind::llama3:
      return scale_llama3(frequency, scaling);
    case RopeScaling::Kind::none:
      break;
  }
  return frequency;
}

// (a, b) -> (a cos - b sin, b cos + a sin), halves a and b of the last dimension; sign -1 turns back.
at::Tensor turn(const at::Tensor& x, const at::Tensor& cos, const at::Tensor& sin, double sign) {
  const auto half = x.size(-1) / 2;
  auto out = at::empty_like(x, at::MemoryFormat::Contiguous);
  const auto a = x.narrow(-1, 0, half), b = x.narrow(-1, half, half);
  auto out_a = out.narrow(-1, 0, half), out_b = out.narrow(-1, half, half);
  at::mul_out(out_a, a, cos).addcmul_(b, sin, -sign);
  at::mul_out(out_b, b, cos).addcmul_(a, sin, sign);
  return out;
}

struct Rotate : torch::autograd::Function<Rotate> {
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x,
                            const at::Tensor& cos, const at::Tensor& sin) {
    context->save_for_backward({cos, sin});
    return turn(x, cos, sin, 1.0);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list grads) {
    const auto saved = context->get_saved_variables();
    return {turn(grads[0], saved[0], saved[1], -1.0), {}, {}};
  }
};

}  // namespace

at::Tensor rotary_frequencies(const LlamaConfig& config) {
  const auto half = config.head_dim / 2;
  auto frequencies = at::empty({half}, at::kDouble);
  auto* out = frequencies.mutable_data_ptr<double>();
  for (std::int64_t i = 0; i < half; ++i) {
    const double exponent = 2.0 * static_cast<double>(i) / static_cast<double>(config.head_dim);
    out[i] = scaled(std::pow(config.rope_theta, -exponent), config.rope_scaling);
  }
  return frequencies;
}

at::Tensor rotate(const at::Tensor& x, const Rotation& rotation) {
  return Rotate::apply(x, rotation.cos, rotation.sin);
}

}  // namespace ifstop::llama
