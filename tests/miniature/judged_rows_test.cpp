// The rows that judges are trained on: labelled by the truth, of both kinds, the same for the same seed.
#include "judged_rows.hpp"

#include <algorithm>

#include "support/catch.hpp"
#include "truth.hpp"

using namespace miniature;

CATCH_TEST_CASE("judged rows carry the truth about their response and are of both kinds") {
  Rng rng(7);
  const auto rows = judged_rows(rng, 1000);
  CATCH_REQUIRE(rows.size() == 1000);
  for (const auto& row : rows) {
    CATCH_INFO(row.response);
    CATCH_CHECK(row.answer == truth_of(row.response).answer);
    CATCH_CHECK_FALSE(row.prompt.empty());
  }
  const auto answers = std::count_if(rows.begin(), rows.end(), [](const auto& row) { return row.answer; });
  CATCH_CHECK(answers > 400);
  CATCH_CHECK(answers < 700);
}

CATCH_TEST_CASE("judged rows are the same for the same seed") {
  Rng a(3), b(3);
  const auto first = judged_rows(a, 50), second = judged_rows(b, 50);
  for (std::size_t i = 0; i < first.size(); ++i) CATCH_CHECK(first[i].response == second[i].response);
}
