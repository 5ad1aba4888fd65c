// Fuzzes prompts as JSON Lines: any file is refused by FileError, or read.
#include <cstdlib>

#include "ifstop/report/read_prompts.hpp"
#include "memory_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const ifstop_fuzz::MemoryFile file(data, size);
  try {
    if (ifstop::report::read_prompts(file.path()).size() == 0) std::abort();
  } catch (const ifstop::report::FileError&) {
  }
  return 0;
}
