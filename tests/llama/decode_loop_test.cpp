// Running out of memory in the middle: half the rows, and what was written stays written.
#include "llama/decode_loop.hpp"

#include <c10/core/CPUAllocator.h>
#include <torch/torch.h>

#include "support/catch.hpp"

namespace {

// Refuses pieces above a size, as a full device does.
class SmallMemory : public at::Allocator {
 public:
  explicit SmallMemory(std::size_t most) : most_(most), real_(c10::GetCPUAllocator()) {
    c10::SetCPUAllocator(this, /*priority=*/100);
  }
  ~SmallMemory() override { c10::SetCPUAllocator(real_, 100); }

  at::DataPtr allocate(std::size_t bytes) override {
    if (bytes > most_) {
      ++refused;
      throw c10::OutOfMemoryError({__func__, __FILE__, __LINE__}, "no room");
    }
    return real_->allocate(bytes);
  }
  void copy_data(void* to, const void* from, std::size_t bytes) const override {
    default_copy_data(to, from, bytes);
  }

  int refused = 0;

 private:
  std::size_t most_;
  at::Allocator* real_;
};

ifstop::LlamaConfig config() {
  ifstop::LlamaConfig result;
  result.vocab_size = 100;
  result.hidden_size = 32;
  result.intermediate_size = 64;
  result.num_hidden_layers = 2;
  result.num_attention_heads = 4;
  result.max_position_embeddings = 64;
  result.initializer_range = 0.4;
  return result;
}

}  // namespace

CATCH_TEST_CASE("out of memory: half the rows at a time, the same tokens", "[decode_loop]") {
  ifstop::Llama model(config(), {}, 3);
  ifstop::TokenRequest request;
  for (std::int64_t i = 0; i < 16; ++i)
    request.prompts.push_back(std::vector<std::int64_t>(static_cast<std::size_t>(i + 1), i));
  request.max_new_tokens = 12;
  std::vector<std::vector<std::int64_t>> written(16);
  request.observe = [&](std::size_t prompt, std::int64_t token) {
    written[prompt].push_back(token);
    return ifstop::FinishReason::unknown;
  };
  const auto expected = ifstop::Generator(model).complete_tokens(request);

  // One row's cache is 16 + 12 - 1 places of 32 floats: four rows fit, sixteen do not.
  written.assign(16, {});
  SmallMemory memory(4 * 27 * 32 * sizeof(float));
  const auto completions = ifstop::Generator(model).complete_tokens(request);
  CATCH_CHECK(memory.refused > 0);
  for (std::size_t i = 0; i < 16; ++i) {
    CATCH_CHECK(completions[i].tokens == expected[i].tokens);
    CATCH_CHECK(completions[i].sampled == 12);
    CATCH_CHECK(written[i] == expected[i].tokens);  // each seen once, however often the batch was cut
  }
}

CATCH_TEST_CASE("not even one row fits: the error passes", "[decode_loop]") {
  ifstop::Llama model(config(), {}, 3);
  ifstop::TokenRequest request;
  request.prompts = {{1}, {2}};
  request.max_new_tokens = 40;
  SmallMemory memory(4000);
  CATCH_CHECK_THROWS_AS(ifstop::Generator(model).complete_tokens(request), c10::OutOfMemoryError);
}
