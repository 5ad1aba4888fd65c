// What belongs to a model in a Hugging Face folder beside its weights and config.json.
#pragma once
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace ifstop {

/// Names and contents of the tokenizer's files, generation_config.json and chat_template.jinja.
struct CompanionFiles {
  std::vector<std::pair<std::string, std::string>> files;
};

/// Those of them that `folder` has, read now: the folder may be gone when they are written. Throws
/// std::runtime_error naming a file that cannot be read.
CompanionFiles read_companion_files(const std::filesystem::path& folder);

/// Throws std::runtime_error naming a file that cannot be written.
void write_companion_files(const CompanionFiles& companions, const std::filesystem::path& folder);

}  // namespace ifstop
