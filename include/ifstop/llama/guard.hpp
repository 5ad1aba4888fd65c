// Puts a training run's state back around code of someone else: whatever a Generate does, training goes on as
// without it.
#pragma once
#include <memory>
#include <utility>

#include "ifstop/generate.hpp"

namespace torch::nn {
class Module;
}

namespace ifstop {

/// From its construction to its end, also when something throws, it keeps and then restores
/// - the random state of the CPU's generator and of every CUDA device's,
/// - train or eval of the module and each of its submodules,
/// - the gradient and requires_grad of each parameter,
/// - grad mode, inference mode and everything else that is a dispatcher's state of this thread,
/// - autocast: on or off and type for the CPU and CUDA, its cache switch and nesting; the cache is emptied,
/// - the default type, the number of threads, and whether algorithms must be deterministic.
///
/// While it lives gradients are out of sight (undefined), so that nothing can write into them; all else is as
/// the caller set it. Not covered: writes into weights and buffers, the module's structure, settings of
/// allocators (the guard itself touches none), and threads that the code inside starts and leaves running.
class TrainingStateGuard {
 public:
  explicit TrainingStateGuard(torch::nn::Module& module);
  ~TrainingStateGuard();
  TrainingStateGuard(const TrainingStateGuard&) = delete;
  TrainingStateGuard& operator=(const TrainingStateGuard&) = delete;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// `generate` (any callable with a Generate's signature) within a guard for `module`, which must outlive the
/// result.
template <class Callable>
Generate guarded(torch::nn::Module& module, Callable generate) {
  return [&module, generate = std::move(generate)](const GenerateRequest& request) mutable {
    const TrainingStateGuard guard(module);
    return generate(request);
  };
}

}  // namespace ifstop
