// JSON Lines read row by row: memory stays flat however long the file is.
#pragma once
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "ifstop/report/json.hpp"

namespace ifstop::report {

/// The rows of a file, or of standard input for the path "-". Empty lines are skipped, a byte order mark too.
class JsonLines {
 public:
  /// Throws FileError where the file cannot be read.
  explicit JsonLines(const std::filesystem::path& path);

  /// The next row's text, nothing at the end. Throws FileError where reading fails.
  std::optional<std::string> next_line();

  /// The row as an object. Throws FileError ("FILE:LINE: …") where it is not JSON, not UTF-8, no object, or
  /// nested deeper than 100 levels.
  Json parse(const std::string& line) const;

  /// "FILE:LINE" of the last line read.
  std::string where() const;
  /// FileError at the last line read.
  FileError error(const std::string& what) const;

 private:
  std::string name_;
  std::ifstream file_;
  std::istream* in_;
  std::size_t line_ = 0;
};

}  // namespace ifstop::report
