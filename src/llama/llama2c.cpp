#include "ifstop/llama/llama2c.hpp"

#include <fmt/format.h>
#include <torch/torch.h>

#include <array>
#include <cstring>
#include <map>

#include "ifstop/llama/model.hpp"
#include "llama/llama2c_tokenizer.hpp"
#include "llama/mapped_file.hpp"
#include "llama/safetensors.hpp"
#include "support/atomic_file.hpp"

namespace ifstop {
namespace {

namespace fs = std::filesystem;

// The seven 32-bit numbers at the start.
struct Header {
  std::int32_t dim, hidden_dim, n_layers, n_heads, n_kv_heads, vocab_size, seq_len;
};
static_assert(sizeof(Header) == 28);

constexpr double norm_eps = 1e-5;       // fixed in run.c
constexpr double rope_theta = 10000.0;  // fixed in run.c

LlamaConfig config_of(const Header& h, const std::string& where) {
  if (h.dim == 0x616b3432)  // "ak42"
    throw std::runtime_error(where +
                             ": is of llama2.c's newer format (\"ak42\"); export it with --version 0");
  LlamaConfig c;
  c.vocab_size =
      std::abs(static_cast<std::int64_t>(h.vocab_size));  // negative: the output matrix is not the embedding
  c.tie_word_embeddings = h.vocab_size > 0;
  c.hidden_size = h.dim;
  c.intermediate_size = h.hidden_dim;
  c.num_hidden_layers = h.n_layers;
  c.num_attention_heads = h.n_heads;
  c.num_key_value_heads = h.n_kv_heads;
  c.max_position_embeddings = h.seq_len;
  c.rms_norm_eps = norm_eps;
  c.rope_theta = rope_theta;
  try {
    if (h.n_kv_heads < 1)
      throw std::invalid_argument(fmt::format("num_key_value_heads = {} is below 1", h.n_kv_heads));
    return resolve(c);
  } catch (const std::invalid_argument& error) {
    throw std::runtime_error(fmt::format("{}: is no llama2.c checkpoint: {}", where, error.what()));
  }
}

Header read_header(std::string_view bytes, const std::string& where) {
  Header header{};
  if (bytes.size() < sizeof header)
    throw std::runtime_error(fmt::format("{}: is cut off: {} bytes", where, bytes.size()));
  std::memcpy(&header, bytes.data(), sizeof header);
  return header;
}

// Tensors of the file in its order: a name of Hugging Face's with {} for the layer, and whether its rows are
// turned.
struct Slot {
  const char* name;
  bool per_layer;
  bool rotary;
};

constexpr std::array<Slot, 11> slots{{{"model.embed_tokens.weight", false, false},
                                      {"model.layers.{}.input_layernorm.weight", true, false},
                                      {"model.layers.{}.self_attn.q_proj.weight", true, true},
                                      {"model.layers.{}.self_attn.k_proj.weight", true, true},
                                      {"model.layers.{}.self_attn.v_proj.weight", true, false},
                                      {"model.layers.{}.self_attn.o_proj.weight", true, false},
                                      {"model.layers.{}.post_attention_layernorm.weight", true, false},
                                      {"model.layers.{}.mlp.gate_proj.weight", true, false},
                                      {"model.layers.{}.mlp.down_proj.weight", true, false},
                                      {"model.layers.{}.mlp.up_proj.weight", true, false},
                                      {"model.norm.weight", false, false}}};

// Neighbouring pairs to halves of each head, and back. x [heads * D, C].
at::Tensor to_halves(const at::Tensor& x, std::int64_t head_dim) {
  return x.view({-1, head_dim / 2, 2, x.size(1)}).transpose(1, 2).reshape_as(x);
}
at::Tensor to_pairs(const at::Tensor& x, std::int64_t head_dim) {
  return x.view({-1, 2, head_dim / 2, x.size(1)}).transpose(1, 2).reshape_as(x);
}

// Calls visit(tensor, rotary) for each tensor in the file's order; lm_head, which comes after the tables, is
// left out.
template <typename Visit>
void for_each_slot(const Llama& model, Visit&& visit) {
  std::map<std::string, at::Tensor> tensors;
  for (const auto& [name, tensor] : model.hf_tensors()) tensors[name] = tensor;
  for (const auto& slot : slots)
    for (std::int64_t i = 0; i < (slot.per_layer ? model.config().num_hidden_layers : 1); ++i)
      visit(tensors.at(fmt::format(fmt::runtime(slot.name), i)), slot.rotary);
}

std::int64_t table_floats(const LlamaConfig& c) {
  return 2 * c.max_position_embeddings * (c.head_dim / 2);
}

void check_size(std::string_view bytes, const LlamaConfig& c, const std::string& where) {
  Llama shape(c, {c10::kMeta, c10::kFloat}, 0);
  std::int64_t floats = table_floats(c);
  for (const auto& [name, tensor] : shape.hf_tensors()) floats += tensor.numel();
  const auto wanted = sizeof(Header) + static_cast<std::size_t>(floats) * sizeof(float);
  if (bytes.size() != wanted)
    throw std::runtime_error(
        fmt::format("{}: has {} bytes where its header asks for {}; copy or download it again", where,
                    bytes.size(), wanted));
}

at::Tensor head_of(const Llama& model) {
  return model.hf_tensors().back().second;
}

Llama read_model(std::string_view bytes, const LlamaConfig& config) {
  Llama model(config, {}, 0);
  torch::NoGradGuard no_grad;
  const char* place = bytes.data() + sizeof(Header);
  const auto take = [&](const at::Tensor& like) {
    auto out = at::empty(like.sizes(), at::kFloat);
    std::memcpy(out.mutable_data_ptr(), place, out.nbytes());
    place += out.nbytes();
    return out;
  };
  for_each_slot(model, [&](const at::Tensor& tensor, bool rotary) {
    const auto stored = take(tensor);
    tensor.copy_(rotary ? to_halves(stored, config.head_dim) : stored);
  });
  place += static_cast<std::size_t>(table_floats(config)) * sizeof(float);
  if (!config.tie_word_embeddings) head_of(model).copy_(take(head_of(model)));
  return model;
}

void check_writable(const LlamaConfig& c, const fs::path& folder) {
  const auto require = [&](bool ok, const char* key, const std::string& rule) {
    if (!ok)
      throw std::runtime_error(fmt::format("{}: \"{}\" {}", (folder / "config.json").string(), key, rule));
  };
  require(c.rms_norm_eps == norm_eps, "rms_norm_eps",
          fmt::format("is {}; llama2.c always uses 1e-05", c.rms_norm_eps));
  require(c.rope_theta == rope_theta, "rope_theta",
          fmt::format("is {}; llama2.c always uses 10000", c.rope_theta));
  require(c.rope_scaling.kind == RopeScaling::Kind::none, "rope_scaling", "is set; llama2.c has none");
  require(!c.attention_bias, "attention_bias", "is true; llama2.c has no biases");
  require(!c.mlp_bias, "mlp_bias", "is true; llama2.c has no biases");
  require(c.head_dim * c.num_attention_heads == c.hidden_size, "head_dim",
          fmt::format("is {}; llama2.c always uses hidden_size / num_attention_heads", c.head_dim));
}

// What run.c once read: cosines, then sines, [seq_len, D / 2] each.
at::Tensor rotary_tables(const LlamaConfig& c) {
  const auto frequencies =
      at::pow(c.rope_theta, -at::arange(0, c.head_dim, 2, at::kDouble) / static_cast<double>(c.head_dim));
  const auto angles = at::outer(at::arange(c.max_position_embeddings, at::kDouble), frequencies);
  return at::cat({angles.cos(), angles.sin()}).to(at::kFloat);
}

}  // namespace

fs::path find_llama2c_tokenizer(const fs::path& checkpoint) {
  const llama::MappedFile file(checkpoint);
  const auto vocab =
      std::abs(static_cast<std::int64_t>(read_header(file.bytes(), checkpoint.string()).vocab_size));
  const auto folder = checkpoint.parent_path();
  for (const auto& name : {fmt::format("tok{}.bin", vocab), std::string("tokenizer.bin")})
    if (fs::exists(folder / name)) return folder / name;
  std::vector<fs::path> found;
  for (const auto& item : fs::directory_iterator(folder.empty() ? fs::path(".") : folder)) {
    const auto name = item.path().filename().string();
    if (name.starts_with("tok") && name.ends_with(".bin") && item.path().filename() != checkpoint.filename())
      found.push_back(item.path());
  }
  if (found.size() > 1)
    throw std::runtime_error(fmt::format("{}: {} and {} could be its tokenizer; choose one with --tokenizer",
                                         checkpoint.string(), found[0].filename().string(),
                                         found[1].filename().string()));
  return found.empty() ? fs::path() : found[0];
}

void llama2c_to_hf(const fs::path& checkpoint, const fs::path& tokenizer, const fs::path& folder) {
  const auto where = checkpoint.string();
  const llama::MappedFile file(checkpoint);
  const auto config = config_of(read_header(file.bytes(), where), where);
  check_size(file.bytes(), config, where);
  const auto model = read_model(file.bytes(), config);
  if (!tokenizer.empty()) {
    const auto pieces = llama::read_llama2c_tokenizer(tokenizer, config.vocab_size);
    fs::create_directories(folder);
    llama::write_sentencepiece(pieces, folder);
  }
  model.save(folder);
}

void hf_to_llama2c(const fs::path& folder, const fs::path& checkpoint, const fs::path& tokenizer) {
  const auto model = Llama::load(folder);
  const auto& c = model.config();
  check_writable(c, folder);
  if (!tokenizer.empty()) llama::write_llama2c_tokenizer(folder / "tokenizer.model", c.vocab_size, tokenizer);
  const auto small = [](std::int64_t value) { return static_cast<std::int32_t>(value); };
  const Header header{small(c.hidden_size),
                      small(c.intermediate_size),
                      small(c.num_hidden_layers),
                      small(c.num_attention_heads),
                      small(c.num_key_value_heads),
                      small(c.tie_word_embeddings ? c.vocab_size : -c.vocab_size),
                      small(c.max_position_embeddings)};
  support::AtomicFile file(checkpoint);
  file.write(&header, sizeof header);
  const auto put = [&](const at::Tensor& tensor) {
    file.write(tensor.contiguous().const_data_ptr(), tensor.nbytes());
  };
  for_each_slot(model, [&](const at::Tensor& tensor, bool rotary) {
    put(rotary ? to_pairs(tensor, c.head_dim) : tensor);
  });
  put(rotary_tables(c));
  if (!c.tie_word_embeddings) put(head_of(model));
  file.commit();
}

}  // namespace ifstop
