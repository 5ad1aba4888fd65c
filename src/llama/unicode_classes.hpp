// Letters, numbers and spaces of Unicode, as the regular expressions of tokenizer.json files mean them.
#pragma once

namespace ifstop::llama {

bool is_letter(char32_t code);  ///< \p{L}
bool is_number(char32_t code);  ///< \p{N}
bool is_space(char32_t code);   ///< \s

}  // namespace ifstop::llama
