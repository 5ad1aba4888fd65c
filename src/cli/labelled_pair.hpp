// What the judges are trained on and measured with.
#pragma once
#include <string>
#include <string_view>

namespace ifstop::cli {

struct LabelledPair {
  std::string prompt;
  std::string response;
  bool positive = false;
  double weight = 1;
  std::string_view source;  ///< where it is from, for the report
};

}  // namespace ifstop::cli
