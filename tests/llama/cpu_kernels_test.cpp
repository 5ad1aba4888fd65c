// The kernels against LibTorch's operators, at sizes that vector registers divide and at those they do not.
#include "llama/cpu_kernels.hpp"

#include <torch/torch.h>

#include <vector>

#include "support/catch.hpp"

namespace cpu = ifstop::llama::cpu;

namespace {

const float* data(const at::Tensor& x) {
  return x.const_data_ptr<float>();
}

double difference(const at::Tensor& a, const at::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

}  // namespace

CATCH_TEST_CASE("swiglu, also far out", "[cpu_kernels]") {
  for (const std::int64_t size : {1, 16, 50, 128}) {
    auto gate = at::randn({size}) * 5;
    gate[0] = 200;
    if (size > 1) gate[1] = -200;
    const auto up = at::randn({size});
    auto out = at::empty({size});
    cpu::swiglu(data(gate), data(up), size, out.mutable_data_ptr<float>());
    CATCH_CHECK(at::allclose(out, at::silu(gate) * up, 1e-5, 1e-6));
  }
}

CATCH_TEST_CASE("norm of a sum", "[cpu_kernels]") {
  for (const std::int64_t size : {3, 32, 36, 257}) {
    const auto x = at::randn({size}), delta = at::randn({size}), weight = at::randn({size});
    for (const bool with_delta : {false, true}) {
      auto sum = x.clone(), out = at::empty({size});
      cpu::add_rms_norm(sum.mutable_data_ptr<float>(), with_delta ? data(delta) : nullptr, data(weight),
                        1e-5F, size, out.mutable_data_ptr<float>());
      const auto expected = with_delta ? x + delta : x;
      CATCH_CHECK(difference(sum, expected) < 1e-6);
      CATCH_CHECK(difference(out, at::rms_norm(expected, {size}, weight, 1e-5)) < 1e-5);
    }
  }
}

CATCH_TEST_CASE("attention of a group of heads", "[cpu_kernels]") {
  for (const std::int64_t dim : {8, 18, 64, 80, 128})
    for (const std::int64_t heads : {1, 3})
      for (const std::int64_t tokens : {1, 5, 16, 77}) {
        const auto q = at::randn({heads, dim}) * 0.5, keys = at::randn({tokens, dim}),
                   values = at::randn({tokens, dim});
        auto out = at::empty({heads, dim});
        std::vector<float> scores(static_cast<std::size_t>(heads * tokens));
        cpu::attend({data(q), data(keys), data(values), heads, tokens, dim, scores.data(),
                     out.mutable_data_ptr<float>()});
        CATCH_CHECK(difference(out, q.matmul(keys.t()).softmax(-1).matmul(values)) < 1e-5);
      }
}
