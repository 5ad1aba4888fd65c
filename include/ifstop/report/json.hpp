// How the core's values are written as JSON, in one place for every file and command.
#pragma once
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "ifstop/stop/decision.hpp"
#include "ifstop/stop/evaluation.hpp"

namespace ifstop::report {

/// Objects keep the order in which their keys were written.
using Json = nlohmann::ordered_json;

/// Version of every file written here.
inline constexpr int schema_version = 1;

/// A file that cannot be read or written; the text says which, in which line, and what is wrong.
struct FileError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// {"value", "low", "high", "successes", "trials"}; all null where not measured.
Json to_json(const Score& score);

/// The inverse; nulls give a score that is not measured. Throws std::invalid_argument naming the key that is
/// wrong.
Score score_from_json(const Json& json);

/// The eight scores every evaluation has, by name, in the order of score_names (nulls where not measured),
/// then `correct` and the user's own where present.
Json to_json(const Scores& scores);

/// Every member of an object that is a score; others are left out.
Scores scores_from_json(const Json& json);

/// {"stopped", "rule", "reason", "best", "best_step", "best_examples", "probability_more_helps", "gain",
/// "gain_low", "gain_high", "gain_examples"}, null where unknown.
Json to_json(const Decision& decision);
Decision decision_from_json(const Json& json);

/// A whole number from 0 to 2^53 under a key (2.0 and 1e3 are whole too); `otherwise` where it is missing or
/// null. Throws std::invalid_argument naming key and value for anything else.
std::int64_t count_at(const Json& object, const char* key, std::int64_t otherwise = 0);

/// A number under a key; `otherwise` where it is missing or null. Throws std::invalid_argument likewise.
double number_at(const Json& object, const char* key, double otherwise);

/// One line, numbers at round-trip precision, NaN and infinity as null, bytes that are no UTF-8 as U+FFFD.
std::string to_line(const Json& json);

/// The records of a JSON Lines file; empty lines are skipped. Throws FileError ("FILE:LINE: …").
std::vector<Json> read_json_lines(const std::filesystem::path& path);

/// One JSON document. Throws FileError.
Json read_json(const std::filesystem::path& path);

/// Writes beside the file, flushes to the disk, then renames: a reader sees the old text or the new, never
/// half of it. Symbolic links are followed; what is no regular file is written into. Makes missing folders.
/// Throws FileError.
void write_atomically(const std::filesystem::path& path, std::string_view text);

}  // namespace ifstop::report
