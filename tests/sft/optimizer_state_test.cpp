#include "ifstop/sft/optimizer.hpp"

#include "sft/optimizer_problem.hpp"
#include "support/catch.hpp"
#include "support/temp_folder.hpp"

using namespace ifstop::sft;
using namespace ifstop_test;

CATCH_TEST_CASE("saved and loaded in mid-run, the steps go on to the last bit") {
  const TempFolder folder;
  for (const auto dtype : {at::kFloat, at::kBFloat16}) {
    auto whole = parameters(dtype);
    AdamW optimizer(whole, {.weight_decay = 0.1});
    train(optimizer, whole, 5);
    optimizer.save(folder.path() / "optimizer.safetensors");
    auto resumed = parameters(dtype);
    for (int i : {0, 1}) resumed[i].second.data().copy_(whole[i].second);
    AdamW other(resumed, {.weight_decay = 0.1});
    other.load(folder.path() / "optimizer.safetensors");
    train(optimizer, whole, 5);
    train(other, resumed, 5);
    for (int i : {0, 1}) CATCH_CHECK(at::equal(resumed[i].second, whole[i].second));
  }
}

CATCH_TEST_CASE("another model's state is refused") {
  const TempFolder folder;
  auto all = parameters();
  AdamW(all).save(folder.path() / "o.safetensors");
  all[1].first = "other_norm";
  CATCH_CHECK_THROWS_WITH(AdamW(all).load(folder.path() / "o.safetensors"), Catch::Contains("other_norm"));
  auto shapes = parameters();
  shapes[0].second = torch::zeros({2, 2}).requires_grad_();
  CATCH_CHECK_THROWS_WITH(AdamW(shapes).load(folder.path() / "o.safetensors"), Catch::Contains("matrix"));
  CATCH_CHECK_THROWS(AdamW(all).load(folder.path() / "absent.safetensors"));
}
