// The rows that `ifstop score` and `ifstop compare` read, judged in chunks.
#pragma once
#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ifstop/report/jsonl.hpp"
#include "ifstop/score/linear_judge.hpp"
#include "ifstop/score/scorer.hpp"

namespace ifstop::cli {

/// Which judges a command uses: the built-in ones where nothing is said.
struct JudgeOptions {
  std::string weights;         ///< file of a tone judge
  std::string server;          ///< address of a server that judges objectivity
  std::string server_model;    ///< needed with it
  std::string server_key_env;  ///< environment variable with its key; empty: none is sent
  std::string server_cache;    ///< file of its verdicts; empty: none
  double server_timeout = 60;  ///< seconds
};

/// Adds --weights, --server and the like.
void add_judge_options(CLI::App& command, JudgeOptions& options);

struct Judges {
  /// Throws UsageError where the options are bad.
  explicit Judges(const JudgeOptions& options);

  std::unique_ptr<Judge> own_tone, own_objectivity;
  const Judge* tone;
  const Judge* objectivity;
};

/// One row read and judged.
struct JudgedInput {
  report::Json row;       ///< as it was read
  std::string model;      ///< its "model", or the file's name
  bool has_kind = false;  ///< its "kind" is one of full, partial, preference
  Prompt prompt;
  Completion completion;
  ScoredRow scored;
};

struct InputOptions {
  bool skip_bad = false;  ///< count bad rows instead of stopping at the first
};

/// What was noticed while reading.
struct InputNotes {
  std::int64_t rows = 0;                ///< judged
  std::int64_t bad = 0;                 ///< skipped
  std::string first_bad;                ///< why the first one was
  std::int64_t in_template = 0;         ///< prompts that hold a template's marker
  std::set<std::string> unknown_kinds;  ///< kept in the rows, treated as absent
};

/// Reads a file (or "-") and gives its judged rows on, a chunk at a time and in order; memory does not grow
/// with the file. Throws report::FileError ("FILE:LINE: …") at the first bad row unless they are skipped, and
/// where no row is left.
InputNotes judge_file(const std::string& path, const Judges& judges, const InputOptions& options,
                      const std::function<void(std::vector<JudgedInput>&)>& take);

/// Notes as sentences for standard error.
std::vector<std::string> sentences(const std::string& path, const InputNotes& notes);

}  // namespace ifstop::cli
