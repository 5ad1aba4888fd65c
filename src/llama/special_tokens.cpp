#include "ifstop/llama/special_tokens.hpp"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace ifstop {
namespace {

using Json = nlohmann::json;
using Path = std::filesystem::path;

// An empty object where there is no such file.
Json read_object(const Path& path) {
  std::ifstream file(path);
  if (!file) return Json::object();
  try {
    auto json = Json::parse(file);
    if (json.is_object()) return json;
  } catch (const Json::exception& error) {
    throw std::runtime_error(path.string() + ": " + error.what());
  }
  throw std::runtime_error(path.string() + ": not a JSON object");
}

[[noreturn]] void refuse(const Path& path, const std::string& key, const Json& value, const char* wanted) {
  throw std::runtime_error(path.string() + ": \"" + key + "\" is " + value.dump() + ", but must be " +
                           wanted);
}

// One id or a list of them; nothing where the key is missing or null.
std::vector<std::int64_t> ids(const Json& json, const Path& path, const std::string& key) {
  if (!json.contains(key) || json[key].is_null()) return {};
  std::vector<std::int64_t> result;
  const auto& value = json[key];
  const auto list = value.is_array() ? value : Json::array({value});
  for (const auto& id : list) {
    if (!id.is_number_integer()) refuse(path, key, value, "a token id or a list of them");
    if (id.get<std::int64_t>() >= 0)
      result.push_back(id.get<std::int64_t>());  // -1 is the old way to say "none"
  }
  return result;
}

std::int64_t one_id(const Json& json, const Path& path, const std::string& key) {
  const auto found = ids(json, path, key);
  return found.empty() ? -1 : found.front();
}

// "<s>" or {"content": "<s>", …}
std::string piece(const Json& json, const Path& path, const std::string& key) {
  if (!json.contains(key) || json[key].is_null()) return {};
  const auto& value = json[key];
  if (value.is_string()) return value;
  if (value.is_object() && value.contains("content") && value["content"].is_string()) return value["content"];
  refuse(path, key, value, "a string or an object with \"content\"");
}

}  // namespace

SpecialTokens read_special_tokens(const Path& folder) {
  const Path generation_path = folder / "generation_config.json", config_path = folder / "config.json";
  const Path tokenizer_path = folder / "tokenizer_config.json";
  const auto generation = read_object(generation_path), config = read_object(config_path);
  const auto tokenizer = read_object(tokenizer_path);

  SpecialTokens result;
  result.bos = one_id(generation, generation_path, "bos_token_id");
  if (result.bos < 0) result.bos = one_id(config, config_path, "bos_token_id");
  result.eos = ids(generation, generation_path, "eos_token_id");
  if (result.eos.empty()) result.eos = ids(config, config_path, "eos_token_id");
  std::sort(result.eos.begin(), result.eos.end());
  result.eos.erase(std::unique(result.eos.begin(), result.eos.end()), result.eos.end());
  result.pad = one_id(generation, generation_path, "pad_token_id");
  if (result.pad < 0) result.pad = one_id(config, config_path, "pad_token_id");
  result.bos_text = piece(tokenizer, tokenizer_path, "bos_token");
  result.eos_text = piece(tokenizer, tokenizer_path, "eos_token");
  result.pad_text = piece(tokenizer, tokenizer_path, "pad_token");
  if (tokenizer.contains("add_bos_token") && !tokenizer["add_bos_token"].is_null()) {
    if (!tokenizer["add_bos_token"].is_boolean())
      refuse(tokenizer_path, "add_bos_token", tokenizer["add_bos_token"], "true or false");
    result.add_bos = tokenizer["add_bos_token"].get<bool>();
  }
  return result;
}

}  // namespace ifstop
