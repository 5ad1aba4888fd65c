#include "ifstop/report/jsonl.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/line_reader.hpp"

namespace ifstop::report {
namespace {

constexpr std::size_t deepest = 100;

/// How deep arrays and objects are nested, without parsing them.
std::size_t depth_of(const std::string& text) {
  std::size_t depth = 0, most = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      most = std::max(most, ++depth);
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return most;
}

/// nlohmann's message without the identifier it begins with.
std::string message_of(const Json::exception& error) {
  const std::string text = error.what();
  const auto colon = text.find(": ");
  return colon == std::string::npos ? text : text.substr(colon + 2);
}

}  // namespace

JsonLines::JsonLines(const std::filesystem::path& path) : lines_(std::make_unique<LineReader>(path)) {}
JsonLines::~JsonLines() = default;

std::optional<std::string> JsonLines::next_line() {
  std::string line;
  for (auto found = lines_->next(line); found != LineReader::Found::end; found = lines_->next(line)) {
    ++line_;
    if (found == LineReader::Found::too_long)
      throw error(fmt::format("longer than {} MiB: is this JSON Lines, one row a line?",
                              LineReader::longest() >> 20));
    if (line_ == 1 && line.rfind("\xEF\xBB\xBF", 0) == 0) line.erase(0, 3);
    if (line.find_first_not_of(" \t\r") != std::string::npos) return line;
  }
  return std::nullopt;
}

Json JsonLines::parse(const std::string& line) const {
  if (depth_of(line) > deepest) throw error(fmt::format("nested deeper than {} levels", deepest));
  try {
    auto row = Json::parse(line);
    if (!row.is_object()) throw error("not a JSON object");
    return row;
  } catch (const Json::exception& bad) {
    throw error("not valid JSON: " + message_of(bad));
  }
}

std::string JsonLines::where() const {
  return fmt::format("{}:{}", lines_->name(), line_);
}
BadLine JsonLines::error(const std::string& what) const {
  return BadLine(where() + ": " + what);
}

}  // namespace ifstop::report
