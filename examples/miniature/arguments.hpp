// `--name value` pairs of the miniature's small programs.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

namespace miniature {

class Arguments {
 public:
  /// Reads argv[first …]. Throws std::invalid_argument naming an option that is not among `known`, or without
  /// a value.
  Arguments(int argc, char** argv, int first, std::initializer_list<std::string_view> known) {
    for (int i = first; i < argc; i += 2) {
      const std::string name = argv[i];
      bool is_known = false;
      for (const auto option : known) is_known = is_known || name == option;
      if (!is_known) throw std::invalid_argument("unknown option " + name);
      if (i + 1 == argc) throw std::invalid_argument(name + " needs a value");
      values_[name] = argv[i + 1];
    }
  }

  std::string text(const std::string& name, const std::string& fallback = "") const {
    const auto found = values_.find(name);
    if (found != values_.end()) return found->second;
    if (fallback.empty()) throw std::invalid_argument(name + " is missing");
    return fallback;
  }

  std::int64_t integer(const std::string& name, std::int64_t fallback) const {
    return static_cast<std::int64_t>(number(name, static_cast<double>(fallback)));
  }

  double number(const std::string& name, double fallback) const {
    const auto found = values_.find(name);
    if (found == values_.end()) return fallback;
    std::size_t used = 0;
    const double value = std::stod(found->second, &used);
    if (used != found->second.size())
      throw std::invalid_argument(name + " = " + found->second + ": not a number");
    return value;
  }

 private:
  std::map<std::string, std::string> values_;
};

}  // namespace miniature
