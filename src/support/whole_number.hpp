// Whole numbers from the command line: CLI11 wraps, saturates or reads octal in silence.
#pragma once
#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <string>
#include <system_error>

namespace ifstop::support {

/// Empty, and the text in its plain decimal form, where it is a whole number from `least` to `most`; else
/// what is wrong with it.
template <class Int>
std::string read_whole_number(std::string& text, Int least, Int most) {
  Int value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (stop == end && error == std::errc() && value >= least && value <= most) {
    text = fmt::format("{}", value);
    return "";
  }
  return fmt::format("{} is not a whole number from {} to {}", text.empty() ? "\"\"" : text, least, most);
}

/// For CLI::Option::transform: a CLI::Validator by the name of its type, so that this header needs no CLI11.
template <class Validator, class Int>
Validator whole_number(Int least = std::numeric_limits<Int>::min(),
                       Int most = std::numeric_limits<Int>::max()) {
  return Validator([least, most](std::string& text) { return read_whole_number(text, least, most); }, "", "");
}

}  // namespace ifstop::support
