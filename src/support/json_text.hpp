// JSON from outside, parsed in one way. In a header, because the two rows of libraries share no compiled
// part.
#pragma once
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace ifstop::support {

/// A text that is no JSON, or nested too deep: what is wrong, and at which byte it begins (1 = the first).
struct JsonError : std::runtime_error {
  JsonError(const std::string& what, std::size_t at) : std::runtime_error(what), byte(at) {}
  std::size_t byte;
};

/// Parsers and destructors descend level by level: a text of brackets alone would end the program for want of
/// stack.
inline constexpr std::size_t deepest_json = 100;

/// Throws JsonError where arrays and objects are nested deeper than deepest_json, without parsing them.
inline void check_json_depth(std::string_view text) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > deepest_json)
        throw JsonError(fmt::format("nested deeper than {} levels", deepest_json), i + 1);
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
}

/// nlohmann's message without the identifier it begins with, which says nothing to our users.
inline std::string json_message(const std::exception& error) {
  const std::string text = error.what();
  const auto colon = text.find(": ");
  return "not valid JSON: " + (colon == std::string::npos ? text : text.substr(colon + 2));
}

/// The text as JSON; `more` goes to the parser (a callback). Throws JsonError.
template <class Json, class... More>
Json parse_json(std::string_view text, More&&... more) {
  check_json_depth(text);
  try {
    return Json::parse(text, std::forward<More>(more)...);
  } catch (const typename Json::parse_error& error) {
    throw JsonError(json_message(error), error.byte);
  } catch (const typename Json::exception& error) {  // a number out of range
    throw JsonError(json_message(error), 0);
  }
}

}  // namespace ifstop::support
