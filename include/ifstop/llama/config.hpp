// The shape of a LLaMA model, as Hugging Face's config.json states it.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ifstop {

/// How rotary frequencies are stretched for contexts longer than those of pretraining.
struct RopeScaling {
  enum class Kind {
    none,
    linear,  ///< every frequency divided by `factor`
    llama3,  ///< low frequencies divided by `factor`, high ones kept, smooth in between (Llama 3.1)
  };
  Kind kind = Kind::none;
  double factor = 1.0;                                ///< at least 1
  double low_freq_factor = 1.0;                       ///< llama3 only
  double high_freq_factor = 4.0;                      ///< llama3 only; above low_freq_factor
  std::int64_t original_max_position_embeddings = 0;  ///< llama3 only; tokens; 0 = max_position_embeddings
};

/// Keys and defaults are Hugging Face's (`LlamaConfig` of transformers).
struct LlamaConfig {
  std::int64_t vocab_size = 32000;
  std::int64_t hidden_size = 4096;
  std::int64_t intermediate_size = 11008;
  std::int64_t num_hidden_layers = 32;
  std::int64_t num_attention_heads = 32;
  std::int64_t num_key_value_heads = 0;         ///< 0 = num_attention_heads
  std::int64_t head_dim = 0;                    ///< 0 = hidden_size / num_attention_heads
  std::int64_t max_position_embeddings = 2048;  ///< tokens
  double rms_norm_eps = 1e-6;
  double rope_theta = 10000.0;
  RopeScaling rope_scaling;
  double initializer_range = 0.02;  ///< standard deviation of random weights
  bool tie_word_embeddings = false;
  bool attention_bias = false;
  bool mlp_bias = false;
  std::int64_t bos_token_id = 1;              ///< -1 = none
  std::vector<std::int64_t> eos_token_id{2};  ///< any of them ends a sequence; may be empty
  std::int64_t pad_token_id = -1;             ///< -1 = none
  std::string other_keys;  ///< a JSON object: keys of the file that mean nothing here, kept for saving
};

/// The configuration with every 0 that stands for "derived" replaced. Throws std::invalid_argument naming
/// field and value where the shape is impossible.
LlamaConfig resolve(LlamaConfig config);

/// Reads the text of a config.json; `where` (a file name) begins every error text. Takes `rope_theta` with
/// `rope_scaling`, and the newer `rope_parameters`. Throws std::runtime_error naming file, key and value
/// where a key is missing, of the wrong type, impossible, or asks for something that is not supported. The
/// result is resolved.
LlamaConfig parse_llama_config(std::string_view text, const std::string& where);

/// parse_llama_config of `folder/config.json`.
LlamaConfig read_llama_config(const std::filesystem::path& folder);

/// The text of a config.json that Hugging Face transformers (4 and 5) and parse_llama_config read.
/// `torch_dtype` is the name of the type of the weights beside it: "float32", "bfloat16", "float16".
std::string to_json(const LlamaConfig& config, std::string_view torch_dtype = "float32");

}  // namespace ifstop
