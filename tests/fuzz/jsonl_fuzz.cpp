// Fuzzes JSON Lines: every line of any file is an object that is written and read back the same, or a
// BadLine, after which reading goes on to the end.
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "ifstop/report/jsonl.hpp"
#include "memory_file.hpp"

using namespace ifstop::report;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const ifstop_fuzz::MemoryFile file(data, size);
  JsonLines in(file.path());
  for (bool more = true; more;) {
    try {
      const auto line = in.next_line();
      more = line.has_value();
      if (!more) break;
      const auto text = to_line(in.parse(*line));
      if (to_line(in.parse(text)) != text) std::abort();
    } catch (const BadLine&) {
    }
  }
  return 0;
}
