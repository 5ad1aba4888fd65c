// Verdicts of a server, kept in memory and in a file of JSON Lines.
#pragma once
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>

namespace ifstop::server {

class VerdictCache {
 public:
  /// Reads what the file knows of this model under the present scheme; an empty path keeps no file. A last
  /// line that was not finished is cut away. Throws std::runtime_error ("FILE:LINE: …") for others that are
  /// no verdicts, and where the file cannot be read or written.
  VerdictCache(const std::filesystem::path& path, std::string model);

  std::optional<bool> find(const std::string& answer) const;

  /// Written to the file at once.
  void add(const std::string& answer, bool objective);

 private:
  std::string model_;
  std::filesystem::path path_;
  std::ofstream file_;
  std::map<std::string, bool> verdicts_;
};

}  // namespace ifstop::server
