// Where the development data lies, for tests that need it. Without it they say so and pass.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

#include "support/source_dir.hpp"

namespace ifstop_test {

/// Folder of the shared development data: $IFSTOP_SHARED_DATA, or ../shared/data beside the checkout. Prints
/// "skipped: no shared data" and returns nothing when there is none.
inline std::optional<std::filesystem::path> shared_data() {
  const char* given = std::getenv("IFSTOP_SHARED_DATA");
  std::filesystem::path path = given ? std::filesystem::path(given) : source_dir() / "../shared/data";
  if (std::filesystem::is_directory(path)) return path;
  std::puts("skipped: no shared data");
  return std::nullopt;
}

}  // namespace ifstop_test
