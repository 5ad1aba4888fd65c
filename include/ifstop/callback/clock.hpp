// The clock that the callback uses unless it is given another.
#pragma once
#include <chrono>

namespace ifstop {

/// Seconds since some fixed moment, never going back.
inline double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace ifstop
