// JSON Lines read row by row: memory stays flat however long the file is.
#pragma once
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "ifstop/report/json.hpp"

namespace ifstop::report {

/// One line is not what it should be ("FILE:LINE: …"); the lines after it can be read nevertheless.
struct BadLine : FileError {
  using FileError::FileError;
};

class LineReader;

/// The rows of a file, or of standard input for the path "-". Empty lines are skipped, a byte order mark too.
class JsonLines {
 public:
  /// Throws FileError where the file cannot be read.
  explicit JsonLines(const std::filesystem::path& path);
  ~JsonLines();

  /// The next row's text, nothing at the end. Throws FileError where reading fails, BadLine for a line of
  /// more than 32 MiB.
  std::optional<std::string> next_line();

  /// The row as an object. Throws BadLine where it is not JSON, not UTF-8, no object (with advice where the
  /// whole file is one JSON array), or nested deeper than 100 levels.
  Json parse(const std::string& line) const;

  /// "FILE:LINE" of the last line read.
  std::string where() const;
  /// The number of the last line read; the first is 1.
  std::size_t line() const { return line_; }
  /// Whether the last line read ended with the file instead of a line feed.
  bool unfinished() const;
  /// BadLine at the last line read.
  BadLine error(const std::string& what) const;

 private:
  std::unique_ptr<LineReader> lines_;
  std::size_t line_ = 0, first_row_ = 0;
};

}  // namespace ifstop::report
