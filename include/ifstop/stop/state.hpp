// A rule's or callback's state as text: lines `key value`, numbers at round-trip precision.
#pragma once
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace ifstop {

/// Prefix of the lines that hold configuration: compared on restore, never overwritten.
inline constexpr std::string_view option_prefix = "option.";

/// Collects lines. A key has no space; a value may hold anything (line ends and backslashes are escaped).
class StateWriter {
 public:
  void put(std::string_view key, std::string_view value) {
    text_.append(key).push_back(' ');
    for (const char c : value) c == '\n' ? text_ += "\\n" : c == '\\' ? text_ += "\\\\" : text_ += c;
    text_.push_back('\n');
  }
  void put(std::string_view key, const char* value) { put(key, std::string_view(value)); }
  void put(std::string_view key, const std::string& value) { put(key, std::string_view(value)); }
  void put(std::string_view key, bool value) { put(key, std::string_view(value ? "true" : "false")); }
  void put(std::string_view key, int value) { put(key, std::to_string(value)); }
  void put(std::string_view key, std::int64_t value) { put(key, std::to_string(value)); }
  void put(std::string_view key, std::uint64_t value) { put(key, std::to_string(value)); }
  void put(std::string_view key, double value) {
    put(key, fmt::format("{}", value));
  }  // shortest that round-trips
  template <class T>
  void put(std::string_view key, const std::optional<T>& value) {
    value ? put(key, *value) : put(key, std::string_view("none"));
  }
  /// A configuration value.
  template <class T>
  void option(std::string_view name, const T& value) {
    put(std::string(option_prefix) + std::string(name), value);
  }
  /// Another object's state, every key behind the prefix.
  void nest(std::string_view prefix, std::string_view state) {
    while (!state.empty()) {
      const auto line = state.substr(0, state.find('\n'));
      text_.append(prefix).append(line).push_back('\n');
      state.remove_prefix(std::min(line.size() + 1, state.size()));
    }
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

/// Reads lines back. Every getter throws std::invalid_argument naming the key that is missing or malformed.
class StateReader {
 public:
  explicit StateReader(std::string_view text);

  bool has(std::string_view key) const { return values_.find(key) != values_.end(); }
  const std::string& text(std::string_view key) const;
  std::int64_t integer(std::string_view key) const { return number<std::int64_t>(key, "a whole number"); }
  std::uint64_t natural(std::string_view key) const {
    return number<std::uint64_t>(key, "a whole number, not negative");
  }
  double real(std::string_view key) const { return number<double>(key, "a number"); }
  bool boolean(std::string_view key) const;
  std::optional<double> optional_real(std::string_view key) const {
    return text(key) == "none" ? std::nullopt : std::optional(real(key));
  }
  const std::map<std::string, std::string, std::less<>>& all() const { return values_; }
  /// What nest() took, as a state again.
  std::string nested(std::string_view prefix) const;

 private:
  template <class T>
  T number(std::string_view key, std::string_view what) const;
  std::map<std::string, std::string, std::less<>> values_;
};

inline StateReader::StateReader(std::string_view text) {
  for (int line = 1; !text.empty(); ++line) {
    const auto end = text.find('\n');
    if (end == text.npos) throw std::invalid_argument(fmt::format("state: line {} is cut off", line));
    const auto row = text.substr(0, end);
    text.remove_prefix(end + 1);
    const auto space = row.find(' ');
    if (space == row.npos || space == 0)
      throw std::invalid_argument(fmt::format("state: line {} \"{}\" is not `key value`", line, row));
    std::string value;
    for (auto c = row.begin() + static_cast<std::ptrdiff_t>(space) + 1; c != row.end(); ++c) {
      if (*c != '\\')
        value += *c;
      else if (++c != row.end())
        value += *c == 'n' ? '\n' : *c;
      else
        throw std::invalid_argument(fmt::format("state: line {} ends in a backslash", line));
    }
    if (!values_.emplace(row.substr(0, space), std::move(value)).second)
      throw std::invalid_argument(fmt::format("state: line {} repeats \"{}\"", line, row.substr(0, space)));
  }
}

inline const std::string& StateReader::text(std::string_view key) const {
  const auto found = values_.find(key);
  if (found == values_.end()) throw std::invalid_argument(fmt::format("state: \"{}\" is missing", key));
  return found->second;
}

inline std::string StateReader::nested(std::string_view prefix) const {
  StateWriter out;
  for (const auto& [key, value] : values_)
    if (key.starts_with(prefix)) out.put(std::string_view(key).substr(prefix.size()), value);
  return out.text();
}

inline bool StateReader::boolean(std::string_view key) const {
  const auto& value = text(key);
  if (value != "true" && value != "false")
    throw std::invalid_argument(fmt::format("state: {} = \"{}\" is neither true nor false", key, value));
  return value == "true";
}

template <class T>
T StateReader::number(std::string_view key, std::string_view what) const {
  const auto& value = text(key);
  T result{};
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), result);
  if (error != std::errc{} || end != value.data() + value.size())
    throw std::invalid_argument(fmt::format("state: {} = \"{}\" is not {}", key, value, what));
  return result;
}

/// A state that was saved under another configuration. The text ends in advice for C++; a program may give
/// its own.
struct OptionsDiffer : std::invalid_argument {
  OptionsDiffer(std::string_view who, std::string every)
      : std::invalid_argument(fmt::format(
            "{}: the saved state has other options: {}. Use the saved ones, start anew, or pass the "
            "state through without_options() to go on under the new ones",
            who, every)),
        differences(std::move(every)) {}
  std::string differences;  ///< "patience was 3, is 5; …"
};

/// Compares the saved configuration with the present one (both as states). Throws OptionsDiffer listing every
/// option that differs with both values. Options that the saved state lacks are taken as they are.
inline void compare_options(std::string_view who, const StateReader& saved, const StateReader& present) {
  std::string differences;
  for (const auto& [key, value] : saved.all()) {
    if (!key.starts_with(option_prefix)) continue;
    const auto here = present.all().find(key);
    if (here != present.all().end() && here->second == value) continue;
    differences +=
        fmt::format("{}{} was {}, is {}", differences.empty() ? "" : "; ", key.substr(option_prefix.size()),
                    value, here == present.all().end() ? "not known" : here->second);
  }
  if (!differences.empty()) throw OptionsDiffer(who, std::move(differences));
}

/// The state without its configuration lines: restoring it keeps what was seen and takes the options of the
/// object that it is restored into. The deliberate way to raise, say, patience on resume.
inline std::string without_options(std::string_view state) {
  std::string kept;
  while (!state.empty()) {
    const auto line = state.substr(0, std::min(state.find('\n'), state.size() - 1) + 1);
    if (line.substr(0, line.find(' ')).find(option_prefix) == line.npos) kept += line;
    state.remove_prefix(line.size());
  }
  return kept;
}

/// "3 1 4" as numbers. Throws std::invalid_argument naming what is none.
template <class T>
std::vector<T> numbers_from_text(std::string_view text) {
  std::vector<T> numbers;
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    T number{};
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (error != std::errc{} || end != word.data() + word.size())
      throw std::invalid_argument(fmt::format("state: \"{}\" is not a number", word));
    numbers.push_back(number);
    text.remove_prefix(std::min(word.size() + 1, text.size()));
  }
  return numbers;
}

}  // namespace ifstop
