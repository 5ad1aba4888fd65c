// Where the checkout lies. In a file of its own, so that no other test's compilation depends on the path.
#pragma once
#include <filesystem>

namespace ifstop_test {

/// The root of the source tree that the tests were built from.
std::filesystem::path source_dir();

}  // namespace ifstop_test
