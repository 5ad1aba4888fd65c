// The one type in which a trainer and the stopper meet: a callable that turns prompts into completions.
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace ifstop {

/// Why a completion ended.
enum class FinishReason {
  eos,      ///< the model wrote its end-of-sequence token
  turn,     ///< it began a new turn (only with GenerateRequest::stop_at_turn)
  stop,     ///< one of GenerateRequest::stop appeared
  length,   ///< the token limit
  decided,  ///< the caller needed no more of it
  unknown,  ///< the generator does not tell
};

/// "eos", "turn", "stop", "length", "decided", "unknown".
constexpr std::string_view to_string(FinishReason reason) {
  switch (reason) {
    case FinishReason::eos:
      return "eos";
    case FinishReason::turn:
      return "turn";
    case FinishReason::stop:
      return "stop";
    case FinishReason::length:
      return "length";
    case FinishReason::decided:
      return "decided";
    case FinishReason::unknown:
      break;
  }
  return "unknown";
}

/// The inverse of to_string. Throws std::invalid_argument naming the text for any other.
inline FinishReason finish_reason_from(std::string_view text) {
  for (auto reason : {FinishReason::eos, FinishReason::turn, FinishReason::stop, FinishReason::length,
                      FinishReason::decided, FinishReason::unknown})
    if (to_string(reason) == text) return reason;
  throw std::invalid_argument("finish_reason \"" + std::string(text) +
                              "\" is none of eos, turn, stop, length, decided, unknown");
}

/// What a model wrote after one prompt.
struct Completion {
  std::string text;         ///< without end-of-sequence and new-turn marker
  std::int64_t tokens = 0;  ///< sampled tokens, end-of-sequence included
  FinishReason finish_reason = FinishReason::unknown;
};

/// One batch of prompts to complete. Prompts are final text: the template is already applied.
struct GenerateRequest {
  std::vector<std::string> prompts;
  std::int64_t max_new_tokens = 128;  ///< a completion's limit, in tokens
  double temperature = 0.0;           ///< 0 = greedy
  std::vector<std::uint64_t> seeds;   ///< one a prompt; needed where temperature > 0
  std::vector<std::string> stop;      ///< texts that end a completion
  /// Texts that close an answer as an end-of-sequence token does ("<|im_end|>"): the reason is
  /// FinishReason::eos. The callback cuts there itself where a generator writes on.
  std::vector<std::string> end_markers{};
  bool stop_at_turn = true;  ///< end a completion where it goes on into a new turn
  std::function<bool()>
      cancelled;  ///< polled between decode steps where set; true = give up (throw Cancelled)
};

/// Thrown by a Generate whose request was cancelled: an interrupted evaluation is never a low score.
struct Cancelled : std::runtime_error {
  Cancelled() : std::runtime_error("generation was cancelled") {}
};

/// Prompts in, completions out: one for every prompt, in order.
using Generate = std::function<std::vector<Completion>(const GenerateRequest&)>;

}  // namespace ifstop
