// Fuzzes what wraps sentencepiece's tokenizer.model: any bytes either are a model, which then encodes, or
// throw std::runtime_error.
#include <cstdlib>
#include <stdexcept>

#include "llama/text_codec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  try {
    const auto codec =
        ifstop::llama::parse_sentencepiece({reinterpret_cast<const char*>(data), size}, "fuzz");
    for (const auto id : codec->encode("It's 12 \n ü"))
      if (id < 0 || id >= static_cast<std::int64_t>(codec->bytes.size())) std::abort();
  } catch (const std::runtime_error&) {
  }
  return 0;
}
