// Whether a completion goes on past its answer into another turn, and the text before that.
#pragma once
#include <cstddef>
#include <optional>
#include <string_view>

#include "ifstop/generate.hpp"
#include "ifstop/turn.hpp"

namespace ifstop {

/// Number of Unicode code points in UTF-8 text.
inline std::size_t code_points(std::string_view utf8) {
  std::size_t count = 0;
  for (char c : utf8) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  return count;
}

/// Where a completion leaves its first turn, whatever its tone: an *answer* that does so has run on.
struct TurnEnd {
  std::string_view first_segment;  ///< the text before the new turn; all of it where there is none
  std::optional<std::size_t>
      position;  ///< where the new turn begins, in Unicode code points; nothing: no new turn

  bool new_turn() const { return position.has_value(); }
};

/// Finds it by rule (find_turn), and where the generator itself stopped at a new turn (FinishReason::turn:
/// the marker is already cut away) puts it at the end of the text.
inline TurnEnd find_turn_end(std::string_view prompt, std::string_view response,
                             FinishReason finish = FinishReason::unknown) {
  if (const auto at = find_turn(prompt, response)) {
    const auto first = response.substr(0, *at);
    return {first, code_points(first)};
  }
  if (finish == FinishReason::turn) return {response, code_points(response)};
  return {response, std::nullopt};
}

}  // namespace ifstop
