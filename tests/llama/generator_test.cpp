#include "ifstop/llama/generator.hpp"

#include <ATen/autocast_mode.h>
#include <torch/torch.h>

#include <algorithm>

#include "support/catch.hpp"
#include "support/temp_folder.hpp"
#include "support/tiny_tokenizer.hpp"

using ifstop::FinishReason;
using ifstop::Generator;
using ifstop::GeneratorOptions;
using ifstop::Llama;
using ifstop::TokenRequest;
using Ids = std::vector<std::int64_t>;

namespace {

// Grouped queries, and head sizes that no vector register divides; weights large enough that no two logits
// tie.
ifstop::LlamaConfig small_config() {
  ifstop::LlamaConfig config;
  config.vocab_size = 320;
  config.hidden_size = 36;
  config.intermediate_size = 50;
  config.num_hidden_layers = 3;
  config.num_attention_heads = 4;
  config.num_key_value_heads = 2;
  config.head_dim = 18;
  config.max_position_embeddings = 96;
  config.initializer_range = 0.4;
  return config;
}

Llama small_llama(c10::ScalarType dtype = c10::kFloat) {
  return Llama(small_config(), {c10::kCPU, dtype}, 11);
}

std::vector<Ids> prompts(std::size_t count = 9) {
  std::vector<Ids> result;
  for (std::size_t i = 0; i < count; ++i) {
    Ids prompt;
    for (std::size_t k = 0; k < 1 + (i * 7) % 30; ++k)
      prompt.push_back(static_cast<std::int64_t>(3 + (i * 31 + k * 17) % 300));
    result.push_back(prompt);
  }
  return result;
}

// The whole sequence anew for every token: no cache, no batch.
Ids greedy_without_cache(Llama& model, Ids sequence, std::int64_t count) {
  const at::NoGradGuard no_grad;
  const auto start = static_cast<std::ptrdiff_t>(sequence.size());
  for (std::int64_t i = 0; i < count; ++i) {
    const auto hidden = model.hidden({sequence, {static_cast<std::int64_t>(sequence.size())}, {}});
    sequence.push_back(model.logits(hidden.select(0, -1)).argmax().item<std::int64_t>());
  }
  return {sequence.begin() + start, sequence.end()};
}

std::vector<Ids> tokens_of(const std::vector<ifstop::TokenCompletion>& completions) {
  std::vector<Ids> result;
  for (const auto& completion : completions) result.push_back(completion.tokens);
  return result;
}

std::vector<Ids> run(const TokenRequest& request, GeneratorOptions options,
                     c10::ScalarType dtype = c10::kFloat) {
  return tokens_of(Generator(small_llama(dtype), options).complete_tokens(request));
}

template <class F>
std::string error_of(F call) {
  try {
    call();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

CATCH_TEST_CASE("greedy tokens are those of the model without cache, whatever the batch", "[generator]") {
  for (const auto dtype : {c10::kFloat, c10::kDouble}) {  // the kernels of our own, and LibTorch's
    auto model = small_llama(dtype);
    TokenRequest request;
    request.prompts = prompts();
    request.max_new_tokens = 24;
    std::vector<Ids> expected;
    for (const auto& prompt : request.prompts) expected.push_back(greedy_without_cache(model, prompt, 24));
    CATCH_CHECK(run(request, {}, dtype) == expected);                                     // all at once
    CATCH_CHECK(run(request, {.max_batch = 1}, dtype) == expected);                       // one by one
    CATCH_CHECK(run(request, {.max_batch = 4, .prefill_tokens = 9}, dtype) == expected);  // in thin slices
    CATCH_CHECK(run(request, {.max_batch = 8, .cache_bytes = 1}, dtype) ==
                expected);  // the cache allows one row
  }
}

CATCH_TEST_CASE("rows leave and enter: each ends for its own reason, none disturbs another", "[generator]") {
  auto model = small_llama();
  TokenRequest request;
  request.prompts = prompts(12);
  request.max_new_tokens = 20;
  std::vector<Ids> expected;
  for (const auto& prompt : request.prompts) expected.push_back(greedy_without_cache(model, prompt, 20));
  // Two tokens that occur in some of the rows, at different places, end a sequence.
  request.eos = {expected[1][3], expected[4][11]};
  for (const std::int64_t batch : {1, 3, 5, 12}) {
    const auto completions = Generator(model, {.max_batch = batch}).complete_tokens(request);
    CATCH_REQUIRE(completions.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const auto end =
          std::find_first_of(expected[i].begin(), expected[i].end(), request.eos.begin(), request.eos.end());
      const bool ended = end != expected[i].end();
      CATCH_CHECK(completions[i].tokens == Ids(expected[i].begin(), end));
      CATCH_CHECK(completions[i].finish_reason == (ended ? FinishReason::eos : FinishReason::length));
      CATCH_CHECK(completions[i].sampled ==
                  static_cast<std::int64_t>(completions[i].tokens.size()) + (ended ? 1 : 0));
    }
    CATCH_CHECK(completions[1].finish_reason == FinishReason::eos);
    CATCH_CHECK(completions[4].finish_reason == FinishReason::eos);
  }
}

CATCH_TEST_CASE("half precision runs", "[generator]") {
  TokenRequest request;
  request.prompts = prompts(5);
  request.max_new_tokens = 6;
  for (const auto dtype : {c10::kBFloat16, c10::kHalf}) {
    const auto completions = run(request, {.max_batch = 3}, dtype);
    CATCH_CHECK(completions == run(request, {.max_batch = 3}, dtype));
    for (const auto& tokens : completions) CATCH_CHECK(tokens.size() == 6);
  }
}

CATCH_TEST_CASE("nothing to do, and the shortest there is", "[generator]") {
  const Generator generator(small_llama());
  CATCH_CHECK(generator.complete_tokens({}).empty());
  TokenRequest request;
  request.prompts = {{7}};
  request.max_new_tokens = 1;
  const auto completions = generator.complete_tokens(request);
  CATCH_REQUIRE(completions.size() == 1);
  CATCH_CHECK(completions[0].tokens.size() == 1);
  CATCH_CHECK(completions[0].finish_reason == FinishReason::length);
}

CATCH_TEST_CASE("a sampled row depends on its seed and nothing else", "[generator]") {
  TokenRequest request;
  request.prompts = prompts();
  request.prompts[3] = request.prompts[2];  // the same prompt twice, with two seeds
  request.max_new_tokens = 16;
  request.temperature = 0.8;
  request.top_p = 0.95;
  for (std::size_t i = 0; i < request.prompts.size(); ++i) request.seeds.push_back(100 + i);
  const auto together = run(request, {});
  CATCH_CHECK(together == run(request, {}));
  CATCH_CHECK(together == run(request, {.max_batch = 1}));
  CATCH_CHECK(together == run(request, {.max_batch = 4}));
  CATCH_CHECK(together[2] != together[3]);

  auto backwards = request;
  std::reverse(backwards.prompts.begin(), backwards.prompts.end());
  std::reverse(backwards.seeds.begin(), backwards.seeds.end());
  auto result = run(backwards, {.max_batch = 4});
  std::reverse(result.begin(), result.end());
  CATCH_CHECK(together == result);

  request.seeds[0] = 1;
  const auto reseeded = run(request, {});
  CATCH_CHECK(together[0] != reseeded[0]);
  CATCH_CHECK(together[1] == reseeded[1]);
}

CATCH_TEST_CASE("no trace is left: random state, modes, gradients, autocast of the caller", "[generator]") {
  auto model = small_llama();
  model.train();
  TokenRequest request;
  request.prompts = prompts(3);
  request.max_new_tokens = 4;
  request.temperature = 1.0;
  request.seeds = {1, 2, 3};
  const auto expected = tokens_of(Generator(model).complete_tokens(request));
  at::manual_seed(3);
  const auto before = at::globalContext().defaultGenerator(at::kCPU).get_state().clone();
  at::autocast::set_autocast_enabled(at::kCPU, true);
  const auto under_autocast = tokens_of(Generator(model).complete_tokens(request));
  CATCH_CHECK(at::autocast::is_autocast_enabled(at::kCPU));
  at::autocast::set_autocast_enabled(at::kCPU, false);
  CATCH_CHECK(under_autocast == expected);  // the model's own type, not the caller's
  CATCH_CHECK(at::equal(before, at::globalContext().defaultGenerator(at::kCPU).get_state()));
  CATCH_CHECK(model.module().is_training());
  CATCH_CHECK(at::GradMode::is_enabled());
  model.hidden({{1, 2, 3}, {3}, {}}).sum().backward();  // training goes on
  CATCH_CHECK(model.parameters().front().grad().defined());
}

CATCH_TEST_CASE("cancelled between two steps", "[generator]") {
  TokenRequest request;
  request.prompts = prompts(4);
  request.max_new_tokens = 50;
  int polls = 0;
  request.cancelled = [&] { return ++polls == 5; };
  CATCH_CHECK_THROWS_AS(Generator(small_llama()).complete_tokens(request), ifstop::Cancelled);
  CATCH_CHECK(polls == 5);
}

CATCH_TEST_CASE("the caller may end a row", "[generator]") {
  TokenRequest request;
  request.prompts = prompts(4);
  request.max_new_tokens = 10;
  std::vector<int> seen(4);
  request.observe = [&](std::size_t prompt, std::int64_t) {
    return ++seen[prompt] == 3 && prompt == 2 ? FinishReason::decided : FinishReason::unknown;
  };
  const auto completions = Generator(small_llama()).complete_tokens(request);
  CATCH_CHECK(completions[2].tokens.size() == 3);
  CATCH_CHECK(completions[2].finish_reason == FinishReason::decided);
  CATCH_CHECK(seen == std::vector<int>{10, 10, 3, 10});
}

CATCH_TEST_CASE("a completion ends where the context does", "[generator]") {
  auto model = small_llama();
  TokenRequest request;
  request.prompts = {Ids(90, 5), Ids(95, 6), Ids(10, 7)};
  request.max_new_tokens = 20;
  const auto completions = Generator(model).complete_tokens(request);
  CATCH_CHECK(completions[0].tokens == greedy_without_cache(model, request.prompts[0], 6));
  CATCH_CHECK(completions[1].tokens == greedy_without_cache(model, request.prompts[1], 1));
  CATCH_CHECK(completions[2].tokens.size() == 20);
  for (const auto& completion : completions) CATCH_CHECK(completion.finish_reason == FinishReason::length);
}

CATCH_TEST_CASE("what cannot be done is refused with the reason", "[generator]") {
  const auto refusal = [](TokenRequest request) {
    return error_of([&] { Generator(small_llama()).complete_tokens(request); });
  };
  TokenRequest good;
  good.prompts = {{1, 2}, {3}};
  CATCH_CHECK(refusal(good) == "no error");
  auto bad = good;
  bad.prompts[1].clear();
  CATCH_CHECK(refusal(bad) == "prompt 2 has no tokens");
  bad.prompts[1] = Ids(96, 1);
  CATCH_CHECK(refusal(bad) ==
              "prompt 2 has 96 tokens, but with max_position_embeddings = 96 at most 95 leave room for an "
              "answer; shorten the prompt");
  bad.prompts[1] = {320};
  CATCH_CHECK(refusal(bad) == "prompt 2: token 320 is outside the vocabulary of 320");
  bad = good;
  bad.max_new_tokens = 0;
  CATCH_CHECK(refusal(bad) == "max_new_tokens is 0, but must be at least 1");
  bad = good;
  bad.temperature = -1;
  CATCH_CHECK(refusal(bad) == "temperature is -1, but must be 0 (greedy) or a positive number");
  bad.temperature = 0.5;
  CATCH_CHECK(refusal(bad) == "seeds has 0 numbers for 2 prompts; sampling (temperature 0.5) needs one each");
  bad = good;
  bad.top_p = 0;
  CATCH_CHECK(refusal(bad) == "top_p is 0, but must be above 0 and at most 1");
  CATCH_CHECK(error_of([] { Generator(small_llama(), {.max_batch = 0}); }) ==
              "max_batch is 0, but must be at least 1");
  CATCH_CHECK(error_of([] { Generator{small_llama()}(ifstop::GenerateRequest{}); }) ==
              "Generator: text needs a tokenizer; this one was made without");
}

CATCH_TEST_CASE("text in, text out", "[generator]") {
  ifstop_test::TempFolder folder;
  ifstop_test::write_tiny_tokenizer(folder.path());
  const auto tokenizer = ifstop::Tokenizer::load(folder.path());
  auto model = small_llama();
  const ifstop::Generate generate = Generator(model, tokenizer);
  ifstop::GenerateRequest request;
  request.prompts = {"the boat waits", "why?", "the clock is older than our river"};
  request.max_new_tokens = 30;
  request.stop_at_turn = false;
  const auto completions = generate(request);
  CATCH_REQUIRE(completions.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    auto ids = greedy_without_cache(model, tokenizer.encode(request.prompts[i]), 30);
    ids.erase(std::find(ids.begin(), ids.end(), tokenizer.eos().front()), ids.end());
    CATCH_CHECK(completions[i].text == tokenizer.completion_text(ids));
  }

  // A text from the middle of the second completion ends it there, and the tokens behind it are not counted
  // in.
  const auto whole = completions[1].text;
  ifstop::TextRequest cut;
  static_cast<ifstop::GenerateRequest&>(cut) = request;
  auto stop = whole.substr(whole.size() / 2, 2);
  cut.stop = {"never written by anyone", stop};
  const auto shorter = Generator(model, tokenizer).complete(cut);
  CATCH_CHECK(shorter[1].finish_reason == FinishReason::stop);
  CATCH_CHECK(shorter[1].text == whole.substr(0, whole.find(stop)));
  CATCH_CHECK(tokenizer.completion_text(shorter[1].ids) ==
              shorter[1].text.substr(0, tokenizer.completion_text(shorter[1].ids).size()));
  CATCH_CHECK(shorter[1].tokens > static_cast<std::int64_t>(shorter[1].ids.size()));
  CATCH_CHECK(shorter[1].tokens < completions[1].tokens);

  cut.stop = {""};
  CATCH_CHECK(error_of([&] { Generator(model, tokenizer).complete(cut); }) ==
              "stop holds an empty text, which would end every completion");

  // Ids in the place of a prompt's text.
  cut.stop.clear();
  cut.prompt_tokens = {{}, tokenizer.encode(request.prompts[0]), {}};
  CATCH_CHECK(Generator(model, tokenizer).complete(cut)[1].text == completions[0].text);
  cut.prompt_tokens.pop_back();
  CATCH_CHECK(error_of([&] { Generator(model, tokenizer).complete(cut); }) ==
              "prompt_tokens has 2 entries for 3 prompts");
}

CATCH_TEST_CASE("a tokenizer larger than the model is refused", "[generator]") {
  ifstop_test::TempFolder folder;
  ifstop_test::write_tiny_tokenizer(folder.path(), 340);
  const auto tokenizer = ifstop::Tokenizer::load(folder.path());
  CATCH_CHECK(
      error_of([&] { Generator(small_llama(), tokenizer); }) ==
      (folder.path() / "tokenizer.model").string() +
          ": the tokenizer has 340 pieces, but the model's vocab_size is only 320; is it the tokenizer of "
          "another model?");
}
