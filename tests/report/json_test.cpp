#include "ifstop/report/json.hpp"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "support/catch.hpp"
#include "support/temp_folder.hpp"

using namespace ifstop;
using namespace ifstop::report;

CATCH_TEST_CASE("a score is value, low, high, successes, trials; all null where not measured") {
  CATCH_CHECK(to_line(to_json(Score{{3, 4, {}}, 0.25, 0.875})) ==
              R"({"value":0.75,"low":0.25,"high":0.875,"successes":3,"trials":4})");
  CATCH_CHECK(to_line(to_json(Score{})) ==
              R"({"value":null,"low":null,"high":null,"successes":null,"trials":null})");
}

CATCH_TEST_CASE("scores come back exactly, also those that have no finite decimal") {
  const Score score{{1, 3, {}}, 0.1 + 0.2, std::nextafter(0.9, 1.0)};
  const Score back = score_from_json(Json::parse(to_line(to_json(score))));
  CATCH_CHECK(back.tally == score.tally);
  CATCH_CHECK(back.low == score.low);
  CATCH_CHECK(back.high == score.high);
  CATCH_CHECK_FALSE(score_from_json(to_json(Score{})).measured());
}

CATCH_TEST_CASE("a score that is none says which key is wrong") {
  CATCH_CHECK_THROWS_WITH(score_from_json(Json::parse(R"({"low":"a"})")), "\"low\" is \"a\", not a number");
  CATCH_CHECK_THROWS_WITH(score_from_json(Json::parse(R"({"trials":1.5})")),
                          "\"trials\" is 1.5, not a whole number from 0 on");
  CATCH_CHECK_THROWS_WITH(score_from_json(Json::parse(R"({"trials":18446744073709551615})")),
                          "\"trials\" is 18446744073709551615, more than 9007199254740992");
  CATCH_CHECK_THROWS_WITH(score_from_json(Json::parse(R"({"successes":2,"trials":1})")),
                          "2 successes of 1 trials");
  CATCH_CHECK_THROWS_WITH(score_from_json(Json(3)), "a score is not an object");
}

CATCH_TEST_CASE("every evaluation names the eight scores, in their order, then correct and the user's own") {
  Scores scores;
  scores["zeal"] = {{1, 2, {}}, 0, 1};
  scores["correct"] = {{1, 2, {}}, 0, 1};
  std::string names;
  const Json json = to_json(scores);
  for (const auto& item : json.items()) names += item.key() + " ";
  CATCH_CHECK(names == "ifs ifs_partial ifs_full ifs_strict run_on eos truncated objecqa correct zeal ");
  CATCH_CHECK(to_json(Scores{}).size() == 8);  // correct only where answers are known
}

CATCH_TEST_CASE("a decision comes back as it was") {
  Decision decision{.stop = true, .keep = true, .rule = "patience", .reason = "no better for 3 evaluations"};
  decision.best = 0.1;
  decision.best_step = 7;
  decision.gain_low = -0.5;
  decision.gain_examples = 512;
  CATCH_CHECK(decision_from_json(Json::parse(to_line(to_json(decision)))) == decision);
  CATCH_CHECK(decision_from_json(to_json(Decision{})) == Decision{});
}

CATCH_TEST_CASE("NaN and infinity are null, and bytes that are no UTF-8 do not stop a run") {
  CATCH_CHECK(to_line({{"a", std::nan("")}, {"b", std::numeric_limits<double>::infinity()}}) ==
              R"({"a":null,"b":null})");
  CATCH_CHECK(to_line(Json("a\xff")) == "\"a\xEF\xBF\xBD\"");
}

CATCH_TEST_CASE("a malformed line is named with file and line") {
  const ifstop_test::TempFolder folder;
  const auto path = folder.write("a.jsonl", "{\"a\": 1}\n\n{\"a\": }\n");
  CATCH_CHECK_THROWS_AS(read_json_lines(path), FileError);
  CATCH_CHECK_THROWS_WITH(read_json_lines(path), Catch::StartsWith(path.string() + ":3: not valid JSON: "));
  CATCH_CHECK_THROWS_WITH(read_json_lines(folder.path() / "none"),
                          (folder.path() / "none").string() + ": cannot read: No such file or directory");
  CATCH_CHECK(read_json_lines(folder.write("empty.jsonl", "")).empty());
}

CATCH_TEST_CASE("writing replaces the whole file, makes folders and leaves nothing else behind") {
  const ifstop_test::TempFolder folder;
  write_atomically(folder.path() / "deep" / "file", "first, longer");
  write_atomically(folder.path() / "deep" / "file", "second");
  CATCH_CHECK(folder.read("deep/file") == "second");
  const auto files = std::filesystem::directory_iterator(folder.path() / "deep");
  CATCH_CHECK(std::distance(begin(files), end(files)) == 1);
  CATCH_CHECK_THROWS_AS(write_atomically(folder.path() / "deep" / "file" / "under", ""), FileError);
}
