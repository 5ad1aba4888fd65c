// Fuzzes samples/step-N.jsonl: any file is refused by FileError, or read.
#include <cstdlib>

#include "ifstop/report/samples.hpp"
#include "memory_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const ifstop_fuzz::MemoryFile file(data, size);
  try {
    ifstop::report::read_samples(file.path());
  } catch (const ifstop::report::FileError&) {
  }
  return 0;
}
