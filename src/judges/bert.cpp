#include "judges/bert.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "llama/safetensors.hpp"
#include "support/atomic_file.hpp"

namespace ifstop::judges {
namespace {

using Json = nlohmann::ordered_json;
namespace F = torch::nn::functional;

std::string layer_name(std::int64_t i) {
  return fmt::format("bert.encoder.layer.{}.", i);
}

}  // namespace

BertConfig BertConfig::read(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error(file.string() + ": cannot read; a folder of a BERT has a config.json");
  const auto json = Json::parse(in, nullptr, false);
  if (!json.is_object()) throw std::runtime_error(file.string() + ": is no JSON object");
  const auto type = json.value("model_type", std::string("bert"));
  const auto act = json.value("hidden_act", std::string("gelu"));
  if (type != "bert")
    throw std::runtime_error(
        fmt::format("{}: model_type {} is not supported, only bert", file.string(), type));
  if (act != "gelu")
    throw std::runtime_error(
        fmt::format("{}: hidden_act {} is not supported, only gelu", file.string(), act));
  const auto number = [&](const char* field) {
    if (!json.contains(field) || !json[field].is_number_integer() || json[field].get<std::int64_t>() < 1)
      throw std::runtime_error(fmt::format("{}: {} is missing or no positive number", file.string(), field));
    return json[field].get<std::int64_t>();
  };
  BertConfig c;
  c.vocab_size = number("vocab_size");
  c.hidden_size = number("hidden_size");
  c.num_hidden_layers = number("num_hidden_layers");
  c.num_attention_heads = number("num_attention_heads");
  c.intermediate_size = number("intermediate_size");
  c.max_position_embeddings = number("max_position_embeddings");
  c.type_vocab_size = number("type_vocab_size");
  c.layer_norm_eps = json.value("layer_norm_eps", 1e-12);
  if (c.hidden_size % c.num_attention_heads != 0)
    throw std::runtime_error(fmt::format("{}: hidden_size {} is no multiple of num_attention_heads {}",
                                         file.string(), c.hidden_size, c.num_attention_heads));
  return c;
}

Bert Bert::load(const std::filesystem::path& folder, std::uint64_t seed) {
  Bert model;
  model.config_ = BertConfig::read(folder / "config.json");
  const llama::SafetensorsFile file(folder / "model.safetensors");
  for (const auto& entry : file.entries()) {
    if (entry.name.ends_with("position_ids")) continue;  // a buffer of old versions
    const bool bare = !entry.name.starts_with("bert.") && !entry.name.starts_with("classifier.");
    model.tensors_[(bare ? "bert." : "") + entry.name] = file.tensor(entry).to(torch::kFloat).clone();
  }
  const auto c = model.config_.hidden_size;
  const auto generator = torch::make_generator<at::CPUGeneratorImpl>(seed);
  const auto add = [&](const std::string& name, std::int64_t outputs) {
    if (model.tensors_.contains(name + ".weight")) return;
    model.has_head_ = false;
    model.tensors_[name + ".weight"] = torch::empty({outputs, c}).normal_(0, 0.02, generator);
    model.tensors_[name + ".bias"] = torch::zeros({outputs});
  };
  add("bert.pooler.dense", c);
  add("classifier", 2);
  model.check_shapes(file.where());
  return model;
}

void Bert::check_shapes(const std::string& where) const {
  const auto c = config_.hidden_size, wide = config_.intermediate_size;
  const auto expect = [&](const std::string& name, std::vector<std::int64_t> shape) {
    const auto found = tensors_.find(name);
    if (found == tensors_.end())
      throw std::runtime_error(fmt::format("{}: tensor \"{}\" is missing", where, name));
    if (found->second.sizes().vec() != shape)
      throw std::runtime_error(fmt::format("{}: tensor \"{}\" has shape [{}], config.json wants [{}]", where,
                                           name, fmt::join(found->second.sizes(), ", "),
                                           fmt::join(shape, ", ")));
  };
  const auto dense = [&](const std::string& name, std::int64_t out, std::int64_t in) {
    expect(name + ".weight", {out, in});
    expect(name + ".bias", {out});
  };
  expect("bert.embeddings.word_embeddings.weight", {config_.vocab_size, c});
  expect("bert.embeddings.position_embeddings.weight", {config_.max_position_embeddings, c});
  expect("bert.embeddings.token_type_embeddings.weight", {config_.type_vocab_size, c});
  expect("bert.embeddings.LayerNorm.weight", {c});
  for (std::int64_t i = 0; i < config_.num_hidden_layers; ++i) {
    for (const char* part :
         {"attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"})
      dense(layer_name(i) + part, c, c);
    dense(layer_name(i) + "intermediate.dense", wide, c);
    dense(layer_name(i) + "output.dense", c, wide);
    expect(layer_name(i) + "attention.output.LayerNorm.weight", {c});
    expect(layer_name(i) + "output.LayerNorm.weight", {c});
  }
  dense("bert.pooler.dense", c, c);
  dense("classifier", 2, c);
}

void Bert::save(const std::filesystem::path& folder) const {
  std::filesystem::create_directories(folder);
  const Json config{{"architectures", {"BertForSequenceClassification"}},
                    {"model_type", "bert"},
                    {"hidden_act", "gelu"},
                    {"vocab_size", config_.vocab_size},
                    {"hidden_size", config_.hidden_size},
                    {"num_hidden_layers", config_.num_hidden_layers},
                    {"num_attention_heads", config_.num_attention_heads},
                    {"intermediate_size", config_.intermediate_size},
                    {"max_position_embeddings", config_.max_position_embeddings},
                    {"type_vocab_size", config_.type_vocab_size},
                    {"layer_norm_eps", config_.layer_norm_eps},
                    {"num_labels", 2},
                    {"pad_token_id", 0}};
  llama::NamedTensors named;
  for (const auto& [name, tensor] : tensors_) named.emplace_back(name, tensor.detach());
  llama::write_safetensors(folder / "model.safetensors", named);
  support::write_file(folder / "config.json", config.dump(2) + "\n");
}

void Bert::require_gradients(bool on) {
  for (auto& [name, tensor] : tensors_) tensor.requires_grad_(on);
}

torch::Tensor Bert::linear(const torch::Tensor& x, const std::string& name) const {
  return F::linear(x, at(name + ".weight"), at(name + ".bias"));
}

torch::Tensor Bert::norm(const torch::Tensor& x, const std::string& name) const {
  return torch::layer_norm(x, {config_.hidden_size}, at(name + ".weight"), at(name + ".bias"),
                           config_.layer_norm_eps);
}

torch::Tensor Bert::dropped(const torch::Tensor& x) const {
  return dropout > 0 ? torch::dropout(x, dropout, true) : x;
}

torch::Tensor Bert::attention(const torch::Tensor& x, const torch::Tensor& mask,
                              const std::string& layer) const {
  const auto b = x.size(0), t = x.size(1), h = config_.num_attention_heads;
  const auto heads = [&](const char* part) {
    return linear(x, layer + "attention.self." + part).view({b, t, h, -1}).transpose(1, 2);  // [B, H, T, D]
  };
  const auto mixed =
      torch::scaled_dot_product_attention(heads("query"), heads("key"), heads("value"), mask, dropout);
  return dropped(linear(mixed.transpose(1, 2).reshape({b, t, -1}), layer + "attention.output.dense"));
}

torch::Tensor Bert::hidden(std::span<const BertRow> rows) const {
  std::size_t longest = 1;
  for (const auto& row : rows) longest = std::max(longest, row.ids.size());
  const auto b = static_cast<std::int64_t>(rows.size()), t = static_cast<std::int64_t>(longest);
  if (t > config_.max_position_embeddings)
    throw std::invalid_argument(fmt::format("a row of {} tokens is longer than max_position_embeddings = {}",
                                            t, config_.max_position_embeddings));
  auto ids = torch::zeros({b, t}, torch::kLong), types = torch::zeros({b, t}, torch::kLong);  // [B, T]
  auto mask = torch::zeros({b, 1, 1, t}, torch::kBool);
  for (std::int64_t i = 0; i < b; ++i) {
    const auto& row = rows[static_cast<std::size_t>(i)];
    const auto n = static_cast<std::int64_t>(row.ids.size());
    ids[i].slice(0, 0, n).copy_(torch::tensor(row.ids, torch::kLong));
    types[i].slice(0, 0, n).copy_(torch::tensor(row.types, torch::kLong));
    mask[i].slice(-1, 0, n).fill_(true);
  }
  const auto embedded = torch::embedding(at("bert.embeddings.word_embeddings.weight"), ids) +
                        torch::embedding(at("bert.embeddings.token_type_embeddings.weight"), types) +
                        at("bert.embeddings.position_embeddings.weight").slice(0, 0, t);
  auto x = dropped(norm(embedded, "bert.embeddings.LayerNorm"));  // [B, T, C]
  for (std::int64_t i = 0; i < config_.num_hidden_layers; ++i) {
    const auto layer = layer_name(i);
    x = norm(x + attention(x, mask, layer), layer + "attention.output.LayerNorm");
    const auto wide = torch::gelu(linear(x, layer + "intermediate.dense"));
    x = norm(x + dropped(linear(wide, layer + "output.dense")), layer + "output.LayerNorm");
  }
  return x;
}

torch::Tensor Bert::logits(std::span<const BertRow> rows) const {
  const auto first = hidden(rows).select(1, 0);  // [B, C]: the place of [CLS]
  return linear(dropped(torch::tanh(linear(first, "bert.pooler.dense"))), "classifier").to(torch::kFloat);
}

}  // namespace ifstop::judges
