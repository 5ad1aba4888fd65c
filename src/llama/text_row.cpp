#include "llama/text_row.hpp"

#include <algorithm>
#include <stdexcept>

#include "ifstop/llama/tokenizer.hpp"
#include "ifstop/turn.hpp"

namespace ifstop::llama {

void check(const TextEnds& ends) {
  for (const auto* texts : {&ends.stop, &ends.end})
    for (const auto& text : *texts)
      if (text.empty())
        throw std::invalid_argument(texts == &ends.stop
                                        ? "stop holds an empty text, which would end every completion"
                                        : "end_markers holds an empty text");
}

FinishReason TextRow::add(std::string_view bytes) {
  const auto first_new = bytes_.size();
  bytes_ += bytes;
  token_ends_.push_back(bytes_.size());
  auto reason = FinishReason::unknown;
  if (cut_at(ends_.stop, first_new)) reason = FinishReason::stop;
  if (cut_at(ends_.end, first_new)) reason = FinishReason::eos;
  // A turn opens with a label's colon, a template's bracket or a line's end: nothing else is worth a look.
  if (ends_.turn && bytes.find_first_of("\n:>]}") != std::string_view::npos && cut_at_turn())
    reason = FinishReason::turn;
  return reason;
}

FinishReason TextRow::finish(FinishReason reason) {
  return ends_.turn && cut_at_turn() ? FinishReason::turn : reason;
}

std::string TextRow::text() const {
  return well_formed_utf8(std::string_view(bytes_).substr(0, cut_.value_or(bytes_.size())));
}

std::size_t TextRow::tokens_within() const {
  const auto end = std::upper_bound(token_ends_.begin(), token_ends_.end(), cut_.value_or(bytes_.size()));
  return static_cast<std::size_t>(end - token_ends_.begin());
}

// True where one of the texts begins before the end that is known so far.
bool TextRow::cut_at(const std::vector<std::string>& texts, std::size_t first_new) {
  bool found = false;
  for (const auto& text : texts) {
    const auto at = bytes_.find(text, first_new - std::min(first_new, text.size() - 1));
    if (at == std::string::npos || (cut_ && *cut_ <= at)) continue;
    cut_ = at;
    found = true;
  }
  return found;
}

// True where a turn begins before the end that is known so far.
bool TextRow::cut_at_turn() {
  const auto at = find_turn(prompt_, bytes_);
  if (!at || (cut_ && *cut_ <= *at)) return false;
  cut_ = at;
  return true;
}

}  // namespace ifstop::llama
