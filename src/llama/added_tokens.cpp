#include "llama/added_tokens.hpp"

#include <algorithm>

#include "llama/split_pattern.hpp"
#include "llama/unicode_classes.hpp"
#include "llama/utf8.hpp"

namespace ifstop::llama {
namespace {

char32_t first_code(std::string_view text) {
  const auto length = utf8_length(text);
  if (length == 0) return 0xFFFD;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (length == 1) return byte(0);
  char32_t code = byte(0) & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) code = code << 6 | (byte(i) & 0x3FU);
  return code;
}

// Where the last character of a text that is not empty begins.
std::size_t last_begin(std::string_view text) {
  for (std::size_t back = 1; back <= std::min<std::size_t>(text.size(), 4); ++back)
    if (utf8_length(text.substr(text.size() - back)) == back) return text.size() - back;
  return text.size() - 1;
}

bool in_word(char32_t code) {
  return code == U'_' || is_letter(code) || is_number(code);
}

bool stands_alone(std::string_view text, std::size_t begin, std::size_t end) {
  const auto before = text.substr(0, begin), after = text.substr(end);
  return (before.empty() || !in_word(first_code(before.substr(last_begin(before))))) &&
         (after.empty() || !in_word(first_code(after)));
}

std::size_t without_spaces_before(std::string_view text, std::size_t end) {
  while (end > 0) {
    const auto begin = last_begin(text.substr(0, end));
    if (!is_space(first_code(text.substr(begin)))) break;
    end = begin;
  }
  return end;
}

std::size_t without_spaces_after(std::string_view text, std::size_t begin) {
  while (begin < text.size() && is_space(first_code(text.substr(begin))))
    begin += std::max<std::size_t>(utf8_length(text.substr(begin)), 1);
  return begin;
}

const AddedToken* longest_at(std::string_view text, const std::vector<AddedToken>& tokens, bool normalized) {
  const AddedToken* best = nullptr;
  for (const auto& token : tokens)
    if (token.normalized == normalized && !token.content.empty() &&
        text.substr(0, 1) == token.content.substr(0, 1) && text.starts_with(token.content) &&
        (!best || token.content.size() > best->content.size()))
      best = &token;
  return best;
}

// Which bytes a token may begin with: most places of a text need no closer look.
std::vector<bool> first_bytes(const std::vector<AddedToken>& tokens, bool normalized) {
  std::vector<bool> first(256);
  for (const auto& token : tokens)
    if (token.normalized == normalized && !token.content.empty())
      first[static_cast<unsigned char>(token.content[0])] = true;
  return first;
}

void split_pass(std::string_view text, const std::vector<AddedToken>& tokens, bool normalized,
                std::vector<TextPart>& out) {
  const auto first = first_bytes(tokens, normalized);
  std::size_t done = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto* token = first[static_cast<unsigned char>(text[at])]
                            ? longest_at(text.substr(at), tokens, normalized)
                            : nullptr;
    if (!token) {
      ++at;
      continue;
    }
    auto begin = at, end = at + token->content.size();
    at = end;
    if (token->single_word && !stands_alone(text, begin, end)) continue;
    if (token->lstrip) begin = std::max(without_spaces_before(text, begin), done);
    if (token->rstrip) end = without_spaces_after(text, end);
    begin = std::max(begin, done);
    if (begin > done) out.push_back({text.substr(done, begin - done)});
    out.push_back({text.substr(begin, end - begin), token->id});
    done = end;
    at = std::max(at, end);
  }
  if (done < text.size()) out.push_back({text.substr(done)});
}

}  // namespace

std::vector<TextPart> split_added(std::string_view text, const std::vector<AddedToken>& tokens) {
  std::vector<TextPart> first, all;
  split_pass(text, tokens, /*normalized=*/false, first);
  for (const auto& part : first) {
    if (part.id >= 0)
      all.push_back(part);
    else
      split_pass(part.text, tokens, /*normalized=*/true, all);
  }
  return all;
}

}  // namespace ifstop::llama
