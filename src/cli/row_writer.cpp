#include "cli/row_writer.hpp"

#include <iostream>

#include "cli/commands.hpp"

namespace ifstop::cli {

report::Json with_judgement(const JudgedInput& input) {
  using report::Json;
  Json row = input.row;
  const auto& s = input.scored;
  row["answer_probability"] = s.answer_probability;
  row["strict_probability"] = s.strict_probability;
  row["answer_like"] = s.answer_like;
  row["run_on"] = s.run_on;
  row["run_on_position"] = s.run_on_position ? Json(*s.run_on_position) : Json();
  row["strict"] = s.strict;
  if (s.objective_probability) row["objective_probability"] = *s.objective_probability;
  if (s.objective) row["objective"] = *s.objective;
  return row;
}

RowWriter::RowWriter(std::string path) : path_(std::move(path)) {
  if (path_.empty() || path_ == "-") return;
  const auto status = std::filesystem::status(path_);
  if (std::filesystem::is_directory(status)) throw UsageError(path_ + ": is a folder; name a file in it");
  const bool replaced = !std::filesystem::exists(status) || std::filesystem::is_regular_file(status);
  if (replaced) part_ = path_ + ".part";
  file_.open(replaced ? part_.string() : path_, std::ios::binary);
  if (file_) return;
  part_.clear();
  throw UsageError(path_ + ": cannot write there; does its folder exist?");
}

RowWriter::~RowWriter() {
  if (part_.empty()) return;
  file_.close();
  std::error_code ignored;
  std::filesystem::remove(part_, ignored);
}

void RowWriter::fail() const {
  throw UsageError(path_ + ": writing failed; is the disk full?");
}

void RowWriter::write(const std::vector<JudgedInput>& rows) {
  if (path_.empty()) return;
  std::ostream& out = path_ == "-" ? std::cout : file_;
  for (const auto& input : rows) out << report::to_line(with_judgement(input)) << '\n';
  out.flush();
  if (!out) fail();
}

void RowWriter::finish() {
  if (!file_.is_open()) return;
  file_.close();
  if (!file_) fail();
  if (!part_.empty()) std::filesystem::rename(part_, path_);
  part_.clear();
}

}  // namespace ifstop::cli
