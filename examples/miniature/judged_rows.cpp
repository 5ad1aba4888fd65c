#include "judged_rows.hpp"

#include <algorithm>
#include <string_view>

#include "document.hpp"
#include "genres.hpp"
#include "pairs.hpp"
#include "truth.hpp"

namespace miniature {

namespace {

constexpr std::size_t longest_response = 260;

bool instructs(std::string_view sentence) {
  if (sentence.ends_with('?')) return true;
  const auto first = sentence.substr(0, sentence.find(' '));
  for (std::string_view verb :
       {"Name", "Tell", "Explain", "Describe", "Give", "Write", "List", "Define", "Compare"})
    if (first == verb) return true;
  return false;
}

/// Where sentences that instruct begin and end.
std::vector<std::pair<std::size_t, std::size_t>> instructions(const std::string& text) {
  std::vector<std::pair<std::size_t, std::size_t>> found;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool stop = text[i] == '?' || text[i] == '.' || text[i] == '\n';
    if (!stop) continue;
    const auto end = text[i] == '\n' ? i : i + 1;
    while (begin < end && (text[begin] == ' ' || text[begin] == '\n')) ++begin;
    if (end > begin + 8 && text[begin] >= 'A' && text[begin] <= 'Z' &&
        instructs(std::string_view(text).substr(begin, end - begin)))
      found.emplace_back(begin, end);
    begin = i + 1;
  }
  return found;
}

/// The beginning of a question: a third of its words at least.
std::string beginning(Rng& rng, const std::string& question) {
  const auto words = split(question, ' ');
  const int size = static_cast<int>(words.size());
  const int low = std::max(1, size * 3 / 10);
  return join({words.begin(), words.begin() + rng.between(low, std::max(low, size * 7 / 10))}, " ");
}

JudgedRow row(std::string prompt, std::string response) {
  const bool answer = truth_of(response).answer;
  return {std::move(prompt), std::move(response), answer};
}

/// A document cut after an instruction, or within it.
JudgedRow from_document(Rng& rng) {
  for (;;) {
    const auto text = document(rng);
    const auto places = instructions(text);
    if (places.empty()) continue;
    const auto [begin, end] = rng.pick(places);
    auto prompt = text.substr(begin, end - begin);
    if (rng.chance(0.45)) {
      const auto part = beginning(rng, prompt);
      return row(part, text.substr(begin + part.size(), longest_response));
    }
    if (end < text.size()) return row(std::move(prompt), text.substr(end, longest_response));
  }
}

/// An instruction, or its beginning, and a document that has nothing to do with it.
JudgedRow other_document(Rng& rng) {
  const auto asked = ask(rng, random_topic(rng, 0.1));
  auto prompt = rng.chance(0.5) ? asked.question : beginning(rng, asked.question);
  const std::string lead(rng.pick({"\n", " ", "\n\n", "", "\n"}));
  return row(std::move(prompt), lead + document(rng).substr(0, longest_response));
}

/// An instruction, or its beginning, and what somebody posts under it. It names the topic and looks like an
/// answer to a judge that counts words.
JudgedRow from_remark(Rng& rng) {
  const auto topic = random_topic(rng, 0.1);
  const auto asked = ask(rng, topic);
  auto prompt = rng.chance(0.5) ? asked.question : beginning(rng, asked.question);
  const std::string lead(rng.pick({"\n", " "}));
  return row(std::move(prompt), lead + Scribe(rng, topic).remark() + std::string(rng.pick({"", "\n"})));
}

JudgedRow from_pair(Rng& rng) {
  const auto asked = instruction_pairs(rng, 1, 0.1).front();
  auto prompt = rng.chance(0.5) ? asked.question : beginning(rng, asked.question);
  const std::string lead(rng.pick({"", " ", "\n", ""}));
  return row(std::move(prompt), lead + asked.answer);
}

/// An instruction, or its beginning, and what follows a heading that promises an answer: the base model sees
/// its prompt under the template as such a section.
JudgedRow from_section(Rng& rng) {
  for (;;) {
    const auto topic = random_topic(rng, 0.1);
    const auto text = Scribe(rng, topic).sections();
    auto asked = text.substr(0, text.find('#'));
    while (!asked.empty() && (asked.back() == ' ' || asked.back() == '\n')) asked.pop_back();
    std::vector<std::size_t> places;
    for (std::string_view heading : {"# Response:", "# Answer:"})
      for (auto at = text.find(heading); at != text.npos; at = text.find(heading, at + 1))
        places.push_back(at + heading.size());
    if (places.empty() || asked.empty()) continue;
    return row(std::move(asked), text.substr(rng.pick(places), longest_response));
  }
}

/// As a small model garbles a text: it begins in the middle of a word or sentence, or with a wrong letter, or
/// its words change places.
std::string garbled(Rng& rng, const std::string& text) {
  const auto first = std::min(text.find_first_not_of(" \n"), text.size());
  const auto end = std::min(text.find_first_of("\n", first), text.size());
  auto words = split(text.substr(first, end - first), ' ');
  if (words.size() < 3 || words[0].size() < 2) return text;
  switch (rng.below(6)) {
    case 0:
      words[0].erase(0, 1);
      break;
    case 1:
      words[0][0] = static_cast<char>('A' + rng.between(0, 25));
      break;
    case 2:
      words.erase(words.begin(), words.begin() + rng.between(1, static_cast<int>(words.size()) - 2));
      break;
    case 3:
      words.resize(static_cast<std::size_t>(rng.between(1, static_cast<int>(words.size()) - 1)));
      break;
    case 4:
      words.insert(words.begin(), std::string(rng.pick({"A:", "Q:", "1.", "2)", "-", "Re:", "Topic:"})));
      break;
    default: {
      const auto a = rng.below(words.size()), b = rng.below(words.size());
      std::swap(words[a], words[b]);
    }
  }
  return text.substr(0, first) + join(words, " ") + text.substr(end);
}

JudgedRow garbled_row(Rng& rng) {
  const auto whole = rng.chance(0.5) ? from_section(rng) : from_pair(rng);
  return row(whole.prompt, garbled(rng, whole.response));
}

}  // namespace

std::vector<JudgedRow> judged_rows(Rng& rng, std::size_t count) {
  std::vector<JudgedRow> rows;
  for (std::size_t i = 0; i < count; ++i)
    rows.push_back(i % 5 == 0         ? from_section(rng)
                   : i % 5 == 1       ? garbled_row(rng)
                   : i % 5 < 4        ? from_pair(rng)
                   : i % 10 == 4      ? from_remark(rng)
                   : rng.chance(0.75) ? from_document(rng)
                                      : other_document(rng));
  return rows;
}

}  // namespace miniature
