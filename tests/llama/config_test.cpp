#include "ifstop/llama/config.hpp"

#include "support/catch.hpp"
#include "support/temp_folder.hpp"

using namespace ifstop;
using ifstop_test::error_of;

namespace {

const std::string shape =
    R"("vocab_size": 100, "hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 2, "num_attention_heads": 4)";

std::string error_with(const std::string& more) {
  return error_of([&] { parse_llama_config("{" + shape + more + "}", "m/config.json"); });
}

LlamaConfig with(const std::string& more) {
  return parse_llama_config("{" + shape + more + "}", "m/config.json");
}

}  // namespace

CATCH_TEST_CASE("what config.json leaves open is derived", "[llama][config]") {
  const auto c = with("");
  CATCH_CHECK(c.num_key_value_heads == 4);
  CATCH_CHECK(c.head_dim == 4);
  CATCH_CHECK(c.eos_token_id == std::vector<std::int64_t>{2});
  CATCH_CHECK(c.rope_scaling.kind == RopeScaling::Kind::none);
  CATCH_CHECK(with(R"(, "bos_token_id": null, "eos_token_id": [3, 4], "pad_token_id": 5)").bos_token_id ==
              -1);
  CATCH_CHECK(with(R"(, "eos_token_id": [3, 4])").eos_token_id == std::vector<std::int64_t>{3, 4});
  CATCH_CHECK(with(R"(, "eos_token_id": null)").eos_token_id.empty());
}

CATCH_TEST_CASE("both spellings of rotary scaling are read", "[llama][config]") {
  const std::string numbers =
      R"("factor": 8, "low_freq_factor": 1, "high_freq_factor": 4, "original_max_position_embeddings": 64)";
  for (const auto& text :
       {R"(, "rope_theta": 500, "rope_scaling": {"rope_type": "llama3", )" + numbers + "}",
        R"(, "rope_parameters": {"rope_theta": 500, "rope_type": "llama3", )" + numbers + "}"}) {
    const auto c = with(text);
    CATCH_CHECK(c.rope_theta == 500.0);
    CATCH_CHECK(c.rope_scaling.kind == RopeScaling::Kind::llama3);
    CATCH_CHECK(c.rope_scaling.factor == 8.0);
    CATCH_CHECK(c.rope_scaling.original_max_position_embeddings == 64);
  }
  CATCH_CHECK(with(R"(, "rope_scaling": {"type": "linear", "factor": 2})").rope_scaling.kind ==
              RopeScaling::Kind::linear);
}

CATCH_TEST_CASE("a bad config.json is refused with file, key and value", "[llama][config]") {
  CATCH_CHECK(error_of([] { parse_llama_config(R"({"hidden_size": 1})", "m/config.json"); }) ==
              "m/config.json: \"vocab_size\" is missing");
  CATCH_CHECK(error_of([] { parse_llama_config("[]", "m/config.json"); }) ==
              "m/config.json: not a JSON object");
  CATCH_CHECK(error_of([] {
                parse_llama_config("{", "m/config.json");
              }).starts_with("m/config.json: not valid JSON: "));
  CATCH_CHECK(error_of([] { parse_llama_config(std::string(100000, '['), "m/config.json"); }) ==
              "m/config.json: nested deeper than 100 levels");
  CATCH_CHECK(error_with(R"(, "num_hidden_layers": 2000000000)") ==
              "m/config.json: LlamaConfig: num_hidden_layers = 2000000000 must be between 1 and 10000");
  CATCH_CHECK(error_with(R"(, "rms_norm_eps": "x")") ==
              "m/config.json: \"rms_norm_eps\" is \"x\", not a number");
  CATCH_CHECK(error_with(R"(, "head_dim": 4.5)") == "m/config.json: \"head_dim\" is 4.5, not an integer");
  CATCH_CHECK(error_with(R"(, "head_dim": 18446744073709551615)") ==
              "m/config.json: \"head_dim\" is 18446744073709551615, too large");
  CATCH_CHECK(error_with(R"(, "model_type": "gpt2")") ==
              "m/config.json: \"model_type\" is \"gpt2\"; only \"llama\" is supported");
  CATCH_CHECK(error_with(R"(, "num_key_value_heads": 3)") ==
              "m/config.json: LlamaConfig: num_key_value_heads = 3 does not divide num_attention_heads");
  CATCH_CHECK(error_with(R"(, "eos_token_id": 100)") ==
              "m/config.json: LlamaConfig: eos_token_id = 100 is outside the vocabulary");
  CATCH_CHECK(error_with(R"(, "eos_token_id": "x")") ==
              "m/config.json: \"eos_token_id\" is \"x\", not an id or a list of ids");
  CATCH_CHECK(
      error_with(R"(, "rope_scaling": {"rope_type": "yarn", "factor": 2})") ==
      "m/config.json: rope_scaling: \"rope_type\" is \"yarn\", which is not supported (default, linear and "
      "llama3 are)");
  CATCH_CHECK(error_with(R"(, "rope_scaling": {"rope_type": "linear"})") ==
              "m/config.json: rope_scaling: \"factor\" is missing");
  CATCH_CHECK(error_with(R"(, "rope_scaling": {"rope_type": "linear", "factor": 0.5})") ==
              "m/config.json: LlamaConfig: rope_scaling.factor = 0.5 must be at least 1");
  CATCH_CHECK(error_with(R"(, "quantization_config": {"bits": 4})").find("not supported") !=
              std::string::npos);
}

CATCH_TEST_CASE("an impossible shape is refused where it is made", "[llama][config]") {
  LlamaConfig c;
  c.hidden_size = 0;
  CATCH_CHECK(error_of([&] { resolve(c); }) == "LlamaConfig: hidden_size = 0 must be between 1 and 2^31");
  c.hidden_size = 33;
  CATCH_CHECK(error_of([&] { resolve(c); }) ==
              "LlamaConfig: num_attention_heads = 32 does not divide hidden_size");
  c.head_dim = 3;
  CATCH_CHECK(error_of([&] { resolve(c); }) ==
              "LlamaConfig: head_dim = 3 must be even (rotary embedding turns pairs)");
}

CATCH_TEST_CASE("a configuration survives writing and reading, unknown keys included", "[llama][config]") {
  const auto first = with(R"(, "tie_word_embeddings": true, "attention_bias": true, "eos_token_id": [3, 4],
    "rope_theta": 500, "rope_scaling": {"rope_type": "llama3", "factor": 8, "low_freq_factor": 1,
    "high_freq_factor": 4, "original_max_position_embeddings": 64}, "somebody_elses": {"key": 1})");
  const auto text = to_json(first, "bfloat16");
  CATCH_CHECK(text.find(R"("somebody_elses")") != std::string::npos);
  CATCH_CHECK(text.find(R"("torch_dtype": "bfloat16")") != std::string::npos);
  const auto second = parse_llama_config(text, "again");
  CATCH_CHECK(to_json(second, "bfloat16") == text);
  CATCH_CHECK(second.tie_word_embeddings);
  CATCH_CHECK(second.rope_scaling.kind == RopeScaling::Kind::llama3);
}

CATCH_TEST_CASE("a folder without config.json says what a model is", "[llama][config]") {
  ifstop_test::TempFolder folder;
  CATCH_CHECK(
      error_of([&] { read_llama_config(folder.path()); }) ==
      (folder / "config.json").string() +
          ": cannot be opened; a model is a Hugging Face folder with config.json, model.safetensors and "
          "tokenizer.model");
}
