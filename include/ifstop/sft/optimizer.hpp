// AdamW in one fused kernel, with clipping by the global norm.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace at {
class Tensor;
}

namespace ifstop::sft {

/// Defaults are Hugging Face's.
struct AdamWOptions {
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay =
      0.0;  ///< a step and unit of learning rate; never on vectors (norms, biases). 0 = none
};

/// Decoupled weight decay (Loshchilov and Hutter, 2019), as torch.optim.AdamW. Works on any device; moments
/// are fp32. Parameters of a narrower type are tuned through an fp32 master copy, so that small steps are not
/// rounded away.
///
///   loss.backward();
///   const double norm = optimizer.clip(1.0);
///   optimizer.step(schedule(step));      // also clears the gradients
class AdamW {
 public:
  /// Leaves by name (Llama::named_parameters()). Throws std::invalid_argument naming field and value.
  AdamW(const std::vector<std::pair<std::string, at::Tensor>>& parameters, const AdamWOptions& options = {});
  ~AdamW();
  AdamW(AdamW&&) noexcept;

  /// The global norm of all gradients; scales them so that it is at most `max_norm` (0 = measure only).
  /// Parameters without a gradient count as zero.
  double clip(double max_norm);

  /// One step at this learning rate, then clears the gradients.
  void step(double learning_rate);

  /// Drops the gradients.
  void zero_grad();

  /// Moments, step count and master copies as safetensors. Throws std::runtime_error naming the file.
  void save(const std::filesystem::path& file) const;

  /// Takes what save() wrote. Throws std::runtime_error naming file and tensor where names, shapes or types
  /// differ.
  void load(const std::filesystem::path& file);

 private:
  struct Groups;
  std::unique_ptr<Groups> groups_;
};

}  // namespace ifstop::sft
