#include "ifstop/report/run_folder.hpp"

#include "support/catch.hpp"

using namespace ifstop::report;

namespace {

Sample sample(const std::string& kind, const std::string& prompt, const std::string& response, bool strict) {
  Sample result{.kind = kind, .prompt = prompt, .response = response};
  result.strict = strict;
  return result;
}

std::string prompts(const std::vector<BeforeAfter>& pairs) {
  std::string all;
  for (const auto& pair : pairs) all += pair.prompt + " ";
  return all;
}

}  // namespace

CATCH_TEST_CASE(
    "answers that became answers come first, full prompts before fragments, questions of taste never") {
  const std::vector<Sample> before{sample("partial", "p", "", false),
                                   sample("full", "good already", "", true), sample("full", "a", "x", false),
                                   sample("preference", "q", "", false), sample("full", "alone", "", false)};
  const std::vector<Sample> after{sample("full", "a", "y", true), sample("full", "good already", "", true),
                                  sample("partial", "p", "", true), sample("preference", "q", "", true)};
  CATCH_CHECK(prompts(before_and_after(before, after, 9)) == "a p good already ");
  CATCH_CHECK(prompts(before_and_after(before, after, 1)) == "a ");
  CATCH_CHECK(before_and_after(before, after, 1)[0].before == "x");
  CATCH_CHECK(before_and_after(before, after, 1)[0].after == "y");
  CATCH_CHECK(before_and_after({}, after, 3).empty());
}

CATCH_TEST_CASE("answers in the same words say little, and how each ended is said") {
  std::vector<Sample> before{sample("full", "same", "A toad. \n", false),
                             sample("full", "other", "Toads", false)};
  std::vector<Sample> after{sample("full", "same", " A toad.", true),
                            sample("full", "other", "A toad.", true)};
  before[0].finish_reason = ifstop::FinishReason::turn;
  after[1].finish_reason = ifstop::FinishReason::length;
  const auto pairs = before_and_after(before, after, 2);
  CATCH_CHECK(prompts(pairs) == "other same ");
  CATCH_CHECK(pairs[1].before_end == "goes on into another turn");
  CATCH_CHECK(pairs[1].after_end.empty());
  CATCH_CHECK(pairs[0].after_end == "cut off at the token limit");
}

CATCH_TEST_CASE("few of many are spread over the set") {
  std::vector<Sample> before, after;
  for (int i = 0; i < 9; ++i) {
    before.push_back(sample("full", std::to_string(i), "", false));
    after.push_back(sample("full", std::to_string(i), "", true));
  }
  CATCH_CHECK(prompts(before_and_after(before, after, 3)) == "0 3 6 ");
}
