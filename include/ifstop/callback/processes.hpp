// What the callback needs of a run on several processes: two callables, so that the core links no engine.
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

namespace ifstop {

/// Thrown by Processes::sum and Processes::broadcast where a process does not answer in time.
struct MissingRank : std::runtime_error {
  MissingRank(int missing, double waited_seconds)
      : std::runtime_error(
            fmt::format("rank {} did not answer within {} s: it has ended or hangs; look at its own log",
                        missing, waited_seconds)),
        rank(missing) {}
  int rank;
};

/// One process of several that train the same model. Each evaluates its share of the prompts; rank 0 decides.
/// Both callables are collective: every rank calls them, in the same order. They must not wait for ever:
/// after a time-out they throw MissingRank.
struct Processes {
  int rank = 0;
  int world_size = 1;  ///< 1 = alone: neither callable is called
  std::function<void(std::span<std::int64_t>)>
      sum;  ///< in place: every rank's numbers become the sum over all ranks
  std::function<void(std::string&)> broadcast;  ///< in place: every rank's text becomes rank 0's

  /// Throws std::invalid_argument naming the field that is wrong.
  void validate() const {
    if (world_size < 1)
      throw std::invalid_argument(fmt::format("world_size = {} must be at least 1", world_size));
    if (rank < 0 || rank >= world_size)
      throw std::invalid_argument(fmt::format("rank = {} must be from 0 to {}", rank, world_size - 1));
    if (world_size > 1 && !sum)
      throw std::invalid_argument(fmt::format("sum must be set where world_size = {}", world_size));
    if (world_size > 1 && !broadcast)
      throw std::invalid_argument(fmt::format("broadcast must be set where world_size = {}", world_size));
  }
};

}  // namespace ifstop
