// Where judged rows go: a file that is there only once it is whole, a pipe, or standard output.
#pragma once
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "cli/scored_input.hpp"

namespace ifstop::cli {

/// The row as it was read, and its judgement (docs/scores.md).
report::Json with_judgement(const JudgedInput& input);

/// Writes rows as they come. A file appears under its name in finish() alone; what is no file (a pipe, a
/// device) is written at once.
class RowWriter {
 public:
  /// An empty path: writes nothing; "-": standard output. Throws UsageError where it cannot write.
  explicit RowWriter(std::string path);
  RowWriter(const RowWriter&) = delete;
  RowWriter& operator=(const RowWriter&) = delete;
  ~RowWriter();  ///< without finish(): nothing is left

  void write(const std::vector<JudgedInput>& rows);
  void finish();

 private:
  [[noreturn]] void fail() const;

  std::string path_;
  std::filesystem::path part_;  ///< the file written until finish(); empty: none
  std::ofstream file_;
};

}  // namespace ifstop::cli
