#include "pairs.hpp"

#include <algorithm>
#include <set>

namespace miniature {

namespace {

bool any_held_out(const Asked& asked) {
  for (const auto& key : asked.keys)
    if (held_out(key)) return true;
  return false;
}

/// A beginning of the question that nobody has used: whole words, at least two and half of them all; where
/// those are taken, cut inside the last word. Empty where that is taken too.
std::string beginning(Rng& rng, const std::string& question, std::set<std::string>& seen) {
  const std::vector<std::string> words = split(question, ' ');
  std::vector<std::size_t> cuts;
  for (std::size_t count = std::max<std::size_t>(2, words.size() / 2); count < words.size(); ++count)
    cuts.push_back(count);
  rng.shuffle(cuts);
  for (const std::size_t count : cuts) {
    std::string text = join({words.begin(), words.begin() + static_cast<std::ptrdiff_t>(count)}, " ");
    if (seen.insert(text).second) return text;
  }
  std::string text = question.substr(0, question.size() - words.back().size() / 2 - 1);
  return seen.insert(text).second ? text : "";
}

}  // namespace

std::vector<Asked> instruction_pairs(Rng& rng, std::size_t count, double preference_share) {
  std::vector<Asked> out;
  while (out.size() < count) {
    const Topic topic = random_topic(rng, rng.chance(preference_share) ? 1.0 : 0.0);
    Asked asked = ask(rng, topic);
    while (any_held_out(asked)) asked = ask(rng, random_topic(rng, topic.taste ? 1.0 : 0.0));
    out.push_back(std::move(asked));
  }
  return out;
}

std::vector<EvaluationPrompt> evaluation_prompts(Rng& rng, std::size_t each) {
  std::vector<EvaluationPrompt> full, partial, preference;
  std::set<std::string> seen;
  while (full.size() < each) {
    const Asked asked = ask(rng, random_topic(rng, 0.0));
    if (!any_held_out(asked) || asked.accepted.empty() || !seen.insert(asked.question).second) continue;
    const std::string fragment = beginning(rng, asked.question, seen);
    if (fragment.empty()) continue;
    const std::string number = std::to_string(full.size() + 1);
    full.push_back({"full-" + number, asked.question, "full", "", asked.accepted});
    partial.push_back({"partial-" + number, fragment, "partial", "full-" + number, {}});
  }
  while (preference.size() < each) {
    const Asked asked = ask(rng, random_topic(rng, 1.0));
    if (!any_held_out(asked) || !seen.insert(asked.question).second) continue;
    preference.push_back(
        {"preference-" + std::to_string(preference.size() + 1), asked.question, "preference", "", {}});
  }
  full.insert(full.end(), partial.begin(), partial.end());
  full.insert(full.end(), preference.begin(), preference.end());
  return full;
}

}  // namespace miniature
