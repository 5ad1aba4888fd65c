#include "llama/text_row.hpp"

#include "support/catch.hpp"

using ifstop::FinishReason;
using ifstop::llama::TextEnds;
using ifstop::llama::TextRow;

namespace {

struct Ended {
  FinishReason reason;
  std::string text;
  std::size_t added;   // tokens until the end
  std::size_t within;  // of those, wholly in the text
};

// Adds tokens until the row ends; the model's own end comes after the last.
Ended play(const TextEnds& ends, const std::vector<std::string>& tokens,
           const std::string& prompt = "Name a colour.") {
  TextRow row(prompt, ends);
  std::size_t added = 0;
  for (const auto& token : tokens) {
    ++added;
    if (const auto reason = row.add(token); reason != FinishReason::unknown)
      return {row.finish(reason), row.text(), added, row.tokens_within()};
  }
  return {row.finish(FinishReason::eos), row.text(), added, row.tokens_within()};
}

}  // namespace

CATCH_TEST_CASE("a stop string ends the text before it, across tokens and within one", "[text_row]") {
  const TextEnds ends{{"END", "\n\n"}, {}, false};
  auto ended = play(ends, {" red", " E", "N", "D", " more"});
  CATCH_CHECK(ended.reason == FinishReason::stop);
  CATCH_CHECK(ended.text == " red ");
  CATCH_CHECK(ended.added == 4);             // it ends with the token that completes the string
  CATCH_CHECK(ended.within == 1);            // " E" lies partly behind the end
  ended = play(ends, {" a\n\nENDs", " b"});  // of two in one token the first
  CATCH_CHECK(ended.text == " a");
  CATCH_CHECK(ended.added == 1);
  ended = play(ends, {" EN", " D"});
  CATCH_CHECK(ended.reason == FinishReason::eos);
  CATCH_CHECK(ended.text == " EN D");
  CATCH_CHECK(ended.within == 2);
}

CATCH_TEST_CASE("a new turn ends the text only where it is asked for", "[text_row]") {
  const std::vector<std::string> tokens{" Blue", ".", "\n", "User", ":", " and", " another", "?"};
  auto ended = play({{}, {}, true}, tokens);
  CATCH_CHECK(ended.reason == FinishReason::turn);
  CATCH_CHECK(ended.text == " Blue.\n");
  CATCH_CHECK(ended.added == 5);
  CATCH_CHECK(ended.within == 3);
  ended = play({{}, {}, false}, tokens);
  CATCH_CHECK(ended.reason == FinishReason::eos);
  CATCH_CHECK(ended.text == " Blue.\nUser: and another?");
}

CATCH_TEST_CASE("a text of the template that closes an answer counts as end-of-sequence", "[text_row]") {
  const auto ended = play({{}, {"<|im_end|>"}, true}, {" Blue", "<|", "im_", "end|>", "\n"});
  CATCH_CHECK(ended.reason == FinishReason::eos);
  CATCH_CHECK(ended.text == " Blue");
  CATCH_CHECK_THROWS_WITH(ifstop::llama::check({{}, {""}, false}), "end_markers holds an empty text");
}

CATCH_TEST_CASE("a character in two tokens is whole, a broken one is replaced", "[text_row]") {
  CATCH_CHECK(play({}, {"caf", "\xC3", "\xA9"}).text == "caf\xC3\xA9");
  CATCH_CHECK(play({}, {"caf", "\xC3"}).text == "caf\xEF\xBF\xBD");
  CATCH_CHECK(play({}, {}).text.empty());
  CATCH_CHECK(play({{"x"}, {}, true}, {"", "", ""}).within == 3);  // special tokens have no text
}
