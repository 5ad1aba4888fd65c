#include "sft/rows.hpp"

namespace ifstop::sft {
namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::vector<RawRow> lines_of(std::string_view file) {
  std::vector<RawRow> rows;
  for (std::size_t begin = 0, line = 1; begin < file.size(); ++line) {
    const std::size_t end = std::min(file.find('\n', begin), file.size());
    if (const auto text = trimmed(file.substr(begin, end - begin)); !text.empty())
      rows.push_back({text, line, 0});
    begin = end + 1;
  }
  return rows;
}

/// Walks through one JSON array, element by element.
class ArrayCutter {
 public:
  ArrayCutter(std::string_view file, std::size_t bracket) : file_(file), at_(bracket + 1) {
    for (std::size_t i = 0; i < bracket; ++i) line_ += file[i] == '\n';
  }

  std::vector<RawRow> cut() {
    std::vector<RawRow> rows;
    for (;;) {
      skip_blanks();
      const std::size_t begin = at_, line = line_;
      skip_element();
      const std::string_view text = trimmed(file_.substr(begin, at_ - begin));
      const bool last = file_[at_] == ']';
      if (text.empty() && !(last && rows.empty()))
        throw RowError(line, "a row is missing between two commas");
      if (!text.empty()) rows.push_back({text, line, rows.size() + 1});
      ++at_;
      if (last) break;
    }
    skip_blanks();
    if (at_ < file_.size()) throw RowError(line_, "text after the end of the array");
    return rows;
  }

 private:
  void skip_blanks() {
    for (; at_ < file_.size() && blanks.find(file_[at_]) != std::string_view::npos; ++at_)
      line_ += file_[at_] == '\n';
  }

  // To the comma or bracket after the element.
  void skip_element() {
    const std::size_t line = line_;
    int depth = 0;
    bool in_string = false;
    for (; at_ < file_.size(); ++at_) {
      const char c = file_[at_];
      line_ += c == '\n';
      if (in_string) {
        if (c == '\\') ++at_;
        if (c == '"') in_string = false;
      } else if (c == '"') {
        in_string = true;
      } else if (c == '{' || c == '[') {
        ++depth;
      } else if (depth == 0 && (c == ',' || c == ']')) {
        return;
      } else if (c == '}' || c == ']') {
        --depth;
      }
    }
    throw RowError(line,
                   "the array does not end: a bracket or a quotation mark is missing in or after this row");
  }

  std::string_view file_;
  std::size_t at_;
  std::size_t line_ = 1;
};

}  // namespace

std::vector<RawRow> split_rows(std::string_view file) {
  if (file.substr(0, 3) == "\xEF\xBB\xBF") file.remove_prefix(3);  // byte order mark
  const std::size_t begin = file.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  if (file[begin] == '[') return ArrayCutter(file, begin).cut();
  return lines_of(file);
}

}  // namespace ifstop::sft
