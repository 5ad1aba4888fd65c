#include <stdexcept>

#include "ifstop/sft/data.hpp"
#include "support/catch.hpp"

using namespace ifstop::sft;

namespace {

/// A tokenizer of bytes: 'a' is 97, BOS 1, EOS 2.
Encoding bytes() {
  const auto raw = [](std::string_view text) { return std::vector<std::int64_t>(text.begin(), text.end()); };
  return {[raw](std::string_view text) {
            auto ids = raw(text);
            ids.insert(ids.begin(), 1);
            return ids;
          },
          raw, 2};
}

const PromptFormat arrow = [](std::string_view instruction, std::string_view input) {
  return std::string(instruction) + std::string(input) + ">";
};

Example example(std::vector<Turn> turns) {
  return {std::move(turns), false, 4};
}

constexpr std::int32_t none = ignored_target;

}  // namespace

CATCH_TEST_CASE("loss is on the answer and its end, and nowhere else; BOS comes first") {
  const auto data = tokenize({example({{
                                 "q",
                                 "i",
                                 "ab",
                             }})},
                             arrow, bytes());
  CATCH_REQUIRE(data.examples.size() == 1);
  CATCH_CHECK(data.examples[0].tokens == std::vector<std::int32_t>{1, 'q', 'i', '>', 'a', 'b'});
  CATCH_CHECK(data.examples[0].targets == std::vector<std::int32_t>{none, none, none, 'a', 'b', 2});
  CATCH_CHECK(data.tokens == 6);
  CATCH_CHECK(data.answer_tokens == 3);
}

CATCH_TEST_CASE("every assistant turn is learnt, each question again is not") {
  const auto data = tokenize({example({{"q", "", "a"}, {"r", "", "b"}})}, arrow, bytes());
  CATCH_CHECK(data.examples[0].tokens == std::vector<std::int32_t>{1, 'q', '>', 'a', 2, 1, 'r', '>', 'b'});
  CATCH_CHECK(data.examples[0].targets ==
              std::vector<std::int32_t>{none, none, 'a', 2, none, none, none, 'b', 2});
}

CATCH_TEST_CASE("a prompt that carries its template gets no other") {
  Example formatted = example({{"Q: x A:", "", "y"}});
  formatted.formatted = true;
  CATCH_CHECK(tokenize({formatted}, arrow, bytes()).examples[0].tokens.size() == 1 + 7 + 1);
}

CATCH_TEST_CASE("what is too long is cut at the end and counted; where no answer is left the example goes") {
  const std::vector<Example> examples{example({{"q", "", "abcdef"}}), example({{"qqqqqqqq", "", "a"}}),
                                      example({{"q", "", "a"}})};
  const auto data = tokenize(examples, arrow, bytes(), {.max_seq_length = 6});
  CATCH_CHECK(data.examples.size() == 2);
  CATCH_CHECK(data.truncated == 1);
  CATCH_CHECK(data.answerless == std::vector<std::size_t>{4});
  CATCH_CHECK(data.examples[0].tokens == std::vector<std::int32_t>{1, 'q', '>', 'a', 'b'});
  CATCH_CHECK(data.examples[0].targets ==
              std::vector<std::int32_t>{none, none, 'a', 'b', 'c'});  // cut: no end to learn
}

CATCH_TEST_CASE("ids outside the model's vocabulary, and limits of no sense, are refused") {
  const std::vector<Example> examples{example({{"q", "", "z"}})};
  CATCH_CHECK_THROWS_WITH(
      tokenize(examples, arrow, bytes(), {.vocabulary = 120}),
      "line 4: token 122 is outside the model's vocabulary of 120: the tokenizer does not belong to "
      "this model");
  CATCH_CHECK_THROWS_WITH(tokenize(examples, arrow, bytes(), {.max_seq_length = 1}),
                          "max_seq_length = 1: must be 0 (no limit) or at least 2");
  CATCH_CHECK_THROWS_WITH(tokenize(examples, arrow, bytes(), {.max_seq_length = 3}),
                          "max_seq_length = 3 leaves nothing of any answer; raise it");
}
