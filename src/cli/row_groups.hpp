// Rows whose prompts share a parent, found while a file streams by: 24 bytes a row are kept.
#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "cli/scored_input.hpp"
#include "ifstop/prompts/prompt_set.hpp"

namespace ifstop::cli {

/// What is kept of a row to know its group later. Texts and ids as 64-bit hashes: among a million, two agree
/// by chance once in 30 million runs.
struct RowKey {
  std::uint64_t text = 0;     ///< of the prompt
  std::uint64_t name = 0;     ///< of "parent", else of "id"; 0: neither
  bool names_parent = false;  ///< it is "parent" that `name` is of
};

/// Rows belong to one group where one names the other's "id" as its "parent", where their prompts are the
/// same, or where a fragment without "parent" is the beginning of a whole instruction.
class RowGroups {
 public:
  /// Notes a row.
  RowKey add(const JudgedInput& input);

  /// After the last row: matches fragments with instructions.
  void close();

  /// The row's group, after close().
  std::uint64_t of(const RowKey& key) const;

  /// Whether there were too many different prompts to look for the instructions of fragments.
  bool gave_up() const { return gave_up_; }

 private:
  void note_text(const JudgedInput& input);

  std::set<std::string> full_, partial_;  ///< texts of rows without "parent", until close()
  std::size_t bytes_ = 0;                 ///< in them
  bool gave_up_ = false;
  std::unordered_set<std::uint64_t> parents_;
  std::unordered_map<std::uint64_t, std::uint64_t> instruction_;  ///< of a fragment, both as hashes of texts
};

/// Each model's scores, with intervals that know of the groups.
class ScoreCounts {
 public:
  struct Model {
    std::string name;
    std::int64_t rows = 0;
    Scores scores;
    double ifs_effective_trials = 0;  ///< as many independent prompts tell as much
  };

  void add(const JudgedInput& input);

  /// Models in the order of their first rows. Once, after the last row.
  std::vector<Model> finish();

  bool gave_up_on_groups() const { return groups_.gave_up(); }

 private:
  struct Row {
    std::uint64_t text, name;
    std::uint32_t model : 31, names_parent : 1;
    RowOutcomes outcomes;
  };

  RowGroups groups_;
  std::deque<Row> rows_;
  std::vector<Model> models_;
  std::map<std::string, std::uint32_t> index_;
};

/// A sentence for RowGroups::gave_up().
inline constexpr auto no_matching =
    "too many different prompts to look for the instruction of each fragment: their intervals are right only "
    "where rows name it as \"parent\"";

/// What a row counts for; without a "kind" it is neither full nor partial.
RowOutcomes outcomes_of(const JudgedInput& input);

/// Bit of a score's name in RowOutcomes.
std::uint16_t score_bit(std::string_view name);

}  // namespace ifstop::cli
