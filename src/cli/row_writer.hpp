// Where judged rows go: a file that is there only once it is whole, a pipe, or standard output.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "cli/output.hpp"
#include "cli/scored_input.hpp"

namespace ifstop::cli {

/// The row as it was read, and its judgement (docs/scores.md).
report::Json with_judgement(const JudgedInput& input);

/// Writes rows as they come, to a file or to standard output (Output).
class RowWriter {
 public:
  /// An empty path: writes nothing. Throws UsageError where it cannot write.
  explicit RowWriter(const std::string& path);

  void write(const std::vector<JudgedInput>& rows);
  void finish();

 private:
  std::optional<Output> out_;
};

}  // namespace ifstop::cli
