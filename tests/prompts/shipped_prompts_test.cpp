// The shipped prompts themselves: written for this library, and fit for what is measured with them.
#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <map>
#include <unordered_set>

#include "ifstop/prompts/prompt_set.hpp"
#include "ifstop/score/correct.hpp"
#include "support/catch.hpp"
#include "support/shared_data.hpp"

using ifstop::PromptKind;
using ifstop::PromptSet;

namespace {

constexpr std::size_t window = 5;

/// Hashes of all runs of five words, lower case.
std::vector<std::size_t> runs(std::string_view text) {
  std::vector<std::string> words(1);
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) || byte > 127)
      words.back() += static_cast<char>(std::tolower(byte));
    else if (!words.back().empty())
      words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i + window <= words.size(); ++i) {
    std::string joined;
    for (std::size_t k = 0; k < window; ++k) joined += words[i + k] + " ";
    result.push_back(std::hash<std::string>()(joined));
  }
  return result;
}

}  // namespace

CATCH_TEST_CASE("every full prompt has a fragment that breaks off before its end") {
  std::map<std::string, std::string> full;
  std::size_t inside_word = 0, fragments = 0;
  for (const auto& prompt : PromptSet::builtin().prompts)
    if (prompt.kind == PromptKind::full) full[prompt.id] = prompt.text;
  for (const auto& prompt : PromptSet::builtin().prompts) {
    if (prompt.kind != PromptKind::partial) continue;
    const auto& parent = full.at(prompt.parent);
    CATCH_INFO(prompt.id);
    CATCH_CHECK(parent.compare(0, prompt.text.size(), prompt.text) == 0);
    CATCH_CHECK(prompt.text.size() + 1 < parent.size());
    inside_word += parent[prompt.text.size()] != ' ';
    ++fragments;
  }
  CATCH_CHECK(fragments == full.size());
  CATCH_CHECK(inside_word * 4 > fragments);  // a fair share inside words,
  CATCH_CHECK(inside_word * 2 < fragments);  // the others between words and clauses
}

CATCH_TEST_CASE(
    "no accepted answer stands in its own prompt, where repeating the prompt would count as correct") {
  std::size_t with_answers = 0;
  for (const auto& prompt : PromptSet::builtin().prompts) {
    CATCH_INFO(prompt.id << " " << prompt.text);
    CATCH_CHECK_FALSE(ifstop::holds_answer(prompt.text, prompt.accepted));
    with_answers += !prompt.accepted.empty();
  }
  CATCH_CHECK(with_answers >= 30);
}

CATCH_TEST_CASE("the shipped prompts are not those of the development data") {
  const auto folder = ifstop_test::shared_data();
  CATCH_CHECK(runs("What is the capital of Peru?").size() == 2);
  if (!folder) return;
  std::unordered_set<std::size_t> seen;
  for (const char* file :
       {"dolly_hhrlhf_small/dolly_hhrlhf_train_small.jsonl", "alpaca_5000/alpaca_5000.json",
        "gpteacher/roleplay.json", "gpteacher/codegen.json", "self_instruct_seed/seed_tasks.jsonl",
        "opinion_propositions/pct_propositions.csv",
        "personality_chat/Queries_Responses_Friendly_QnAMaker.tsv", "model_outputs_train/tone_train.jsonl",
        "model_outputs_dev/tone_dev.jsonl", "plain_text_web/wiki_demo.txt", "plain_text_web/c4_demo.jsonl"}) {
    std::ifstream in(*folder / file, std::ios::binary);
    CATCH_INFO(file);
    CATCH_REQUIRE(in);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    for (auto run : runs(text)) seen.insert(run);
  }
  for (const auto& prompt : PromptSet::builtin().prompts) {
    if (prompt.kind == PromptKind::partial) continue;
    const auto own = runs(prompt.text);
    const auto known = std::count_if(own.begin(), own.end(), [&](auto run) { return seen.count(run) > 0; });
    CATCH_INFO(prompt.id << " " << prompt.text);
    CATCH_CHECK(static_cast<std::size_t>(known) <= own.size() / 2);
  }
}
