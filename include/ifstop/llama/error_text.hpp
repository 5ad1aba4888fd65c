// What to show of an exception.
#pragma once
#include <exception>
#include <string>

namespace ifstop {

/// Its text, without the C++ backtrace that LibTorch appends to its own (also where such a text was taken
/// into another exception's).
std::string error_text(const std::exception& error);

}  // namespace ifstop
