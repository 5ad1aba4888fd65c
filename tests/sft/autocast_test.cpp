#include "ifstop/sft/autocast.hpp"

#include <torch/torch.h>

#include "support/catch.hpp"

using ifstop::sft::Bf16Autocast;

CATCH_TEST_CASE("products are bf16 while it lives and only where it is on; the weights stay fp32") {
  const at::Tensor a = torch::ones({2, 2}), b = torch::ones({2, 2}, at::requires_grad());
  {
    const Bf16Autocast off(false, at::kCPU);
    CATCH_CHECK(at::mm(a, b).scalar_type() == at::kFloat);
  }
  {
    const Bf16Autocast on(true, at::kCPU);
    const at::Tensor product = at::mm(a, b);
    CATCH_CHECK(product.scalar_type() == at::kBFloat16);
    product.sum().backward();
    CATCH_CHECK(b.grad().scalar_type() == at::kFloat);
  }
  CATCH_CHECK(at::mm(a, b).scalar_type() == at::kFloat);
}
