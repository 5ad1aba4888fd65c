// The table that `miniature label` prints, and its errors.
#include "label_file.hpp"

#include "support/catch.hpp"
#include "support/temp_folder.hpp"

using miniature::label_file;

CATCH_TEST_CASE("the truth stands beside what the judge said") {
  const ifstop_test::TempFolder folder;
  const auto file = folder.write(
      "step-8.jsonl",
      R"({"prompt": "a", "completion": " Lions eat meat.", "kind": "full", "accepted": ["meat"], "answer_like": true, "run_on": false, "strict": true}
{"prompt": "b", "completion": " Lions eat meat.", "kind": "partial", "finish_reason": "turn", "answer_like": true, "run_on": false, "strict": true}
{"prompt": "c", "completion": "I love tea.", "kind": "preference", "objective": true}
)");
  CATCH_CHECK(label_file(file) ==
              file.string() +
                  "\n"
                  "  ifs           2 rows   truth 1.000   judge 1.000   agree 1.000\n"
                  "  partial       1 rows   truth 1.000   judge 1.000   agree 1.000\n"
                  "  full          1 rows   truth 1.000   judge 1.000   agree 1.000\n"
                  "  run_on        2 rows   truth 0.500   judge 0.000   agree 0.500\n"  // "turn"
                  "  strict        2 rows   truth 0.500   judge 1.000   agree 0.500\n"
                  "  objecqa       1 rows   truth 0.000   judge 1.000   agree 0.000\n"
                  "  correct       1 rows   truth 1.000\n");
}

CATCH_TEST_CASE("a row that cannot be read is named") {
  const ifstop_test::TempFolder folder;
  const auto file =
      folder.write("bad.jsonl", "{\"prompt\": \"a\", \"completion\": \"b\"}\n{\"prompt\": \"a\"}\n");
  CATCH_CHECK_THROWS_WITH(label_file(file), Catch::Contains("bad.jsonl:2: ") && Catch::Contains("response"));
  CATCH_CHECK_THROWS_WITH(label_file("/none.jsonl"), "cannot open /none.jsonl");
}
