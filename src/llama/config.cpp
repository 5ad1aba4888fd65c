// config.json, read and written.
#include "ifstop/llama/config.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "support/json_text.hpp"

namespace ifstop {
namespace {

using Json = nlohmann::json;

// Typed access to one object's keys; errors name the file, the key and the value.
class Keys {
 public:
  Keys(const Json& object, std::string where) : object_(object), where_(std::move(where)) {}

  [[noreturn]] void fail(const char* key, const std::string& problem) const {
    throw std::runtime_error(fmt::format("{}: \"{}\" {}", where_, key, problem));
  }

  // The value of a key; null counts as absent.
  const Json* find(const char* key) {
    seen_.insert(key);
    const auto it = object_.find(key);
    return it == object_.end() || it->is_null() ? nullptr : &*it;
  }

  void read(const char* key, std::int64_t& out, bool required = false) {
    const auto* value = find(key);
    if (!value && required) fail(key, "is missing");
    if (!value) return;
    if (!value->is_number_integer()) fail(key, "is " + value->dump() + ", not an integer");
    if (value->is_number_unsigned() && value->get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max())
      fail(key, "is " + value->dump() + ", too large");
    out = value->get<std::int64_t>();
  }

  bool read(const char* key, double& out) {
    const auto* value = find(key);
    if (!value) return false;
    if (!value->is_number()) fail(key, "is " + value->dump() + ", not a number");
    out = value->get<double>();
    return true;
  }

  void read(const char* key, bool& out) {
    const auto* value = find(key);
    if (!value) return;
    if (!value->is_boolean()) fail(key, "is " + value->dump() + ", not true or false");
    out = value->get<bool>();
  }

  // One id or a list of ids.
  void read(const char* key, std::vector<std::int64_t>& out) {
    if (!object_.contains(key)) return;
    const auto* value = find(key);
    out.clear();
    if (!value) return;
    for (const auto& id : value->is_array() ? *value : Json::array({*value})) {
      if (!id.is_number_integer()) fail(key, "is " + value->dump() + ", not an id or a list of ids");
      out.push_back(id.get<std::int64_t>());
    }
  }

  Json unseen() const {
    auto out = Json::object();
    for (const auto& [key, value] : object_.items())
      if (!seen_.contains(key)) out[key] = value;
    return out;
  }

 private:
  const Json& object_;
  std::string where_;
  std::set<std::string> seen_;
};

// An id where null means none.
void read_id(Keys& keys, const Json& object, const char* key, std::int64_t& out) {
  if (object.contains(key) && object.at(key).is_null()) out = -1;
  keys.read(key, out);
}

void read_scaling(const Json& object, const std::string& where, const char* name, LlamaConfig& config) {
  if (!object.is_object())
    throw std::runtime_error(fmt::format("{}: \"{}\" is {}, not an object", where, name, object.dump()));
  Keys keys(object, fmt::format("{}: {}", where, name));
  auto& scaling = config.rope_scaling;
  const char* key = object.contains("rope_type") ? "rope_type" : "type";
  const auto* type = keys.find(key);
  if (!type) keys.fail("rope_type", "is missing");
  if (*type == "linear")
    scaling.kind = RopeScaling::Kind::linear;
  else if (*type == "llama3")
    scaling.kind = RopeScaling::Kind::llama3;
  else if (*type != "default")
    keys.fail(key, "is " + type->dump() + ", which is not supported (default, linear and llama3 are)");
  keys.read("rope_theta", config.rope_theta);
  if (scaling.kind == RopeScaling::Kind::none) return;
  if (!keys.read("factor", scaling.factor)) keys.fail("factor", "is missing");
  if (scaling.kind == RopeScaling::Kind::linear) return;
  if (!keys.read("low_freq_factor", scaling.low_freq_factor)) keys.fail("low_freq_factor", "is missing");
  if (!keys.read("high_freq_factor", scaling.high_freq_factor)) keys.fail("high_freq_factor", "is missing");
  keys.read("original_max_position_embeddings", scaling.original_max_position_embeddings);
}

void read_rotary(Keys& keys, const std::string& where, LlamaConfig& config) {
  keys.read("rope_theta", config.rope_theta);
  if (const auto* scaling = keys.find("rope_scaling")) read_scaling(*scaling, where, "rope_scaling", config);
  if (const auto* rope = keys.find("rope_parameters")) read_scaling(*rope, where, "rope_parameters", config);
}

void refuse_unsupported(Keys& keys) {
  const auto only = [&](const char* key, const char* supported) {
    const auto* value = keys.find(key);
    if (value && *value != supported)
      keys.fail(key, fmt::format("is {}; only \"{}\" is supported", value->dump(), supported));
  };
  only("model_type", "llama");
  only("hidden_act", "silu");
  if (const auto* quantised = keys.find("quantization_config"))
    keys.fail("quantization_config", "is " + quantised->dump() +
                                         ": quantised weights are not supported; save the model unquantised");
  keys.find("architectures");
  keys.find("torch_dtype");
  keys.find("dtype");
}

void require(bool ok, const char* field, const auto& value, const char* rule) {
  if (!ok) throw std::invalid_argument(fmt::format("LlamaConfig: {} = {} {}", field, value, rule));
}

void check_rotary(const LlamaConfig& c) {
  require(c.rope_theta > 0.0 && c.rope_theta < 1e30, "rope_theta", c.rope_theta, "must be above 0");
  const auto& s = c.rope_scaling;
  require(s.factor >= 1.0 && s.factor < 1e30, "rope_scaling.factor", s.factor, "must be at least 1");
  if (s.kind != RopeScaling::Kind::llama3) return;
  require(s.low_freq_factor > 0.0, "rope_scaling.low_freq_factor", s.low_freq_factor, "must be above 0");
  require(s.high_freq_factor > s.low_freq_factor, "rope_scaling.high_freq_factor", s.high_freq_factor,
          "must be above low_freq_factor");
  require(s.original_max_position_embeddings > 0, "rope_scaling.original_max_position_embeddings",
          s.original_max_position_embeddings, "must be above 0");
}

void check_ids(const LlamaConfig& c) {
  const auto id = [&](const char* field, std::int64_t value) {
    require(value >= -1 && value < c.vocab_size, field, value, "is outside the vocabulary");
  };
  id("bos_token_id", c.bos_token_id);
  id("pad_token_id", c.pad_token_id);
  for (auto value : c.eos_token_id) id("eos_token_id", value);
}

Json rotary_json(const LlamaConfig& c) {
  Json out{{"rope_theta", c.rope_theta}, {"rope_type", "default"}};
  const auto& s = c.rope_scaling;
  if (s.kind == RopeScaling::Kind::none) return out;
  out["factor"] = s.factor;
  out["rope_type"] = s.kind == RopeScaling::Kind::linear ? "linear" : "llama3";
  if (s.kind == RopeScaling::Kind::linear) return out;
  out["low_freq_factor"] = s.low_freq_factor;
  out["high_freq_factor"] = s.high_freq_factor;
  out["original_max_position_embeddings"] = s.original_max_position_embeddings;
  return out;
}

// One id, a list of them, or null.
Json ids_json(const std::vector<std::int64_t>& ids) {
  if (ids.empty()) return nullptr;
  return ids.size() == 1 ? Json(ids[0]) : Json(ids);
}

constexpr std::int64_t most_layers =
    10'000;  // each is an object of some kilobytes before any weight is there

}  // namespace

LlamaConfig resolve(LlamaConfig c) {
  const auto positive = [](const char* field, std::int64_t value) {
    require(value >= 1 && value < (std::int64_t{1} << 31), field, value, "must be between 1 and 2^31");
  };
  positive("vocab_size", c.vocab_size);
  positive("hidden_size", c.hidden_size);
  positive("intermediate_size", c.intermediate_size);
  require(c.num_hidden_layers >= 1 && c.num_hidden_layers <= most_layers, "num_hidden_layers",
          c.num_hidden_layers, "must be between 1 and 10000");
  positive("num_attention_heads", c.num_attention_heads);
  positive("max_position_embeddings", c.max_position_embeddings);
  if (c.num_key_value_heads == 0) c.num_key_value_heads = c.num_attention_heads;
  positive("num_key_value_heads", c.num_key_value_heads);
  require(c.num_attention_heads % c.num_key_value_heads == 0, "num_key_value_heads", c.num_key_value_heads,
          "does not divide num_attention_heads");
  require(c.head_dim != 0 || c.hidden_size % c.num_attention_heads == 0, "num_attention_heads",
          c.num_attention_heads, "does not divide hidden_size");
  if (c.head_dim == 0) c.head_dim = c.hidden_size / c.num_attention_heads;
  positive("head_dim", c.head_dim);
  require(c.head_dim % 2 == 0, "head_dim", c.head_dim, "must be even (rotary embedding turns pairs)");
  require(c.rms_norm_eps > 0.0 && c.rms_norm_eps < 1.0, "rms_norm_eps", c.rms_norm_eps,
          "must be between 0 and 1");
  require(c.initializer_range >= 0.0 && c.initializer_range <= 1.0, "initializer_range", c.initializer_range,
          "must be between 0 and 1");
  if (c.rope_scaling.original_max_position_embeddings == 0)
    c.rope_scaling.original_max_position_embeddings = c.max_position_embeddings;
  check_rotary(c);
  check_ids(c);
  return c;
}

LlamaConfig parse_llama_config(std::string_view text, const std::string& where) {
  Json json;
  try {
    json = support::parse_json<Json>(text);
  } catch (const support::JsonError& error) {
    throw std::runtime_error(fmt::format("{}: {}", where, error.what()));
  }
  if (!json.is_object()) throw std::runtime_error(where + ": not a JSON object");
  Keys keys(json, where);
  LlamaConfig c;
  refuse_unsupported(keys);
  keys.read("vocab_size", c.vocab_size, true);
  keys.read("hidden_size", c.hidden_size, true);
  keys.read("intermediate_size", c.intermediate_size, true);
  keys.read("num_hidden_layers", c.num_hidden_layers, true);
  keys.read("num_attention_heads", c.num_attention_heads, true);
  keys.read("num_key_value_heads", c.num_key_value_heads);
  keys.read("head_dim", c.head_dim);
  keys.read("max_position_embeddings", c.max_position_embeddings);
  keys.read("rms_norm_eps", c.rms_norm_eps);
  keys.read("initializer_range", c.initializer_range);
  keys.read("tie_word_embeddings", c.tie_word_embeddings);
  keys.read("attention_bias", c.attention_bias);
  keys.read("mlp_bias", c.mlp_bias);
  read_id(keys, json, "bos_token_id", c.bos_token_id);
  read_id(keys, json, "pad_token_id", c.pad_token_id);
  keys.read("eos_token_id", c.eos_token_id);
  read_rotary(keys, where, c);
  c.other_keys = keys.unseen().dump();
  try {
    return resolve(std::move(c));
  } catch (const std::invalid_argument& error) {
    throw std::runtime_error(fmt::format("{}: {}", where, error.what()));
  }
}

LlamaConfig read_llama_config(const std::filesystem::path& folder) {
  const auto path = folder / "config.json";
  if (std::filesystem::is_directory(path))
    throw std::runtime_error(path.string() + ": is a folder, not a file");
  std::ifstream in(path, std::ios::binary);
  if (!in)
    throw std::runtime_error(
        fmt::format("{}: cannot be opened; a model is a Hugging Face folder with config.json, "
                    "model.safetensors and tokenizer.model",
                    path.string()));
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  return parse_llama_config(text, path.string());
}

std::string to_json(const LlamaConfig& config, std::string_view torch_dtype) {
  const auto c = resolve(config);
  const auto optional_id = [](std::int64_t id) { return id < 0 ? Json(nullptr) : Json(id); };
  auto json = c.other_keys.empty() ? Json::object() : Json::parse(c.other_keys);
  json["architectures"] = {"LlamaForCausalLM"};
  json["model_type"] = "llama";
  json["hidden_act"] = "silu";
  json["torch_dtype"] = torch_dtype;
  json["vocab_size"] = c.vocab_size;
  json["hidden_size"] = c.hidden_size;
  json["intermediate_size"] = c.intermediate_size;
  json["num_hidden_layers"] = c.num_hidden_layers;
  json["num_attention_heads"] = c.num_attention_heads;
  json["num_key_value_heads"] = c.num_key_value_heads;
  json["head_dim"] = c.head_dim;
  json["max_position_embeddings"] = c.max_position_embeddings;
  json["rms_norm_eps"] = c.rms_norm_eps;
  json["initializer_range"] = c.initializer_range;
  json["tie_word_embeddings"] = c.tie_word_embeddings;
  json["attention_bias"] = c.attention_bias;
  json["mlp_bias"] = c.mlp_bias;
  json["bos_token_id"] = optional_id(c.bos_token_id);
  json["pad_token_id"] = optional_id(c.pad_token_id);
  json["eos_token_id"] = ids_json(c.eos_token_id);
  // Both spellings: transformers 5 reads rope_parameters, 4 and most other programs the two keys.
  json["rope_parameters"] = rotary_json(c);
  json["rope_theta"] = c.rope_theta;
  auto scaling = rotary_json(c);
  scaling.erase("rope_theta");
  json["rope_scaling"] = c.rope_scaling.kind == RopeScaling::Kind::none ? Json(nullptr) : scaling;
  return json.dump(2) + "\n";
}

}  // namespace ifstop
