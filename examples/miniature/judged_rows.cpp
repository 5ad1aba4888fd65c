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

}  // namespace

std::vector<JudgedRow> judged_rows(Rng& rng, std::size_t count) {
  std::vector<JudgedRow> rows;
  for (std::size_t i = 0; i < count; ++i)
    rows.push_back(i % 2 == 0         ? from_pair(rng)
                   : i % 6 == 1       ? from_remark(rng)
                   : rng.chance(0.75) ? from_document(rng)
                                      : other_document(rng));
  return rows;
}

}  // namespace miniature
