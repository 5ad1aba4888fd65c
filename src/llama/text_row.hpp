// One completion as text while it grows: where a stop string or a new turn ends it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ifstop/generate.hpp"

namespace ifstop::llama {

/// What ends a completion before the model does.
struct TextEnds {
  std::vector<std::string> stop;  ///< texts; each at least one byte
  std::vector<std::string> end;   ///< texts that stand for an end-of-sequence; each at least one byte
  bool turn = false;              ///< a new turn (find_turn)
};

/// Throws std::invalid_argument where a text is empty.
void check(const TextEnds& ends);

class TextRow {
 public:
  /// `ends` must outlive the row.
  TextRow(std::string prompt, const TextEnds& ends) : prompt_(std::move(prompt)), ends_(ends) {}

  /// Adds one token's bytes. The reason (eos, stop or turn) where the completion is over, else unknown.
  FinishReason add(std::string_view bytes);

  /// The last look, at what add() had no reason to look at. The reason given, or turn.
  FinishReason finish(FinishReason reason);

  /// The text up to where it ended.
  std::string text() const;

  /// How many of the tokens added lie wholly within text().
  std::size_t tokens_within() const;

 private:
  bool cut_at(const std::vector<std::string>& texts, std::size_t first_new);
  bool cut_at_turn();

  std::string prompt_;
  const TextEnds& ends_;
  std::string bytes_;
  std::vector<std::size_t> token_ends_;  // offset in bytes_ at which each token ends
  std::optional<std::size_t> cut_;
};

}  // namespace ifstop::llama
