// The configuration file: the part of TOML that a flat list of keys needs.
#pragma once
#include <CLI/CLI.hpp>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace sft_llama {

/// What is wrong with which line of the file.
struct ConfigError : std::runtime_error {
  ConfigError(int at, const std::string& what) : std::runtime_error(what), line(at) {}
  int line;
};

/// Lines `key = value`; a value is "text" (with \n, \t, \" and \\), 'text as it is', a number, true or false.
/// Comments begin with #. Keys may have dashes for underscores. Throws ConfigError where a line is malformed,
/// or its key unknown or repeated.
class ConfigFile : public CLI::ConfigTOML {
 public:
  explicit ConfigFile(std::set<std::string> known) : known_(std::move(known)) {}

  std::vector<CLI::ConfigItem> from_config(std::istream& in) const override;

  /// The keys that were read, with their lines.
  const std::map<std::string, int>& lines() const { return lines_; }

 private:
  std::set<std::string> known_;
  mutable std::map<std::string, int> lines_;  // CLI11 reads through a const interface
};

/// "learning-rate" -> "learning_rate"
std::string with_underscores(std::string key);

}  // namespace sft_llama
