#include "support/source_dir.hpp"

namespace ifstop_test {

std::filesystem::path source_dir() {
  return IFSTOP_SOURCE_DIR;
}

}  // namespace ifstop_test
