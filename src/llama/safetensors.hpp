// Tensors in safetensors files (https://github.com/huggingface/safetensors, "Format").
#pragma once
#include <ATen/core/Tensor.h>

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "llama/mapped_file.hpp"
#include "llama/safetensors_header.hpp"

namespace ifstop::llama {

using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

/// A file mapped for reading. Its header is checked whole at construction.
class SafetensorsFile {
 public:
  /// Throws std::runtime_error naming file and tensor.
  explicit SafetensorsFile(const std::filesystem::path& path);

  const std::vector<TensorEntry>& entries() const { return header_.tensors; }
  const std::map<std::string, std::string>& metadata() const { return header_.metadata; }
  const TensorEntry* find(const std::string& name) const;  ///< nullptr where there is none
  const std::string& where() const { return where_; }

  /// A CPU tensor in the mapped memory: not to be written, valid while this lives. Throws std::runtime_error
  /// where LibTorch has no such type.
  at::Tensor tensor(const TensorEntry& entry) const;

 private:
  std::string where_;
  MappedFile file_;
  SafetensorsHeader header_;
};

/// Writes tensors of any device; the file appears whole or not at all. Hugging Face transformers refuses a
/// file without the metadata "format". Throws std::runtime_error naming the file, std::invalid_argument
/// naming a tensor whose type the format lacks.
void write_safetensors(const std::filesystem::path& path, const NamedTensors& tensors,
                       const std::map<std::string, std::string>& metadata = {{"format", "pt"}});

}  // namespace ifstop::llama
