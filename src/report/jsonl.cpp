#include "ifstop/report/jsonl.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "report/line_reader.hpp"
#include "support/json_text.hpp"

namespace ifstop::report {
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
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    if (first_row_ == 0) first_row_ = line_;
    return line;
  }
  return std::nullopt;
}

Json JsonLines::parse(const std::string& line) const {
  if (line_ == first_row_ && line[line.find_first_not_of(" \t\r")] == '[')
    throw error("this is a JSON array; one object a line is needed (jq -c '.[]')");
  try {
    auto row = support::parse_json<Json>(line);
    if (!row.is_object()) throw error("not a JSON object");
    return row;
  } catch (const support::JsonError& bad) {
    throw error(bad.what());
  }
}

bool JsonLines::unfinished() const {
  return lines_->unfinished();
}
std::string JsonLines::where() const {
  return fmt::format("{}:{}", lines_->name(), line_);
}
BadLine JsonLines::error(const std::string& what) const {
  return BadLine(where() + ": " + what);
}

}  // namespace ifstop::report
