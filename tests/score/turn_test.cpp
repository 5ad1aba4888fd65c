#include "ifstop/turn.hpp"

#include <string>

#include "ifstop/score/run_on.hpp"
#include "support/catch.hpp"

using ifstop::find_turn;
using ifstop::find_turn_end;

namespace {

constexpr std::string_view asked = "What is the capital of France?";

/// The response is an answer up to the marker "@@", and a new turn after it.
void check_turn_at_mark(std::string text, std::string_view prompt = asked) {
  CATCH_INFO(text);
  const auto mark = text.find("@@");
  CATCH_REQUIRE(mark != std::string::npos);
  text.erase(mark, 2);
  CATCH_CHECK(find_turn(prompt, text) == mark);
}

}  // namespace

CATCH_TEST_CASE("a new turn begins where another speaker begins to speak") {
  for (const char* text :
       {"Paris.\n@@User: And of Spain?", "Paris.\n\n@@Human: thanks", "Paris.\n@@Q: And of Spain?",
        "Paris.\n@@Q2: Spain?", "Paris.\n@@**User:** hello", "Paris.\n@@Assistant: Anything else?",
        "Paris.\n@@### Instruction:\nNext", "Paris.\n@@### Input", "Paris.@@<|im_start|>user",
        "Paris. @@[INST] more [/INST]", "Paris.@@</s> More text",
        "Paris.\n@@What is the capital of France? Paris.", "Paris.\n@@\\end{code}\nIs this right?",
        "Paris.\n@@Joi: It is Paris.\nJoi: Really."})
    check_turn_at_mark(text);
}

CATCH_TEST_CASE("a speaker nobody knows counts once it speaks again, from where it first spoke") {
  check_turn_at_mark("Paris.\n@@Marla: Is it big?\nYes.\nMarla: How big?");
  CATCH_CHECK_FALSE(find_turn(asked, "Paris.\nPopulation: 2 million\nRiver: Seine"));
}

CATCH_TEST_CASE("the label that the prompt ends with is the responder's own") {
  check_turn_at_mark("Paris.\n@@Robo: and Lyon.", "Someone asks: what is the capital of France?\nRobo:");
}

CATCH_TEST_CASE("a response that starts with another turn has no answer") {
  CATCH_CHECK(find_turn(asked, "User: And of Spain?") == std::size_t{0});
  CATCH_CHECK(find_turn(asked, "\n\nUser: And of Spain?") == std::size_t{2});
}

CATCH_TEST_CASE("answers that look like turns are none") {
  for (const char* text :
       {"Paris.", "", "Paris.</s>", "Paris\n<|endoftext|>\n", "Steps:\n1. Add 2 and 2.\n\nAnswer: 4",
        "Verse 1:\nla\nChorus:\nlo\nVerse 2:\nli\nChorus:\nlo", "Pros:\n- big\nCons:\n- loud\nPros:\n- old",
        "See https://example.org", "```\ncode\n```\n\nThat is all.",
        "\\begin{code}\nx\n\\end{code}\nThat is all."})
    CATCH_CHECK_FALSE(find_turn(asked, text));
}

CATCH_TEST_CASE("what the prompt asks for is part of the answer") {
  CATCH_CHECK_FALSE(
      find_turn("Write a dialogue between a user and a bot.", "User: Hi\nBot: Hello\nUser: Bye"));
  CATCH_CHECK_FALSE(find_turn("Write two quiz questions.", "Q: 1+1?\nA: 2\nQ: 2+2?"));
  CATCH_CHECK_FALSE(find_turn("Classify: goat, human.", "Goat: animal\nHuman: animal"));
  CATCH_CHECK_FALSE(find_turn("Give me a LaTeX list.", "\\item a\n\\end{itemize}\nDone."));
}

CATCH_TEST_CASE("the template around a prompt asks for nothing") {
  check_turn_at_mark("Paris.\n@@User: next",
                     "A conversation between a user and an assistant.\nUser: Capital of France?\nAssistant:");
}

CATCH_TEST_CASE("any bytes are safe, and long texts take time in proportion") {
  std::string bytes;
  for (int i = 0; i < 1024; ++i) bytes += static_cast<char>(i * 37);
  CATCH_CHECK((find_turn(bytes, bytes) || true));
  const std::string colons(400'000, ':'), labels = [] {
    std::string text;
    for (int i = 0; i < 40'000; ++i) text += "A" + std::to_string(i) + "x:\n";
    return text;
  }();
  CATCH_CHECK_FALSE(find_turn(colons, colons));
  CATCH_CHECK_FALSE(find_turn(asked, labels));
}

CATCH_TEST_CASE("the turn's end counts code points, and a generator that stopped at a turn is believed") {
  const auto end = find_turn_end(asked, "Été à Paris.\nUser: et?");
  CATCH_CHECK(end.first_segment == "Été à Paris.\n");
  CATCH_CHECK(end.position == std::size_t{13});
  CATCH_CHECK(find_turn_end(asked, "Paris.", ifstop::FinishReason::turn).position == std::size_t{6});
  CATCH_CHECK_FALSE(find_turn_end(asked, "Paris.", ifstop::FinishReason::eos).new_turn());
}
