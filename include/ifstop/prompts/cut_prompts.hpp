// A prompt set from instructions of one's own: some of them whole, and a fragment of each.
#pragma once
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ifstop/prompts/fragments.hpp"
#include "ifstop/prompts/prompt_set.hpp"

namespace ifstop {

struct CutPromptsOptions {
  std::size_t instructions = 200;            ///< how many are taken (all where there are fewer); 0: all
  FragmentStyle style = FragmentStyle::any;  ///< where fragments end
  std::uint64_t seed = 0;                    ///< of the choice and of the cuts
  std::size_t shortest_bytes = 12;           ///< shorter instructions are left out: little is left of them
  std::size_t longest_bytes = 2000;          ///< longer ones too: they cost more than they tell; 0: none is
};

/// The set, and which of the instructions are in it: those must not be trained on.
struct CutPrompts {
  PromptSet set;
  std::vector<std::size_t> taken;  ///< their places, ascending
};

/// Takes a random sample (the same for the same seed and texts, wherever they stand) of different
/// instructions and cuts a fragment of each. Ids are f001, p001 and so on. Throws std::invalid_argument where
/// no instruction can be taken.
inline CutPrompts cut_prompts(std::span<const std::string> instructions, const CutPromptsOptions& options,
                              std::string name) {
  std::vector<std::pair<std::uint64_t, std::size_t>> order;
  for (std::size_t i = 0; i < instructions.size(); ++i)
    order.emplace_back(prompt_detail::rank(options.seed, instructions[i]), i);
  std::sort(order.begin(), order.end());
  CutPrompts result{{std::move(name), "cut", {}}, {}};
  std::set<std::string> texts;
  for (const auto& [rank, i] : order) {
    const auto& text = instructions[i];
    if (text.size() < options.shortest_bytes ||
        (options.longest_bytes > 0 && text.size() > options.longest_bytes) ||
        text.find_first_not_of(" \t\r\n") == std::string::npos || !texts.insert(text).second)
      continue;
    std::string part;
    try {
      part = fragment(text, options.seed, options.style);
    } catch (const std::invalid_argument&) {
      continue;  // no word in it
    }
    if (!texts.insert(part).second) continue;  // another instruction begins in the same way
    const auto number = fmt::format("{:03}", result.taken.size() + 1);
    result.set.prompts.push_back({"f" + number, text, PromptKind::full, "", {}});
    result.set.prompts.push_back({"p" + number, std::move(part), PromptKind::partial, "f" + number, {}});
    result.taken.push_back(i);
    if (result.taken.size() == options.instructions) break;
  }
  if (result.taken.empty())
    throw std::invalid_argument(
        fmt::format("{}: none of {} instructions is long enough and short enough ({} to {} bytes)",
                    result.set.name, instructions.size(), options.shortest_bytes, options.longest_bytes));
  std::sort(result.taken.begin(), result.taken.end());
  result.set.validate();
  return result;
}

}  // namespace ifstop
