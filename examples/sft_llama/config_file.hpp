// The configuration file: the part of TOML that a flat list of keys needs.
#pragma once
#include <CLI/CLI.hpp>
#include <set>
#include <string>
#include <vector>

namespace sft_llama {

/// Lines `key = value`; a value is "text" (with \n, \t, \" and \\), 'text as it is', a number, true or false.
/// Comments begin with #. Keys may have dashes for underscores. Throws UsageError naming the line where one
/// is malformed, or its key unknown or repeated.
class ConfigFile : public CLI::ConfigTOML {
 public:
  explicit ConfigFile(std::set<std::string> known) : known_(std::move(known)) {}

  std::vector<CLI::ConfigItem> from_config(std::istream& in) const override;

 private:
  std::set<std::string> known_;
};

/// "learning-rate" -> "learning_rate"
std::string with_underscores(std::string key);

}  // namespace sft_llama
