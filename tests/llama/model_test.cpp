#include "llama/modules.hpp"
#include "support/catch.hpp"

using namespace ifstop;

namespace {

LlamaConfig tiny() {
  LlamaConfig c;
  c.vocab_size = 61;
  c.hidden_size = 24;
  c.intermediate_size = 40;
  c.num_hidden_layers = 2;
  c.num_attention_heads = 6;
  c.num_key_value_heads = 2;
  c.max_position_embeddings = 32;
  return c;
}

}  // namespace

CATCH_TEST_CASE("segments of a packed batch do not see each other", "[llama]") {
  Llama model(tiny(), {}, 1);
  const auto packed =
      model.hidden({.tokens = {1, 5, 9, 2, 7, 8, 30, 31, 32}, .lengths = {3, 2, 4}, .targets = {}});
  const auto alone = at::cat({model.hidden({{1, 5, 9}, {3}, {}}), model.hidden({{2, 7}, {2}, {}}),
                              model.hidden({{8, 30, 31, 32}, {4}, {}})});
  CATCH_CHECK((packed - alone).abs().max().item<float>() < 1e-5F);
}
