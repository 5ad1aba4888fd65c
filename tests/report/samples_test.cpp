#include "ifstop/report/samples.hpp"

#include <nlohmann/json.hpp>

#include "support/catch.hpp"
#include "support/temp_folder.hpp"

using namespace ifstop;
using namespace ifstop::report;

namespace {

ScoredRows scored() {
  ScoredRow answer;
  answer.answer_probability = 0.9;
  answer.strict_probability = 0.2;
  answer.answer_like = answer.run_on = true;
  answer.run_on_position = 12;
  ScoredRow preference;
  preference.objective_probability = 0.75;
  preference.objective = true;
  ScoredRows rows;
  rows.rows = {answer, preference};
  return rows;
}

const std::vector<Prompt> prompts{{"a", "Name a river.", PromptKind::full, "", {"Rhine"}},
                                  {"q", "Is red nicer than blue?", PromptKind::preference, "", {}}};
const std::vector<Completion> completions{{" The Rhine.\nName a lake.", 8, FinishReason::turn},
                                          {" Tastes differ.", 4, FinishReason::eos}};

}  // namespace

CATCH_TEST_CASE("rows have the keys of `ifstop score --out`; preference rows only objectivity and run-on") {
  const ifstop_test::TempFolder folder;
  const auto path = samples_path(folder.path(), 16);
  CATCH_CHECK(path == folder.path() / "samples" / "step-16.jsonl");
  write_samples(path, make_samples(prompts, completions, scored()));
  CATCH_CHECK(
      folder.read("samples/step-16.jsonl") ==
      R"({"schema_version":1,"id":"a","kind":"full","prompt":"Name a river.","response":" The Rhine.\nName a lake.","finish_reason":"turn","answer_probability":0.9,"strict_probability":0.2,"answer_like":true,"run_on":true,"run_on_position":12,"strict":false}
{"schema_version":1,"id":"q","kind":"preference","prompt":"Is red nicer than blue?","response":" Tastes differ.","finish_reason":"eos","run_on":false,"run_on_position":null,"objective_probability":0.75,"objective":true}
)");
}

CATCH_TEST_CASE("samples come back as they were written") {
  const ifstop_test::TempFolder folder;
  const auto path = samples_path(folder.path(), 0);
  write_samples(path, make_samples(prompts, completions, scored()));
  const std::string first = folder.read("samples/step-0.jsonl");
  write_samples(path, read_samples(path));
  CATCH_CHECK(folder.read("samples/step-0.jsonl") == first);
}

CATCH_TEST_CASE("counts that differ and rows that are no samples are refused") {
  CATCH_CHECK_THROWS_WITH(make_samples(prompts, {}, scored()),
                          "make_samples: 2 prompts, 0 completions, 2 scored rows");
  const ifstop_test::TempFolder folder;
  const auto path = folder.write("a.jsonl", "{\"prompt\":\"p\",\"response\":\"r\"}\n{\"prompt\":\"p\"}\n");
  CATCH_CHECK_THROWS_WITH(read_samples(path), Catch::StartsWith(path.string() + ":2: "));
}
