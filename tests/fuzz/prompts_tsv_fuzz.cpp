// Fuzzes tables of prompts: any text is refused by std::invalid_argument, or read, and then what is written
// reads back as the same set; its prompts can be cut or are too short.
#include <cstdlib>
#include <stdexcept>

#include "ifstop/prompts/fragments.hpp"
#include "ifstop/prompts/tsv.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  ifstop::PromptSet set;
  try {
    set = ifstop::parse_prompts_tsv({reinterpret_cast<const char*>(data), size}, "fuzz");
  } catch (const std::invalid_argument&) {
    return 0;
  }
  if (ifstop::parse_prompts_tsv(ifstop::to_tsv(set), "again").hash() != set.hash()) std::abort();
  if (set.interleaved(1).size() != set.size()) std::abort();
  for (const auto& prompt : set.prompts) try {
      if (ifstop::fragment(prompt.text, 1).size() >= prompt.text.size()) std::abort();
    } catch (const std::invalid_argument&) {
    }
  return 0;
}
