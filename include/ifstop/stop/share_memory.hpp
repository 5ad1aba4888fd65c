// Readings of a share as rules remember and save them.
#pragma once
#include <fmt/format.h>

#include <cmath>
#include <string>
#include <vector>

#include "ifstop/stop/trend.hpp"
#include "ifstop/stop/watched_rule.hpp"

namespace ifstop {

/// The reading as a share of what is good: where less is better, failures are counted.
inline ShareAt good_share(const Reading& reading, Direction direction) {
  ShareAt good{static_cast<double>(reading.examples > 0 ? reading.examples : reading.step),
               reading.score.tally};
  if (direction == Direction::minimize) {
    good.tally.successes = good.tally.trials - good.tally.successes;
    for (auto& outcome : good.tally.outcomes) outcome = !outcome;
  }
  return good;
}

/// "x successes trials", and behind it each prompt's outcome as 0 or 1 where it is known.
inline std::string to_text(const ShareAt& share) {
  auto text = fmt::format("{} {} {}", share.x, share.tally.successes, share.tally.trials);
  if (!share.tally.outcomes.empty()) text += ' ';
  for (const auto outcome : share.tally.outcomes) text += outcome ? '1' : '0';
  return text;
}

/// The inverse. Throws std::invalid_argument where the text is none.
inline ShareAt share_from_text(const std::string& text) {
  std::size_t end = 0;
  for (int space = 0; space < 3 && end != text.npos; ++space) end = text.find(' ', end + (space > 0));
  const auto numbers = numbers_from_text<double>(std::string_view(text).substr(0, end));
  const auto outcomes = end == text.npos ? std::string() : text.substr(end + 1);
  const bool counted = numbers.size() == 3 && numbers[2] >= numbers[1] && numbers[1] >= 0 && numbers[2] > 0;
  if (!counted || outcomes.find_first_not_of("01") != outcomes.npos)
    throw std::invalid_argument(fmt::format("state: \"{}\" is no reading of a share", text));
  ShareAt share{numbers[0], {std::llround(numbers[1]), std::llround(numbers[2]), {}}};
  for (const char c : outcomes) share.tally.outcomes.push_back(c == '1');
  return share;
}

inline void put_shares(StateWriter& out, const std::vector<ShareAt>& shares) {
  out.put("readings", static_cast<std::int64_t>(shares.size()));
  for (std::size_t i = 0; i < shares.size(); ++i) out.put(fmt::format("reading.{}", i), to_text(shares[i]));
}

inline std::vector<ShareAt> shares_from(const StateReader& in) {
  std::vector<ShareAt> shares;
  for (std::int64_t i = 0; i < in.integer("readings"); ++i)
    shares.push_back(share_from_text(in.text(fmt::format("reading.{}", i))));
  return shares;
}

}  // namespace ifstop
