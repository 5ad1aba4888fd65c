#include "ifstop/llama/companion_files.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>

#include "support/atomic_file.hpp"

namespace ifstop {

CompanionFiles read_companion_files(const std::filesystem::path& folder) {
  CompanionFiles companions;
  for (const char* name :
       {"tokenizer.model", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json",
        "added_tokens.json", "generation_config.json", "chat_template.jinja"}) {
    const auto path = folder / name;
    if (!std::filesystem::exists(path)) continue;
    std::ifstream file(path, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(file), {});
    if (!file) throw std::runtime_error(path.string() + ": cannot be read");
    companions.files.emplace_back(name, std::move(text));
  }
  return companions;
}

void write_companion_files(const CompanionFiles& companions, const std::filesystem::path& folder) {
  for (const auto& [name, text] : companions.files) support::write_file(folder / name, text);
}

}  // namespace ifstop
