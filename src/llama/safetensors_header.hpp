// The header of a safetensors file: 8 bytes with its length, then JSON that says where each tensor lies. No
// LibTorch.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ifstop::llama {

/// One tensor of a file.
struct TensorEntry {
  std::string name;
  std::string dtype;  // "F32", "BF16", …
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0, end = 0;  // bytes in the data that follows the header
};

struct SafetensorsHeader {
  std::vector<TensorEntry> tensors;  // in the order in which they lie in the file
  std::map<std::string, std::string> metadata;
  std::uint64_t data_offset = 0;  // of the data in the file
};

/// Reads the header at the start of a file's bytes. Holds a file to the format's letter: known types, sizes
/// that agree with shapes, tensors that neither overlap nor leave holes nor end before or after the file
/// does. Throws std::runtime_error beginning with `where` and naming the tensor.
SafetensorsHeader parse_safetensors_header(std::string_view file, const std::string& where);

/// Length and JSON, padded with spaces so that the data starts at a multiple of 8. `tensors` carry their
/// offsets.
std::string safetensors_header(const std::vector<TensorEntry>& tensors,
                               const std::map<std::string, std::string>& metadata);

}  // namespace ifstop::llama
