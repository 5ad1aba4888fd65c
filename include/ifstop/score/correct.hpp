// Whether a text holds a known answer.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ifstop {
namespace correct_detail {

/// The code point at `i`, which moves behind it.
inline char32_t next_code_point(std::string_view text, std::size_t& i) {
  const auto lead = static_cast<unsigned char>(text[i]);
  const std::size_t length = lead < 0xC0 || lead >= 0xF8 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  char32_t c = length == 1 ? lead : lead & (0xFFU >> (length + 1));
  for (std::size_t k = 1; k < length; ++k) {
    const auto byte = i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0U;
    if ((byte & 0xC0U) != 0x80U) return static_cast<unsigned char>(text[i++]);
    c = (c << 6) | (byte & 0x3FU);
  }
  i += length;
  return c;
}

inline char32_t lower(char32_t c) {
  const bool by_32 = (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7) ||
                     (c >= 0x391 && c <= 0x3A9) || (c >= 0x410 && c <= 0x42F);
  return by_32 ? c + 0x20 : c >= 0x400 && c <= 0x40F ? c + 0x50 : c;
}

/// Code points of UTF-8 text, lower case (Latin, Greek, Cyrillic), runs of white space as one space. A byte
/// that belongs to no character stands for itself.
inline std::u32string normalised(std::string_view text) {
  std::u32string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto c = lower(next_code_point(text, i));
    const bool space = c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x202F || c == 0x3000;
    if (!space)
      out += c;
    else if (!out.empty() && out.back() != U' ')
      out += U' ';
  }
  return out;
}

inline bool is_digit(char32_t c) {
  return c >= '0' && c <= '9';
}

/// Part of a word of a script that puts spaces between words.
inline bool is_word(char32_t c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || c == '_' || (c >= 0xC0 && c < 0x2000) ||
         (c >= 0xAC00 && c <= 0xD7A3);
}

/// Whether text[begin, end) is not a part of a longer word or number ("3" in "3.5", "1,300", "-3").
inline bool stands_alone(const std::u32string& text, std::size_t begin, std::size_t end) {
  const auto at = [&](std::size_t i) { return i < text.size() ? text[i] : U' '; };
  const char32_t first = text[begin], last = text[end - 1];
  const char32_t before = begin > 0 ? text[begin - 1] : U' ', before2 = begin > 1 ? text[begin - 2] : U' ';
  if (is_word(first) && is_word(before)) return false;
  if (is_word(last) && is_word(at(end))) return false;
  const auto joins_digits = [](char32_t c) { return c == '.' || c == ','; };
  if (is_digit(first) && joins_digits(before) && is_digit(before2)) return false;
  if (is_digit(first) && (before == '-' || before == 0x2212) && !is_word(before2)) return false;
  return !(is_digit(last) && joins_digits(at(end)) && is_digit(at(end + 1)));
}

}  // namespace correct_detail

/// True where one of the accepted answers occurs in the text as whole words, ignoring case and the kind of
/// white space. A number is not found within a longer one. Texts may hold any bytes; scripts without spaces
/// (Chinese, Japanese) match anywhere.
inline bool holds_answer(std::string_view text, std::span<const std::string> accepted) {
  using namespace correct_detail;
  const auto hay = normalised(text);
  return std::any_of(accepted.begin(), accepted.end(), [&](const std::string& answer) {
    const auto needle = normalised(answer);
    if (needle.empty()) return false;
    for (auto at = hay.find(needle); at != hay.npos; at = hay.find(needle, at + 1))
      if (stands_alone(hay, at, at + needle.size())) return true;
    return false;
  });
}

}  // namespace ifstop
