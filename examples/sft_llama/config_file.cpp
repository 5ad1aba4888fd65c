#include "config_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace sft_llama {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  return begin == text.npos ? std::string_view()
                            : text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

/// Reads one line's value.
class Value {
 public:
  Value(std::string_view text, int line) : text_(trimmed(text)), line_(line) {}

  std::string read() {
    if (text_.empty()) fail("has no value");
    if (text_.front() != '"' && text_.front() != '\'') return bare();
    std::string value = quoted();
    const std::string_view rest = trimmed(text_.substr(at_));
    if (!rest.empty() && rest.front() != '#') fail("goes on after its text");
    return value;
  }

 private:
  [[noreturn]] void fail(const char* what) const {
    throw ConfigError(line_, fmt::format("the value {}", what));
  }

  std::string bare() const {
    const std::string_view value = trimmed(text_.substr(0, text_.find('#')));
    if (value.empty()) fail("has no value");
    if (value.find_first_of(" \t[{\"'") != value.npos)
      fail("is neither a number nor true nor false; texts need quotation marks");
    return std::string(value);
  }

  std::string quoted() {
    const char mark = text_.front();
    std::string value;
    for (at_ = 1; at_ < text_.size() && text_[at_] != mark; ++at_)
      value += mark == '"' && text_[at_] == '\\' ? escaped() : text_[at_];
    if (at_ >= text_.size()) fail("lacks its closing quotation mark");
    ++at_;
    return value;
  }

  char escaped() {
    constexpr std::string_view names = "nt\"\\", meanings = "\n\t\"\\";
    const std::size_t found = ++at_ < text_.size() ? names.find(text_[at_]) : names.npos;
    if (found == names.npos) fail("has a backslash that is none of \\n, \\t, \\\", \\\\");
    return meanings[found];
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int line_;
};

}  // namespace

std::string with_underscores(std::string key) {
  std::replace(key.begin(), key.end(), '-', '_');
  return key;
}

std::vector<CLI::ConfigItem> ConfigFile::from_config(std::istream& in) const {
  std::vector<CLI::ConfigItem> read;
  lines_.clear();
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    const std::string_view text = trimmed(line);
    if (text.empty() || text.front() == '#') continue;
    const auto fail = [&](const std::string& what) { throw ConfigError(number, what); };
    const std::size_t equals = text.find('=');
    if (equals == text.npos) fail(fmt::format("\"{}\" is not `key = value`", text));
    const std::string key = with_underscores(std::string(trimmed(text.substr(0, equals))));
    if (!known_.count(key)) fail(fmt::format("there is no key \"{}\"; sft_llama --help lists all keys", key));
    if (!lines_.emplace(key, number).second) fail(fmt::format("the key \"{}\" is there twice", key));
    CLI::ConfigItem item;
    item.name = key;
    item.inputs = {Value(text.substr(equals + 1), number).read()};
    read.push_back(std::move(item));
  }
  return read;
}

}  // namespace sft_llama
