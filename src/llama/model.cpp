#include "ifstop/llama/model.hpp"

#include <fmt/format.h>

#include "llama/modules.hpp"

namespace ifstop {

c10::ScalarType dtype_from(const std::string& name) {
  if (name == "f32" || name == "float32") return c10::kFloat;
  if (name == "bf16" || name == "bfloat16") return c10::kBFloat16;
  if (name == "f16" || name == "float16") return c10::kHalf;
  if (name == "f64" || name == "float64") return c10::kDouble;
  throw std::invalid_argument(fmt::format("dtype \"{}\" is none of f32, bf16, f16", name));
}

c10::Device device_from(const std::string& name) {
  c10::Device device = c10::kCPU;
  try {
    device = c10::Device(name);
  } catch (const std::exception&) {
    device = c10::kMeta;
  }
  if (!device.is_cpu() && !device.is_cuda())
    throw std::invalid_argument(fmt::format("device \"{}\" is none of cpu, cuda, cuda:N", name));
  const int found = device.is_cuda() ? static_cast<int>(torch::cuda::device_count()) : 1;
  if (found == 0)
    throw std::invalid_argument(
        fmt::format("device \"{}\": LibTorch finds no GPU. Use cpu; or see whether nvidia-smi lists one and "
                    "whether this LibTorch was built with CUDA",
                    name));
  if (device.index() >= found)
    throw std::invalid_argument(
        fmt::format("device \"{}\": there are {} GPUs, from cuda:0 to cuda:{}", name, found, found - 1));
  return device;
}

Llama::Llama(const LlamaConfig& config, Placement placement, std::uint64_t seed)
    : model_(std::make_shared<llama::Model>(config, placement)) {
  model_->initialise(seed);
}

at::Tensor Llama::hidden(const PackedBatch& batch) {
  llama::check_batch(batch, config());
  const auto where = device();
  llama::PackedAttend attend(batch.lengths, where);
  return model_->forward(at::tensor(batch.tokens, at::kLong).to(where),
                         llama::packed_positions(batch.lengths).to(where), attend);
}

at::Tensor Llama::logits(const at::Tensor& hidden) {
  return model_->logits(hidden);
}

std::vector<at::Tensor> Llama::parameters() const {
  return model_->parameters();
}

std::vector<std::pair<std::string, at::Tensor>> Llama::named_parameters() const {
  std::vector<std::pair<std::string, at::Tensor>> out;
  for (const auto& item : model_->named_parameters()) out.emplace_back(item.key(), item.value());
  return out;
}

std::vector<std::pair<std::string, at::Tensor>> Llama::hf_tensors() const {
  return model_->hf_tensors();
}

void Llama::train(bool on) {
  model_->train(on);
}

const LlamaConfig& Llama::config() const {
  return model_->config();
}

c10::Device Llama::device() const {
  return model_->placement().device;
}

c10::ScalarType Llama::dtype() const {
  return model_->placement().dtype;
}

torch::nn::Module& Llama::module() {
  return *model_;
}

}  // namespace ifstop
