#include "llama/split_pattern.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "llama/unicode_classes.hpp"
#include "llama/utf8.hpp"

namespace ifstop::llama {
namespace {

constexpr std::array<std::pair<std::string_view, SplitPattern>, 3> expressions{{
    {R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)", SplitPattern::gpt2},
    {R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)",
     SplitPattern::llama3},
    {R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)",
     SplitPattern::qwen2},
}};

enum class Kind { letter, number, space, newline, other };  // a newline, \r or \n, is a space too

struct Char {
  char32_t code = 0;
  Kind kind = Kind::other;
  std::size_t begin = 0;  // in the text
};

Kind kind_of(char32_t code) {
  if (code == U'\n' || code == U'\r') return Kind::newline;
  if (is_space(code)) return Kind::space;
  if (is_letter(code)) return Kind::letter;
  return is_number(code) ? Kind::number : Kind::other;
}

std::vector<Char> characters(std::string_view text) {
  std::vector<Char> out;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto length = utf8_length(text.substr(begin));
    const char32_t code = length > 0 ? utf8_code(text.substr(begin, length)) : U'\xFFFD';
    out.push_back({code, kind_of(code), begin});
    begin += std::max<std::size_t>(length, 1);
  }
  return out;
}

// Ends of matches, as indices of characters; `from` itself where there is no match.
class Matcher {
 public:
  Matcher(const std::vector<Char>& text, SplitPattern pattern) : text_(text), pattern_(pattern) {}

  std::size_t word_end(std::size_t from) const {
    const bool gpt2 = pattern_ == SplitPattern::gpt2;
    for (const auto end : {contraction(from), gpt2 ? after_space(from, Kind::letter) : letters(from),
                           gpt2 ? after_space(from, Kind::number) : numbers(from), symbols(from)})
      if (end > from) return end;
    return spaces(from);
  }

 private:
  bool is(std::size_t i, Kind kind) const { return i < text_.size() && text_[i].kind == kind; }
  bool blank(std::size_t i) const { return is(i, Kind::space) || is(i, Kind::newline); }
  bool space_at(std::size_t i) const { return i < text_.size() && text_[i].code == U' '; }

  std::size_t run(std::size_t from, Kind kind) const {
    while (is(from, kind)) ++from;
    return from;
  }

  // 's|'t|'re|'ve|'m|'ll|'d; where case is ignored, ſ is an s.
  std::size_t contraction(std::size_t from) const {
    if (from >= text_.size() || text_[from].code != U'\'') return from;
    const auto letter = [&](std::size_t i) -> char32_t {
      if (i >= text_.size()) return 0;
      const char32_t code = text_[i].code;
      if (pattern_ == SplitPattern::gpt2) return code;
      return code == U'\x17F' ? U's' : code >= U'A' && code <= U'Z' ? code + 32 : code;
    };
    const char32_t first = letter(from + 1), second = letter(from + 2);
    if (first == U's' || first == U't' || first == U'm' || first == U'd') return from + 2;
    const bool two = (first == U'r' && second == U'e') || (first == U'v' && second == U'e') ||
                     (first == U'l' && second == U'l');
    return two ? from + 3 : from;
  }

  // " ?" and a run of one kind
  std::size_t after_space(std::size_t from, Kind kind) const {
    const auto start = space_at(from) ? from + 1 : from;
    return is(start, kind) ? run(start, kind) : from;
  }

  // [^\r\n\p{L}\p{N}]?\p{L}+
  std::size_t letters(std::size_t from) const {
    const bool led = is(from, Kind::space) || is(from, Kind::other);
    const auto start = led ? from + 1 : from;
    return is(start, Kind::letter) ? run(start, Kind::letter) : from;
  }

  // \p{N}{1,3} or \p{N}
  std::size_t numbers(std::size_t from) const {
    const std::size_t most = pattern_ == SplitPattern::llama3 ? 3 : 1;
    return std::min(run(from, Kind::number), from + most);
  }

  // " ?[^\s\p{L}\p{N}]+", with the line ends after it but for GPT-2
  std::size_t symbols(std::size_t from) const {
    const auto end = after_space(from, Kind::other);
    return end > from && pattern_ != SplitPattern::gpt2 ? run(end, Kind::newline) : end;
  }

  // \s*[\r\n]+ (but for GPT-2), then \s+(?!\S), then \s+
  std::size_t spaces(std::size_t from) const {
    auto end = from;
    while (blank(end)) ++end;
    if (pattern_ != SplitPattern::gpt2)
      for (auto last = end; last > from; --last)
        if (is(last - 1, Kind::newline)) return last;
    return end < text_.size() && end > from + 1 ? end - 1 : end;
  }

  const std::vector<Char>& text_;
  SplitPattern pattern_;
};

}  // namespace

std::optional<SplitPattern> split_pattern_from(std::string_view expression) {
  for (const auto& [text, pattern] : expressions)
    if (text == expression) return pattern;
  return std::nullopt;
}

std::vector<std::string_view> split_words(std::string_view text, SplitPattern pattern) {
  const auto all = characters(text);
  const Matcher matcher(all, pattern);
  const auto byte = [&](std::size_t i) { return i < all.size() ? all[i].begin : text.size(); };
  std::vector<std::string_view> words;
  for (std::size_t from = 0; from < all.size();) {
    const auto end = matcher.word_end(from);
    words.push_back(text.substr(byte(from), byte(end) - byte(from)));
    from = end;
  }
  return words;
}

}  // namespace ifstop::llama
