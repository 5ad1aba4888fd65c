// The subcommands of `ifstop`: each adds itself to the parser in a file of its own name and runs from a
// callback.
#pragma once
#include <CLI/CLI.hpp>
#include <limits>
#include <stdexcept>
#include <string>

#include "support/whole_number.hpp"

namespace ifstop::cli {

/// Bad input or usage: printed to standard error, exit code 2. Says what, where and what to try next.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// For Option::transform.
template <class Int>
CLI::Validator whole_number(Int least = std::numeric_limits<Int>::min(),
                            Int most = std::numeric_limits<Int>::max()) {
  return support::whole_number<CLI::Validator>(least, most);
}

// In src/cli/<name>.cpp; those that need LibTorch in src/cli/torch/<name>.cpp.
void add_prompts(CLI::App& app);
void add_score(CLI::App& app);
void add_compare(CLI::App& app);
void add_tone(CLI::App& app);
void add_replay(CLI::App& app);
void add_report(CLI::App& app);
void add_generate(CLI::App& app);
void add_convert(CLI::App& app);
void add_logits(CLI::App& app);
void add_plan(CLI::App& app);

}  // namespace ifstop::cli
