// Labels a file of samples and sets the truth beside what a judge said about the same rows.
#pragma once
#include <string>

namespace miniature {

/// Reads rows as `sft_llama` and `ifstop score --out` write them (`prompt`, `completion` or `response`,
/// `kind`, optional `accepted`, `answer_like`, `run_on`, `strict`, `objective`) and returns a table for
/// people: the shares by truth, those by the judge, and how often the two agree. Throws std::runtime_error
/// with file and line for a row that cannot be read.
std::string label_file(const std::string& path);

}  // namespace miniature
