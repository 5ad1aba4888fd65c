// Fuzzes the cutting of text: whatever the bytes, words put together are the text, and so are the parts
// between added tokens.
#include <cstdlib>

#include "llama/added_tokens.hpp"
#include "llama/split_pattern.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace ifstop::llama;
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const auto pattern : {SplitPattern::gpt2, SplitPattern::llama3, SplitPattern::qwen2}) {
    std::string all;
    for (const auto word : split_words(text, pattern)) {
      if (word.empty()) std::abort();
      all += word;
    }
    if (all != text) std::abort();
  }
  const std::vector<AddedToken> tokens{{"ab", 1, false, true, true, false, false},
                                       {"a", 2, false, false, false, true, false},
                                       {"abc", 3, true, false, true, false, true},
                                       {" b", 4, false, true, false, false, true}};
  std::string all;
  for (const auto& part : split_added(text, tokens)) all += part.text;
  if (all != text) std::abort();
  return 0;
}
