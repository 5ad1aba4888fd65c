// Fuzzes the marks of new turns: a prompt and a response of any bytes (a zero byte between them) have a turn
// inside the response or none, and what stands before it has none of its own that comes earlier.
#include <algorithm>
#include <cstdlib>

#include "ifstop/score/run_on.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto middle = std::min(text.find('\0'), size);
  const auto prompt = text.substr(0, middle), response = text.substr(std::min(middle + 1, size));
  const auto at = ifstop::find_turn(prompt, response);
  if (at && *at > response.size()) std::abort();
  const auto end = ifstop::find_turn_end(prompt, response);
  if (end.new_turn() != at.has_value() || end.first_segment.size() > response.size()) std::abort();
  if (end.position && *end.position > end.first_segment.size()) std::abort();
  return 0;
}
