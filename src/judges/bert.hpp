// BERT (Devlin et al. 2018) as Hugging Face folders hold it, with the head of a sequence classifier.
// Functional: named tensors and one forward pass.
//
// Letters: B rows, T tokens of the longest row, C hidden_size, H heads, D = C / H.
#pragma once
#include <torch/torch.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace ifstop::judges {

struct BertConfig {
  std::int64_t vocab_size = 0, hidden_size = 0, num_hidden_layers = 0, num_attention_heads = 0,
               intermediate_size = 0;
  std::int64_t max_position_embeddings = 512, type_vocab_size = 2;
  double layer_norm_eps = 1e-12;

  /// Throws std::runtime_error naming the file and the field that is missing or not supported.
  static BertConfig read(const std::filesystem::path& file);
};

/// One row: ids with [CLS] and [SEP], and for each 0 (first text) or 1 (second).
struct BertRow {
  std::vector<std::int64_t> ids, types;
};

class Bert {
 public:
  /// Reads config.json and model.safetensors, with names with or without the prefix "bert.". Where the folder
  /// has no pooler or classifier (a plain encoder), these are drawn from `seed`: it then needs training.
  /// Throws std::runtime_error naming file and tensor.
  static Bert load(const std::filesystem::path& folder, std::uint64_t seed = 1);

  /// Writes config.json and model.safetensors as BertForSequenceClassification reads them.
  void save(const std::filesystem::path& folder) const;

  /// Final hidden states [B, T, C]; the places behind a row's end are meaningless.
  torch::Tensor hidden(std::span<const BertRow> rows) const;
  /// [B, 2].
  torch::Tensor logits(std::span<const BertRow> rows) const;

  /// Whether the head was in the folder.
  bool has_head() const { return has_head_; }
  const BertConfig& config() const { return config_; }
  const std::map<std::string, torch::Tensor>& parameters() const { return tensors_; }
  void require_gradients(bool on);
  double dropout = 0;  ///< in training: of embeddings, attention and both parts of each layer

 private:
  const torch::Tensor& at(const std::string& name) const { return tensors_.at(name); }
  torch::Tensor linear(const torch::Tensor& x, const std::string& name) const;
  torch::Tensor norm(const torch::Tensor& x, const std::string& name) const;
  torch::Tensor dropped(const torch::Tensor& x) const;
  torch::Tensor attention(const torch::Tensor& x, const torch::Tensor& mask, const std::string& layer) const;
  void check_shapes(const std::string& where) const;

  BertConfig config_;
  std::map<std::string, torch::Tensor> tensors_;  ///< under BertForSequenceClassification's names
  bool has_head_ = true;
};

}  // namespace ifstop::judges
