// Tokens that stand in the text as themselves ("<|eot_id|>"): found before anything else is cut. No LibTorch.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ifstop::llama {

/// Meanings are those of tokenizer.json's `added_tokens`.
struct AddedToken {
  std::string content;
  std::int64_t id = 0;
  bool special = false;      ///< invisible in decoded text
  bool lstrip = false;       ///< takes the spaces before it
  bool rstrip = false;       ///< takes the spaces after it
  bool single_word = false;  ///< only where no letter or digit touches it
  bool normalized = false;   ///< looked for after the others
};

/// A piece of a text: an added token, or what lies between them.
struct TextPart {
  std::string_view text;
  std::int64_t id = -1;  ///< -1: no added token
};

/// At each place the longest token; first those that are not `normalized`, then in what is left the others.
std::vector<TextPart> split_added(std::string_view text, const std::vector<AddedToken>& tokens);

}  // namespace ifstop::llama
