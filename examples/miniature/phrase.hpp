// Phrases with holes: "{A s} lives in {h}." and the values that fill them.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace miniature {

/// The value of each hole, by its (small) letter.
using Vars = std::map<char, std::string>;

std::string capitalised(std::string_view text);

/// "a" or "an" before the word.
std::string with_article(std::string_view word);

/// Fills `{x}` with the value of x, `{X}` with the value capitalised, `{a x}` and `{A x}` with "a" or "an"
/// before it. Throws std::out_of_range where a value is missing.
std::string fill(std::string_view pattern, const Vars& vars);

/// The parts of `text` between separators.
std::vector<std::string> split(std::string_view text, char separator);

/// The parts put together with `separator` between them.
std::string join(const std::vector<std::string>& parts, std::string_view separator);

}  // namespace miniature
