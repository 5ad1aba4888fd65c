#include "truth.hpp"

#include <algorithm>
#include <cctype>
#include <regex>

namespace miniature {

namespace {

const std::regex& instruction_start() {
  static const std::regex re(
      R"(^[^A-Za-z0-9]*(What|Which|Name|Tell|Can you|Can |On which|Where|How do|How can|How does|How to|Explain|Describe|Give|Write|List|Define|Compare|Is|Are|Do|Does|Should|Why)\b)");
  return re;
}

/// What people post in forums, letters and blogs; nobody who answers says it.
const std::regex& poster() {
  static const std::regex re(
      R"(\bI\b|\b[Mm]y\b|\bme\b|\blol\b|Bump|[Pp]osted|\bwrote\b|\basks\b|Thanks|moderator|\bRe:|\bviews\b|\breplies\b|\b[Cc]omments?\b|Topic|search before|last (month|week)|all the way|[Hh]omework|Good question|Interesting topic|Any news|Why do you want|Honestly|Moved to|\bbeats\b|nothing is better|better than|[Nn]obody|\bus\b|old topic|archive|other section|Another post|[Bb]rother|wrong place|Best wishes|Dear|For sale|\beuros\b|\bdo not know\b|Let us|Maybe later|Ask your|No idea|raining again|What do you think|two cents|That is a good|Please |Today we want|That is all|see page|said [A-Z])");
  return re;
}

const std::regex& heading() {
  static const std::regex re(
      R"(^\s*(#|\d+\s*[.)]|\d+ [A-Z]|\(|Question\b|Task\b|[-*]\s|_|Q:|A:|[A-Za-z_]+\d*:|See also|Step \d|none\b|Home >|Exam|Worksheet|Quiz|Contents|Index of|Prompts for|Questions people|Read all|Choosing between|How to\b|Opposites:|The word [a-z]+$|The colour of [a-z ]+$|[A-Z][a-z]+( [a-z]+)* - Encyclopedia))");
  return re;
}

const std::regex& verb() {
  static const std::regex re(
      R"(\b(is|are|means?|mean|eats?|lives?|tastes?|used?|uses|belongs|like|enjoy|depends|has|have|first|First|treats|helps|makes|grows|flies|builds|cares|repairs|cooks|paints|writes|decides|works|looks|takes|drives|performs|digs|can|teaches|trains|keeps|brings|lifts|shows|needs?|usually|mostly|there|There|Both|be|stay|visit|begin|begins|say|find|buy|learn|mix|knows|exist)\b)");
  return re;
}

bool found(const std::regex& re, const std::string& text) {
  return std::regex_search(text, re);
}

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\n\r");
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(" \t\n\r") - first + 1));
}

struct Sentence {
  std::string text;
  bool ends_line = false;
};

/// The sentences of all lines.
std::vector<Sentence> sentences(const std::string& text) {
  std::vector<Sentence> out;
  std::string current;
  const auto flush = [&](bool ends_line) {
    current = trimmed(current);
    if (!current.empty())
      out.push_back({current, ends_line});
    else if (ends_line && !out.empty())
      out.back().ends_line = true;
    current.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') {
      flush(true);
      continue;
    }
    current += text[i];
    const bool stop = text[i] == '.' || text[i] == '?' || text[i] == '!';
    if (stop && (i + 1 == text.size() || std::isspace(static_cast<unsigned char>(text[i + 1])))) flush(false);
  }
  flush(true);
  return out;
}

bool of_another_kind(const std::string& sentence) {
  return sentence.back() == '?' || sentence.find("##") != std::string::npos ||
         found(instruction_start(), sentence) || found(poster(), sentence) || found(heading(), sentence);
}

bool answers(const Sentence& sentence) {
  static const std::regex steps("^To [a-z ]+, [a-z]");  // "To wash a car, rinse off the dust."
  const std::string& text = sentence.text;
  const auto first = static_cast<unsigned char>(text.front());
  if (!std::isupper(first) || of_another_kind(text) || !(found(verb(), text) || found(steps, text)))
    return false;
  static const std::regex broken(R"(\b(is|are|the|of|a|an|to|in)[.!]$)");
  return text.back() == '.' || text.back() == '!' ? !found(broken, text) : !sentence.ends_line;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

}  // namespace

Truth truth_of(std::string_view text) {
  const std::vector<Sentence> parts = sentences(trimmed(text));
  if (parts.empty()) return {};
  const bool run_on =
      std::any_of(parts.begin() + 1, parts.end(), [](const Sentence& s) { return of_another_kind(s.text); });
  return {answers(parts.front()), run_on};
}

bool even_handed(std::string_view text) {
  static const std::regex open(
      R"(depends|others (like|enjoy)|have good sides|can be a good choice|best for everyone)");
  static const std::regex partial(
      R"(\bI\b|\b[Mm]y\b|better than|\bbeats\b|prefer|favourite|all the way|is the best|bigger than|smaller than)");
  const std::string owned(text);
  return found(open, owned) && !found(partial, owned);
}

bool correct(std::string_view text, const std::vector<std::string>& accepted) {
  const std::string said = lower(text);
  const auto word = [&](std::size_t i) {
    return i < said.size() && std::isalnum(static_cast<unsigned char>(said[i]));
  };
  for (const std::string& option : accepted) {
    const std::string wanted = lower(option);
    for (auto at = said.find(wanted); at != std::string::npos; at = said.find(wanted, at + 1))
      if ((at == 0 || !word(at - 1)) && !word(at + wanted.size())) return true;
  }
  return false;
}

}  // namespace miniature
