// Fuzzes the file of a judge's weights, with and without a right checksum: any bytes are refused by
// std::runtime_error, or read, and then what is written reads back the same.
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "ifstop/score/linear_judge.hpp"

namespace {

void read(const std::string& bytes) {
  try {
    const auto weights = ifstop::weights_from_bytes(bytes, "fuzz");
    const auto written = ifstop::to_bytes(weights);
    if (ifstop::to_bytes(ifstop::weights_from_bytes(written)) != written) std::abort();
  } catch (const std::runtime_error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  read(bytes);
  // Past the checksum: the given beginning, weights of zero, and the sum of it all.
  bytes.resize(size + ifstop::FeatureLayout::size);
  ifstop::weights_detail::put(bytes, ifstop::weights_detail::fnv1a(bytes));
  read(bytes);
  return 0;
}
