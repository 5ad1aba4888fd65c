// One thing a model is asked.
#pragma once
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace ifstop {

/// What a prompt is for.
enum class PromptKind {
  full,        ///< a complete instruction: the paper's I
  partial,     ///< a fragment of one: the paper's Ip
  preference,  ///< asks for an opinion (ObjecQA); counts for nothing else
};

/// "full", "partial", "preference".
constexpr std::string_view to_string(PromptKind kind) {
  switch (kind) {
    case PromptKind::full:
      return "full";
    case PromptKind::partial:
      return "partial";
    case PromptKind::preference:
      break;
  }
  return "preference";
}

/// The inverse of to_string. Throws std::invalid_argument naming the text for any other.
inline PromptKind prompt_kind_from(std::string_view text) {
  for (auto kind : {PromptKind::full, PromptKind::partial, PromptKind::preference})
    if (to_string(kind) == text) return kind;
  throw std::invalid_argument("kind \"" + std::string(text) + "\" is none of full, partial, preference");
}

/// An instruction (or fragment, or question) as a person would type it: no template around it.
struct Prompt {
  std::string id;    ///< unique in its set
  std::string text;  ///< UTF-8
  PromptKind kind = PromptKind::full;
  std::string parent;                 ///< id of the full prompt a fragment was cut from; empty: its own id
  std::vector<std::string> accepted;  ///< answers that count as correct; empty where the truth is not known

  /// Prompts of one group share their parent: their outcomes are not independent.
  const std::string& group() const { return parent.empty() ? id : parent; }
  friend bool operator==(const Prompt&, const Prompt&) = default;
};

}  // namespace ifstop
