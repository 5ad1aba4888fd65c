// Fuzzes the built-in judges: a prompt and a response of any bytes (a zero byte between them) have
// probabilities.
#include <algorithm>
#include <array>
#include <cstdlib>

#include "ifstop/score/builtin_judges.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto middle = std::min(text.find('\0'), size);
  const std::array<ifstop::JudgePair, 1> pair{
      {{text.substr(0, middle), text.substr(std::min(middle + 1, size))}}};
  for (const auto* judge : {&ifstop::builtin_tone_judge(), &ifstop::builtin_objectivity_judge()}) {
    const auto p = judge->probabilities(pair);
    if (p.size() != 1 || !(p[0] >= 0 && p[0] <= 1)) std::abort();
  }
  return 0;
}
