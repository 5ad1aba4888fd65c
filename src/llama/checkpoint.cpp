// Hugging Face folders: Llama::load and Llama::save.
#include <fmt/format.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "llama/modules.hpp"
#include "llama/safetensors.hpp"
#include "support/atomic_file.hpp"

namespace ifstop {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr const char* single_file = "model.safetensors";
constexpr const char* index_file = "model.safetensors.index.json";

struct Stored {
  const llama::SafetensorsFile* file;
  const llama::TensorEntry* entry;
};

// The weights of a folder, mapped, by name.
class Folder {
 public:
  explicit Folder(const fs::path& folder) : folder_(folder) {
    if (fs::exists(folder / single_file)) {
      const auto& file = open(single_file);
      for (const auto& entry : file.entries()) tensors_[entry.name] = {&file, &entry};
    } else if (fs::exists(folder / index_file)) {
      read_index(folder / index_file);
    } else {
      refuse();
    }
  }

  std::map<std::string, Stored>& tensors() { return tensors_; }

 private:
  const llama::SafetensorsFile& open(const std::string& name) {
    auto& file = files_[name];
    if (!file) file = std::make_unique<llama::SafetensorsFile>(folder_ / name);
    return *file;
  }

  void read_index(const fs::path& path) {
    Json json;
    try {
      json = Json::parse(std::ifstream(path));
    } catch (const Json::exception& error) {
      throw std::runtime_error(fmt::format("{}: not JSON: {}", path.string(), error.what()));
    }
    if (!json.is_object() || !json.contains("weight_map") || !json["weight_map"].is_object())
      throw std::runtime_error(fmt::format("{}: has no object \"weight_map\"", path.string()));
    for (const auto& [name, shard] : json["weight_map"].items()) {
      if (!shard.is_string() || fs::path(shard.get<std::string>()).filename() != shard.get<std::string>())
        throw std::runtime_error(fmt::format("{}: tensor \"{}\" lies in {}, which is no file name",
                                             path.string(), name, shard.dump()));
      const auto& file = open(shard.get<std::string>());
      const auto* entry = file.find(name);
      if (!entry)
        throw std::runtime_error(
            fmt::format("{}: tensor \"{}\" is not in {}", path.string(), name, file.where()));
      tensors_[name] = {&file, entry};
    }
  }

  [[noreturn]] void refuse() const {
    const auto folder = folder_.string();
    if (fs::exists(folder_ / "pytorch_model.bin") || fs::exists(folder_ / "pytorch_model.bin.index.json"))
      throw std::runtime_error(fmt::format(
          "{0}: holds pytorch_model.bin, a pickle, which is not read. Convert it: python3 -c \"from "
          "transformers import "
          "AutoModelForCausalLM as M; M.from_pretrained('{0}').save_pretrained('{0}-safetensors')\"",
          folder));
    throw std::runtime_error(fmt::format("{}: has neither {} nor {}", folder, single_file, index_file));
  }

  fs::path folder_;
  std::map<std::string, std::unique_ptr<llama::SafetensorsFile>> files_;
  std::map<std::string, Stored> tensors_;
};

// Old checkpoints carry the rotary tables; tied ones may repeat the embedding.
bool ignorable(const std::string& name, const LlamaConfig& config) {
  return name.ends_with(".rotary_emb.inv_freq") || (config.tie_word_embeddings && name == "lm_head.weight");
}

std::string shape_text(c10::IntArrayRef shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

void check_tensor(const std::string& name, const at::Tensor& wanted, const Stored& stored) {
  if (wanted.sizes() != c10::IntArrayRef(stored.entry->shape))
    throw std::runtime_error(fmt::format("{}: tensor \"{}\" is {}, but config.json asks for {}",
                                         stored.file->where(), name, shape_text(stored.entry->shape),
                                         shape_text(wanted.sizes())));
  if (!at::isFloatingType(stored.file->tensor(*stored.entry).scalar_type()))
    throw std::runtime_error(fmt::format("{}: tensor \"{}\" is of type {}; weights are F32, BF16, F16 or F64",
                                         stored.file->where(), name, stored.entry->dtype));
}

// Every tensor checked before any is used.
void check_all(const fs::path& folder, std::map<std::string, Stored>& stored,
               const llama::NamedTensors& wanted, const LlamaConfig& config) {
  std::set<std::string> names;
  for (const auto& [name, tensor] : wanted) {
    names.insert(name);
    const auto it = stored.find(name);
    if (it == stored.end())
      throw std::runtime_error(fmt::format("{}: tensor \"{}\" is missing", folder.string(), name));
    check_tensor(name, tensor, it->second);
  }
  for (const auto& [name, where] : stored)
    if (!names.contains(name) && !ignorable(name, config))
      throw std::runtime_error(fmt::format("{}: tensor \"{}\" has no place in a LLaMA of this config.json",
                                           where.file->where(), name));
}

std::string dtype_name(c10::ScalarType type) {
  switch (type) {
    case c10::kBFloat16:
      return "bfloat16";
    case c10::kHalf:
      return "float16";
    case c10::kDouble:
      return "float64";
    default:
      return "float32";
  }
}

// Consecutive tensors in shards of at most `limit` bytes (a larger tensor has one of its own).
std::vector<llama::NamedTensors> split(const llama::NamedTensors& tensors, std::int64_t limit) {
  std::vector<llama::NamedTensors> shards(1);
  std::int64_t bytes = 0;
  for (const auto& item : tensors) {
    const auto size = static_cast<std::int64_t>(item.second.nbytes());
    if (!shards.back().empty() && bytes + size > limit) {
      shards.emplace_back();
      bytes = 0;
    }
    shards.back().push_back(item);
    bytes += size;
  }
  return shards;
}

// Weights of an earlier save that the new index does not name.
void remove_other_weights(const fs::path& folder, const std::set<std::string>& keep) {
  for (const auto& item : fs::directory_iterator(folder)) {
    const auto name = item.path().filename().string();
    const bool weights = name == single_file || name == index_file ||
                         (name.starts_with("model-") && name.ends_with(".safetensors"));
    if (weights && !keep.contains(name)) fs::remove(item.path());
  }
}

}  // namespace

Llama Llama::load(const fs::path& folder, Placement placement) {
  const auto config = read_llama_config(folder);
  Folder stored(folder);
  Llama model(std::make_shared<llama::Model>(config, Placement{c10::kMeta, placement.dtype}));
  check_all(folder, stored.tensors(), model.hf_tensors(), config);
  model = Llama(std::make_shared<llama::Model>(config, placement));
  torch::NoGradGuard no_grad;
  for (auto& [name, tensor] : model.hf_tensors()) {
    const auto& from = stored.tensors().at(name);
    tensor.copy_(from.file->tensor(*from.entry));
  }
  return model;
}

void Llama::save(const fs::path& folder, std::int64_t max_shard_bytes) const {
  fs::create_directories(folder);
  const auto shards = split(hf_tensors(), max_shard_bytes);
  std::set<std::string> written;
  auto weight_map = Json::object();
  std::int64_t total = 0;
  for (std::size_t i = 0; i < shards.size(); ++i) {
    const auto name = shards.size() == 1
                          ? single_file
                          : fmt::format("model-{:05}-of-{:05}.safetensors", i + 1, shards.size());
    llama::write_safetensors(folder / name, shards[i]);
    written.insert(name);
    for (const auto& [tensor, value] : shards[i]) {
      weight_map[tensor] = name;
      total += static_cast<std::int64_t>(value.nbytes());
    }
  }
  if (shards.size() > 1) {
    const Json index{{"metadata", {{"total_size", total}}}, {"weight_map", weight_map}};
    support::write_file(folder / index_file, index.dump(2) + "\n");
    written.insert(index_file);
  }
  support::write_file(folder / "config.json", to_json(config(), dtype_name(dtype())));
  remove_other_weights(folder, written);
}

}  // namespace ifstop
