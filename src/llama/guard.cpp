#include "ifstop/llama/guard.hpp"

#include <ATen/Parallel.h>
#include <ATen/ThreadLocalState.h>
#include <ATen/autocast_mode.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/core/DefaultDtype.h>
#include <torch/torch.h>

#include <array>
#include <mutex>
#include <utility>
#include <vector>

namespace ifstop {
namespace {

// Random state of every generator that code on this machine may draw from by default.
class RandomState {
 public:
  RandomState() {
    auto& context = at::globalContext();
    add(context.defaultGenerator(at::kCPU));
    if (!context.hasCUDA()) return;
    const auto devices = static_cast<c10::DeviceIndex>(at::detail::getCUDAHooks().deviceCount());
    for (c10::DeviceIndex device = 0; device < devices; ++device)
      add(context.defaultGenerator(c10::Device(at::kCUDA, device)));
  }

  void restore() {
    for (auto& [generator, state] : states_) {
      const std::lock_guard<std::mutex> lock(generator.mutex());
      generator.set_state(state);
    }
  }

 private:
  void add(at::Generator generator) {
    const std::lock_guard<std::mutex> lock(generator.mutex());
    auto state = generator.get_state();
    states_.emplace_back(std::move(generator), std::move(state));
  }

  std::vector<std::pair<at::Generator, at::Tensor>> states_;
};

// What autocast keeps beside the dispatcher's thread-local state (which holds whether it is on).
class AutocastState {
 public:
  AutocastState() {
    for (std::size_t i = 0; i < devices.size(); ++i) types_[i] = at::autocast::get_autocast_dtype(devices[i]);
  }

  void restore() {
    for (std::size_t i = 0; i < devices.size(); ++i) at::autocast::set_autocast_dtype(devices[i], types_[i]);
    at::autocast::set_autocast_cache_enabled(cache_);
    while (nesting() < nesting_) at::autocast::increment_nesting();
    while (nesting() > nesting_) at::autocast::decrement_nesting();
    // Casts cached without gradients would cut the weights off from the next backward pass.
    at::autocast::clear_cache();
  }

 private:
  static int nesting() {
    at::autocast::increment_nesting();
    return at::autocast::decrement_nesting();
  }

  static constexpr std::array devices{at::kCPU, at::kCUDA};
  std::array<at::ScalarType, devices.size()> types_{};
  bool cache_ = at::autocast::is_autocast_cache_enabled();
  int nesting_ = nesting();
};

// Modes and gradients of a module with all it contains.
class ModuleState {
 public:
  explicit ModuleState(torch::nn::Module& module) {
    for (auto& part : module.modules(/*include_self=*/false)) modes_.emplace_back(part, part->is_training());
    self_ = {&module, module.is_training()};
    for (auto& parameter : module.parameters()) {
      parameters_.push_back({parameter, parameter.grad(), parameter.requires_grad()});
      if (parameter.grad().defined()) parameter.mutable_grad().reset();
    }
  }

  void restore() {
    // Module::train(on) is recursive; children come after their parents, so each has the last word on itself.
    self_.first->train(self_.second);
    for (auto& [part, training] : modes_) part->train(training);
    for (auto& [parameter, gradient, required] : parameters_) {
      parameter.set_requires_grad(required);
      parameter.mutable_grad() = gradient;
    }
  }

 private:
  struct Parameter {
    at::Tensor tensor, gradient;
    bool required;
  };

  std::pair<torch::nn::Module*, bool> self_;
  std::vector<std::pair<std::shared_ptr<torch::nn::Module>, bool>> modes_;
  std::vector<Parameter> parameters_;
};

}  // namespace

struct TrainingStateGuard::State {
  explicit State(torch::nn::Module& guarded) : module(guarded) {}

  at::ThreadLocalState thread;
  ModuleState module;
  RandomState random;
  AutocastState autocast;
  caffe2::TypeMeta default_type = c10::get_default_dtype();
  int threads = at::get_num_threads();
  bool deterministic = at::globalContext().deterministicAlgorithms();
  bool deterministic_warns = at::globalContext().deterministicAlgorithmsWarnOnly();
};

TrainingStateGuard::TrainingStateGuard(torch::nn::Module& module) : state_(std::make_unique<State>(module)) {}

TrainingStateGuard::~TrainingStateGuard() {
  at::ThreadLocalState::setThreadLocalState(state_->thread);
  state_->module.restore();
  state_->random.restore();
  state_->autocast.restore();
  if (c10::get_default_dtype() != state_->default_type) c10::set_default_dtype(state_->default_type);
  if (at::get_num_threads() != state_->threads) at::set_num_threads(state_->threads);
  at::globalContext().setDeterministicAlgorithms(state_->deterministic, state_->deterministic_warns);
}

}  // namespace ifstop
