// Cuts a file of rows (JSON Lines, or one JSON array) into the text of each row and the line where it begins.
#pragma once
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace ifstop::sft {

/// One row, not yet parsed.
struct RawRow {
  std::string_view text;
  std::size_t line = 0;  ///< from 1
  std::size_t row = 0;   ///< from 1 in an array, which may be one long line; 0 in JSON Lines
};

/// The file's frame is broken: an array without an end, or text after it.
struct RowError : std::runtime_error {
  RowError(std::size_t at, const std::string& what) : std::runtime_error(what), line(at) {}
  std::size_t line;
};

/// A file that begins with '[' is an array, any other JSON Lines; blank lines are no rows. Only brackets,
/// commas and strings are looked at: whether a row is valid JSON shows when it is parsed, so that one bad row
/// costs no other.
std::vector<RawRow> split_rows(std::string_view file);

}  // namespace ifstop::sft
