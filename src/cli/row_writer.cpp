#include "cli/row_writer.hpp"

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

RowWriter::RowWriter(const std::string& path) {
  if (!path.empty()) out_.emplace(path);
}

void RowWriter::write(const std::vector<JudgedInput>& rows) {
  if (!out_) return;
  std::string text;
  for (const auto& input : rows) text += report::to_line(with_judgement(input)) + "\n";
  out_->write(text);
}

void RowWriter::finish() {
  if (out_) out_->finish();
}

}  // namespace ifstop::cli
