// Fuzzes the frame of a data file (JSON Lines, or one array): the rows lie inside the file, in order, each on
// the line that it is said to be on; or RowError names a line of the file.
#include <algorithm>
#include <cstdlib>

#include "sft/rows.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view file(reinterpret_cast<const char*>(data), size);
  const auto lines = static_cast<std::size_t>(std::count(file.begin(), file.end(), '\n')) + 1;
  try {
    const char* at = file.data();
    for (const auto& row : ifstop::sft::split_rows(file)) {
      if (row.text.empty() || row.text.data() < at || row.text.data() + row.text.size() > file.data() + size)
        std::abort();
      at = row.text.data();
      if (row.line != static_cast<std::size_t>(std::count(file.data(), at, '\n')) + 1) std::abort();
    }
  } catch (const ifstop::sft::RowError& error) {
    if (error.line < 1 || error.line > lines) std::abort();
  }
  return 0;
}
