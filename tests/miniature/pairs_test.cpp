// Instruction data and evaluation prompts: what is held out stays out, fragments know where they come from.
#include "pairs.hpp"

#include <map>
#include <set>

#include "document.hpp"
#include "support/catch.hpp"

using namespace miniature;

CATCH_TEST_CASE("the instruction data asks nothing about held-out names") {
  Rng rng(2);
  const auto pairs = instruction_pairs(rng, 3000, 0.05);
  CATCH_REQUIRE(pairs.size() == 3000);
  std::size_t preferences = 0;
  for (const Asked& pair : pairs) {
    preferences += pair.kind == "preference";
    for (const auto& key : pair.keys) CATCH_CHECK_FALSE(held_out(key));
    CATCH_CHECK_FALSE(pair.answer.empty());
  }
  CATCH_CHECK(preferences > 100);  // 5 % of 3,000 is 150
  CATCH_CHECK(preferences < 200);
}

CATCH_TEST_CASE("every evaluation prompt is about something held out and used once") {
  Rng rng(3);
  const auto prompts = evaluation_prompts(rng, 100);
  CATCH_REQUIRE(prompts.size() == 300);
  std::map<std::string, EvaluationPrompt> by_id;
  std::set<std::string> texts;
  for (const auto& prompt : prompts) {
    CATCH_CHECK(by_id.emplace(prompt.id, prompt).second);
    CATCH_CHECK(texts.insert(prompt.prompt).second);
    CATCH_CHECK((prompt.kind == "full") == !prompt.accepted.empty());
  }
  for (const auto& prompt : prompts)
    if (prompt.kind == "partial") {
      const std::string& whole = by_id.at(prompt.parent).prompt;
      CATCH_CHECK(whole.rfind(prompt.prompt, 0) == 0);
      CATCH_CHECK(whole.size() > prompt.prompt.size());
    }
}

CATCH_TEST_CASE("about a quarter of the names is held out") {
  int held = 0, all = 0;
  for (const Table& table : tables())
    for (const Row& row : table.rows) {
      held += held_out(row.key);
      ++all;
    }
  CATCH_CHECK(held > all / 6);
  CATCH_CHECK(held < all / 3);
}

CATCH_TEST_CASE("the same seed writes the same documents on every machine") {
  Rng rng(1);
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (int i = 0; i < 500; ++i)
    for (const char c : document(rng)) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  CATCH_CHECK(hash == 13165568780507607254ULL);
}
