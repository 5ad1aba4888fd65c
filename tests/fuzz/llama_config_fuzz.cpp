// Fuzzes config.json: any text either parses, and then what is written reads back the same, or throws
// std::runtime_error.
#include <cstdlib>
#include <stdexcept>

#include "ifstop/llama/config.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  ifstop::LlamaConfig config;
  try {
    config = ifstop::parse_llama_config({reinterpret_cast<const char*>(data), size}, "fuzz");
  } catch (const std::runtime_error&) {
    return 0;
  }
  const auto text = ifstop::to_json(config);
  if (ifstop::to_json(ifstop::parse_llama_config(text, "again")) != text) std::abort();
  return 0;
}
