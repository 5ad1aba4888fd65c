// Fuzzes tokenizer.json: any text either is a tokenizer, which then encodes any text into ids that it knows,
// or throws std::runtime_error.
#include <cstdlib>
#include <stdexcept>

#include "llama/text_codec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const auto codec = ifstop::llama::parse_tokenizer_json(text, "fuzz");
    for (const auto part : {std::string_view("It's 1234 \n ünïcode\xFF <|a|>"), text.substr(0, 300)})
      for (const auto id : codec->encode(part))
        if (id < 0 || id >= static_cast<std::int64_t>(codec->bytes.size())) std::abort();
  } catch (const std::runtime_error&) {
  }
  return 0;
}
