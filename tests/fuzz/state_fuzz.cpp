// Fuzzes what a stopping rule saved and is told to go on from: any text is refused by std::invalid_argument,
// or restored, and then what is saved restores to the same.
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "ifstop/stop/rules.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const char* name : {"default", "patience"}) {
    const auto rule = ifstop::make_rule(name, "ifs");
    try {
      rule->restore(text);
    } catch (const std::invalid_argument&) {
      continue;
    }
    const auto saved = rule->state();
    rule->restore(saved);
    if (rule->state() != saved) std::abort();
  }
  return 0;
}
