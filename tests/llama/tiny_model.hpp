// A model small enough to be made in every test.
#pragma once
#include "ifstop/llama/config.hpp"

namespace ifstop_test {

/// 61 tokens, 24 wide, 2 layers, 6 heads in 2 groups, untied; contexts up to 32 tokens.
inline ifstop::LlamaConfig tiny_config() {
  ifstop::LlamaConfig c;
  c.vocab_size = 61;
  c.hidden_size = 24;
  c.intermediate_size = 40;
  c.num_hidden_layers = 2;
  c.num_attention_heads = 6;
  c.num_key_value_heads = 2;
  c.max_position_embeddings = 32;
  c.initializer_range = 0.2;
  return c;
}

}  // namespace ifstop_test
