// Fuzzes the safetensors header: any bytes either parse, and then every tensor lies inside the file, or throw
// std::runtime_error.
#include <cstdlib>
#include <stdexcept>

#include "llama/safetensors_header.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  try {
    const auto header = ifstop::llama::parse_safetensors_header(bytes, "fuzz");
    for (const auto& tensor : header.tensors)
      if (tensor.begin > tensor.end || header.data_offset + tensor.end > size) std::abort();
  } catch (const std::runtime_error&) {
  }
  return 0;
}
