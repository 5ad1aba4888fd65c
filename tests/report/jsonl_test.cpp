#include "ifstop/report/jsonl.hpp"

#include <nlohmann/json.hpp>

#include "support/catch.hpp"
#include "support/temp_folder.hpp"

using ifstop::report::BadLine;
using ifstop::report::FileError;
using ifstop::report::JsonLines;
using ifstop_test::TempFolder;

CATCH_TEST_CASE(
    "rows one by one, with their lines; blank lines, Windows line ends, a byte order mark, no last line "
    "feed") {
  const ifstop_test::TempFolder folder;
  const auto path = folder.write("rows.jsonl", "\xEF\xBB\xBF{\"a\": 1}\r\n\n  \t\r\n{\"a\": 2}\n{\"a\": 3}");
  JsonLines in(path);
  std::vector<int> values;
  std::vector<std::string> places;
  while (const auto line = in.next_line()) {
    values.push_back(in.parse(*line)["a"]);
    places.push_back(in.where().substr(path.string().size()));
  }
  CATCH_CHECK(values == std::vector<int>{1, 2, 3});
  CATCH_CHECK(places == std::vector<std::string>{":1", ":4", ":5"});
  CATCH_CHECK_FALSE(in.next_line());  // the end stays the end
}

CATCH_TEST_CASE("a bad line is named and the next one can be read") {
  const ifstop_test::TempFolder folder;
  const auto path =
      folder.write("bad.jsonl", "{\n[1]\n{\"a\": \"\xFF\"}\n" + std::string(101, '[') + "\n{}\n");
  JsonLines in(path);
  const auto fails = [&](const std::string& message) {
    const auto line = in.next_line();
    CATCH_REQUIRE(line);
    CATCH_CHECK_THROWS_WITH(in.parse(*line), Catch::StartsWith(path.string() + message));
  };
  fails(":1: not valid JSON: ");
  fails(":2: not a JSON object");
  fails(":3: not valid JSON: ");
  fails(":4: nested deeper than 100 levels");
  CATCH_CHECK(in.parse(*in.next_line()).empty());
}

CATCH_TEST_CASE("a line that would not fit is named and passed over") {
  const ifstop_test::TempFolder folder;
  const auto path = folder.write("long.jsonl", "{}\n" + std::string((32U << 20) + 1, 'x') + "\n{\"a\": 1}\n");
  JsonLines in(path);
  in.next_line();
  CATCH_CHECK_THROWS_AS(in.next_line(), BadLine);
  CATCH_CHECK(in.where() == path.string() + ":2");
  CATCH_CHECK(in.parse(*in.next_line())["a"] == 1);
  CATCH_CHECK_FALSE(in.next_line());
}

CATCH_TEST_CASE("files that cannot be read") {
  const ifstop_test::TempFolder folder;
  const auto none = folder.path() / "none.jsonl";
  CATCH_CHECK_THROWS_WITH(JsonLines(none), none.string() + ": cannot read: No such file or directory");
  JsonLines in(folder.path());
  CATCH_CHECK_THROWS_WITH(in.next_line(), folder.path().string() + ": cannot read: Is a directory");
  CATCH_CHECK_FALSE(JsonLines(folder.write("empty.jsonl", "")).next_line());
}

CATCH_TEST_CASE("one JSON array, on one line or many, is told from JSON Lines") {
  const ifstop_test::TempFolder folder;
  for (const char* text : {"[{\"a\": 1}]", "\n [\n{\"a\": 1}\n]\n"}) {
    JsonLines in(folder.write("array.json", text));
    const auto line = in.next_line();
    CATCH_REQUIRE(line);
    CATCH_CHECK_THROWS_WITH(in.parse(*line),
                            Catch::EndsWith("this is a JSON array; one object a line is needed "
                                            "(jq -c '.[]')"));
  }
}

CATCH_TEST_CASE("a last line without its end is known as such") {
  const ifstop_test::TempFolder folder;
  JsonLines in(folder.write("cut.jsonl", "{}\n{\"a\": 1"));
  in.next_line();
  CATCH_CHECK_FALSE(in.unfinished());
  in.next_line();
  CATCH_CHECK(in.unfinished());
  CATCH_CHECK(in.line() == 2);
}
