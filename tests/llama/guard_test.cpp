#include "ifstop/llama/guard.hpp"

#include <ATen/autocast_mode.h>
#include <torch/torch.h>

#include <stdexcept>

#include "support/catch.hpp"

namespace {

// Part of a part: its modes must not follow those of its parent.
struct Trunk : torch::nn::Module {
  Trunk() {
    first = register_module("first", torch::nn::Linear(4, 4));
    dropout = register_module("dropout", torch::nn::Dropout(0.5));
    last = register_module("last", torch::nn::Linear(4, 2));
  }
  at::Tensor forward(const at::Tensor& x) { return last(dropout(first(x))); }

  torch::nn::Linear first{nullptr}, last{nullptr};
  torch::nn::Dropout dropout{nullptr};
};

// A trunk in eval mode within a model in train mode, with one of its own parts training again.
struct Mixed : torch::nn::Module {
  Mixed() {
    trunk = register_module("trunk", std::make_shared<Trunk>());
    head = register_module("head", torch::nn::Linear(2, 1));
    train();
    trunk->eval();
    trunk->last->train();
    trunk->first->weight.set_requires_grad(false);
  }

  at::Tensor forward(const at::Tensor& x) { return head(trunk->forward(x)); }

  std::shared_ptr<Trunk> trunk;
  torch::nn::Linear head{nullptr};
};

std::vector<bool> modes(const torch::nn::Module& module) {
  std::vector<bool> result;
  for (const auto& part : module.modules()) result.push_back(part->is_training());
  return result;
}

// Does everything to the state that a Generate may get wrong, then gives up.
struct Hostile {
  std::shared_ptr<Mixed> module;
  bool throws = true;

  std::vector<ifstop::Completion> operator()(const ifstop::GenerateRequest&) const {
    at::manual_seed(1);
    (void)at::rand({100});
    module->train();
    module->trunk->eval();
    module->head->weight.set_requires_grad(false);
    c10::AutogradState::get_tls_state().set_grad_mode(true);
    module->trunk->first->weight.set_requires_grad(true);
    module->forward(at::ones({3, 4})).sum().backward();
    module->zero_grad(/*set_to_none=*/false);
    at::GradMode::set_enabled(!grad_mode_before);
    at::autocast::set_autocast_enabled(at::kCPU, true);
    at::autocast::set_autocast_enabled(at::kCUDA, true);
    at::autocast::set_autocast_dtype(at::kCPU, at::kHalf);
    at::autocast::set_autocast_cache_enabled(false);
    at::autocast::increment_nesting();
    torch::set_default_dtype(caffe2::TypeMeta::Make<double>());
    at::set_num_threads(at::get_num_threads() + 1);
    at::globalContext().setDeterministicAlgorithms(true, true);
    if (throws) throw std::runtime_error("out of ideas");
    return {};
  }

  bool grad_mode_before = true;
};

struct Snapshot {
  explicit Snapshot(const Mixed& module)
      : random(at::globalContext().defaultGenerator(at::kCPU).get_state().clone()), parts(modules(module)) {
    for (const auto& parameter : module.parameters()) {
      required.push_back(parameter.requires_grad());
      gradients.push_back(parameter.grad());
      values.push_back(parameter.grad().defined() ? parameter.grad().clone() : at::Tensor());
    }
  }
  static std::vector<bool> modules(const Mixed& module) { return modes(module); }

  at::Tensor random;
  std::vector<bool> parts, required;
  std::vector<at::Tensor> gradients, values;
  bool grad = at::GradMode::is_enabled(), inference = c10::InferenceMode::is_enabled();
  bool cpu = at::autocast::is_autocast_enabled(at::kCPU), cuda = at::autocast::is_autocast_enabled(at::kCUDA);
  at::ScalarType cpu_type = at::autocast::get_autocast_dtype(at::kCPU);
  bool cache = at::autocast::is_autocast_cache_enabled();
  int nesting = (at::autocast::increment_nesting(), at::autocast::decrement_nesting());
  int threads = at::get_num_threads();
  bool deterministic = at::globalContext().deterministicAlgorithms();
  caffe2::TypeMeta type = c10::get_default_dtype();
};

void check_same(const Snapshot& before, const Snapshot& after) {
  CATCH_CHECK(at::equal(before.random, after.random));
  CATCH_CHECK(before.parts == after.parts);
  CATCH_CHECK(before.required == after.required);
  CATCH_REQUIRE(before.gradients.size() == after.gradients.size());
  for (std::size_t i = 0; i < before.gradients.size(); ++i) {
    CATCH_CHECK(before.gradients[i].is_same(after.gradients[i]));
    if (before.values[i].defined()) CATCH_CHECK(at::equal(before.values[i], after.values[i]));
  }
  CATCH_CHECK(before.grad == after.grad);
  CATCH_CHECK(before.inference == after.inference);
  CATCH_CHECK(before.cpu == after.cpu);
  CATCH_CHECK(before.cuda == after.cuda);
  CATCH_CHECK(before.cpu_type == after.cpu_type);
  CATCH_CHECK(before.cache == after.cache);
  CATCH_CHECK(before.nesting == after.nesting);
  CATCH_CHECK(before.threads == after.threads);
  CATCH_CHECK(before.deterministic == after.deterministic);
  CATCH_CHECK(before.type == after.type);
}

std::shared_ptr<Mixed> model_in_training() {
  auto module = std::make_shared<Mixed>();
  module->forward(at::ones({3, 4})).sum().backward();
  return module;
}

}  // namespace

CATCH_TEST_CASE("a hostile generate leaves no trace, thrown out or not", "[guard]") {
  for (const bool throws : {true, false}) {
    const auto module = model_in_training();
    auto generate = ifstop::guarded(*module, Hostile{module, throws});
    const Snapshot before(*module);
    CATCH_REQUIRE(before.parts == std::vector<bool>{true, false, false, false, true, true});
    if (throws)
      CATCH_CHECK_THROWS_WITH(generate({}), "out of ideas");
    else
      CATCH_CHECK(generate({}).empty());
    check_same(before, Snapshot(*module));
  }
}

CATCH_TEST_CASE("the caller's own modes stay too: no-grad, inference mode, autocast", "[guard]") {
  const auto module = model_in_training();
  auto generate = ifstop::guarded(*module, Hostile{module, true, /*grad_mode_before=*/false});
  {
    const at::NoGradGuard no_grad;
    const Snapshot before(*module);
    CATCH_CHECK_THROWS_WITH(generate({}), "out of ideas");
    check_same(before, Snapshot(*module));
  }
  at::autocast::set_autocast_enabled(at::kCPU, true);
  const Snapshot before(*module);
  CATCH_CHECK_THROWS_WITH(generate({}), "out of ideas");
  check_same(before, Snapshot(*module));
  at::autocast::set_autocast_enabled(at::kCPU, false);

  // Inference mode switched on inside and never left.
  auto sleepy =
      ifstop::guarded(*module, [](const ifstop::GenerateRequest&) -> std::vector<ifstop::Completion> {
        static std::vector<std::unique_ptr<c10::InferenceMode>> forgotten;
        forgotten.push_back(std::make_unique<c10::InferenceMode>());
        return {};
      });
  const Snapshot awake(*module);
  CATCH_CHECK(sleepy({}).empty());
  check_same(awake, Snapshot(*module));
}

CATCH_TEST_CASE("training goes on bit by bit as without the call", "[guard]") {
  const auto losses = [](bool interrupted) {
    at::manual_seed(5);
    const auto module = std::make_shared<Mixed>();
    auto generate = ifstop::guarded(*module, Hostile{module, false});
    torch::optim::SGD optimizer(module->head->parameters(), 0.1);
    std::vector<double> result;
    for (int step = 0; step < 5; ++step) {
      auto loss = at::dropout(module->forward(at::rand({8, 4})), 0.5, true).square().mean();
      loss.backward();
      if (interrupted) generate({});  // between backward and step, where gradients matter
      optimizer.step();
      optimizer.zero_grad();
      result.push_back(loss.item<double>());
    }
    return result;
  };
  CATCH_CHECK(losses(true) == losses(false));
}

CATCH_TEST_CASE("casts cached without gradients do not survive into training", "[guard]") {
  auto linear = torch::nn::Linear(4, 4);
  at::autocast::set_autocast_enabled(at::kCPU, true);
  at::autocast::increment_nesting();
  auto generate =
      ifstop::guarded(*linear, [&](const ifstop::GenerateRequest&) -> std::vector<ifstop::Completion> {
        const at::NoGradGuard no_grad;
        linear->forward(at::ones({1, 4}));
        return {};
      });
  CATCH_CHECK(generate({}).empty());
  linear->forward(at::ones({1, 4})).sum().backward();
  CATCH_CHECK(linear->weight.grad().defined());
  at::autocast::decrement_nesting();
  at::autocast::clear_cache();
  at::autocast::set_autocast_enabled(at::kCPU, false);
}
