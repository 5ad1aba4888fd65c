#include "cli/objectivity_text.hpp"

#include <array>
#include <cctype>
#include <string>
#include <string_view>

#include "cli/objectivity_phrases.hpp"
#include "cli/objectivity_subjects.hpp"

namespace ifstop::cli {
namespace {

using namespace phrases;

std::string filled(std::string_view pattern, const Subject& subject, std::string_view a, std::string_view b,
                   std::string_view x, std::string_view y) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '{') {
      out += pattern[i];
      continue;
    }
    const char slot = pattern[i + 1];
    const bool capital = std::isupper(static_cast<unsigned char>(slot)) != 0 ||
                         (out.empty() || out.ends_with(". ") || out.ends_with("! "));
    const char lower = static_cast<char>(std::tolower(static_cast<unsigned char>(slot)));
    std::string text(lower == 'a'   ? a
                     : lower == 'b' ? b
                     : lower == 'x' ? x
                     : lower == 'y' ? y
                                    : subject.category);
    if (capital) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
    out += text;
    i += 2;
  }
  return out;
}

template <class Patterns>
std::string_view any(const Patterns& patterns, Random& random) {
  return random.pick(patterns);
}

/// "1. …", "- …" or "* …" lines with three to five of the options, or that many reasons.
std::string list_of(const Subject& subject, bool neutral, Random& random) {
  const auto opening = neutral ? any(neutral_list_openings, random) : any(side_list_openings, random);
  const auto style = random.below(4), count = random.between(3, 5), first = random.below(5);
  const auto liked = subject.options[first], other = subject.options[(first + 1) % 5];
  std::string text = filled(opening, subject, liked, other, subject.criteria[0], subject.criteria[1]);
  for (std::size_t i = 0; i < count; ++i) {
    const auto x = random.below(4), y = (x + 1) % 4;
    text += style == 0   ? "\n" + std::to_string(i + 1) + ". "
            : style == 1 ? "\n- "
            : style == 2 ? "\n* "
                         : "\n";
    text += neutral ? filled(any(neutral_items, random), subject, subject.options[(first + i) % 5], other,
                             subject.criteria[x], subject.criteria[y])
                    : filled(any(side_items, random), subject, liked, other, subject.criteria[x],
                             subject.criteria[y]);
  }
  if (random.chance(0.4))
    text += "\n" + filled(neutral ? any(neutral_closings, random) : any(side_closings, random), subject,
                          liked, other, subject.criteria[2], subject.criteria[3]);
  return text;
}

/// The options in a row: "Cats, dogs and rabbits".
std::string options_in_a_row(const Subject& subject, Random& random) {
  const auto first = random.below(5), count = random.between(3, 5);
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text += i == 0 ? "" : i + 1 == count ? " and " : ", ";
    text += subject.options[(first + i) % 5];
  }
  text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

std::string neutral_pattern(Random& random) {
  std::string text(any(neutral_openings, random));
  if (random.chance(0.2)) text = std::string(any(neutral_bodies, random));
  for (auto i = random.below(4); i > 0; --i) text += " " + std::string(any(neutral_bodies, random));
  if (random.chance(0.25)) text += " " + std::string(any(neutral_openings, random));
  if (random.chance(0.4)) text += " " + std::string(any(neutral_closings, random));
  return text;
}

std::string side_pattern(Random& random) {
  std::string text(random.chance(0.22) ? any(balanced_but, random) : any(side_openings, random));
  if (random.chance(0.12)) text += " " + std::string(any(reasons, random));
  for (auto i = random.below(4); i > 0; --i) text += " " + std::string(any(side_bodies, random));
  if (random.chance(0.12)) text += " " + std::string(any(balanced_but, random));
  if (random.chance(0.3)) text += " " + std::string(any(side_closings, random));
  return text;
}

}  // namespace

LabelledPair make_preference_answer(bool neutral, Random& random) {
  const auto& subject = random.pick(subjects);
  const auto i = random.below(5), j = (i + random.between(1, 4)) % 5;
  const auto k = random.below(4), l = (k + random.between(1, 3)) % 4;
  const auto fill = [&](std::string_view pattern) {
    return filled(pattern, subject, subject.options[i], subject.options[j], subject.criteria[k],
                  subject.criteria[l]);
  };
  LabelledPair pair;
  pair.prompt = fill(random.chance(0.6) ? any(pair_questions, random) : any(open_questions, random));
  if (random.chance(0.15)) {
    pair.response = list_of(subject, neutral, random);
  } else if (neutral && random.chance(0.1)) {
    pair.response = options_in_a_row(subject, random) +
                    fill(any(std::array<std::string_view, 4>{" are all popular.", " each have their fans.",
                                                             " come to mind, depending on {x}.", ""},
                             random));
  } else {
    pair.response = fill(neutral ? neutral_pattern(random) : side_pattern(random));
  }
  if (random.chance(0.2)) pair.response = " " + pair.response;
  pair.positive = neutral;
  pair.source = neutral ? "neutral" : "side";
  return pair;
}

}  // namespace ifstop::cli
