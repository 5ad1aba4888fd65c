// The regular expressions by which byte-pair tokenizers cut text into words, each as code: there is no
// library of Unicode expressions to depend on, and few are in use.
#pragma once
#include <optional>
#include <string_view>
#include <vector>

namespace ifstop::llama {

enum class SplitPattern {
  gpt2,    ///< GPT-2's, also meant by ByteLevel with use_regex
  llama3,  ///< Llama 3's: numbers in threes, line ends with what precedes them
  qwen2,   ///< the same with single digits
};

/// The pattern whose expression this is, to the letter; nothing for any other.
std::optional<SplitPattern> split_pattern_from(std::string_view expression);

/// The words, which put together are the text. Bytes that are no UTF-8 count as symbols.
std::vector<std::string_view> split_words(std::string_view text, SplitPattern pattern);

}  // namespace ifstop::llama
