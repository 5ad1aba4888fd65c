#include "ifstop/report/read_prompts.hpp"

#include "support/catch.hpp"
#include "support/temp_folder.hpp"

using namespace ifstop;
using namespace ifstop::report;

namespace {

void refused(const std::string& text, const std::string& line_and_message) {
  const ifstop_test::TempFolder folder;
  const auto path = folder.write("prompts.jsonl", text);
  CATCH_CHECK_THROWS_WITH(read_prompts(path), path.string() + line_and_message);
}

}  // namespace

CATCH_TEST_CASE("prompts are read with what they carry; the rest has its default") {
  const ifstop_test::TempFolder folder;
  const auto set =
      read_prompts(folder.write("mine.jsonl", R"({"prompt": "Name a river.", "accepted": "Rhine", "topic": 3}

{"id": "b", "prompt": "Name a", "kind": "partial", "parent": "1"}
{"id": 7, "prompt": "Is red nice?", "kind": "preference", "accepted": ["yes", "no"]})"));
  CATCH_CHECK(set.name == "mine");
  CATCH_REQUIRE(set.size() == 3);
  CATCH_CHECK(set.prompts[0] == Prompt{"1", "Name a river.", PromptKind::full, "", {"Rhine"}});
  CATCH_CHECK(set.prompts[1] == Prompt{"b", "Name a", PromptKind::partial, "1", {}});
  CATCH_CHECK(set.prompts[2] == Prompt{"7", "Is red nice?", PromptKind::preference, "", {"yes", "no"}});
}

CATCH_TEST_CASE("a bad row is named with file and line") {
  refused("{\"prompt\": \"a\"}\n{\"prompt\"\n",
          ":2: not valid JSON: syntax error while parsing object separator - unexpected end of input; "
          "expected ':'");
  refused("[1]\n", ":1: this is a JSON array; one object a line is needed (jq -c '.[]')");
  refused("{\"prompt\": \"a\"}\n[1]\n", ":2: not a JSON object");
  refused("{\"prompt\": \"a\", \"b\": " + std::string(100000, '[') + "\n",
          ":1: nested deeper than 100 levels");
  refused("\n{\"prompt\": \"\"}\n", ":2: no \"prompt\", or an empty one");
  refused("{\"prompt\": [\"a\"]}\n", ":1: \"prompt\" is not a text");
  refused("{\"prompt\": \"a\", \"kind\": \"half\"}\n",
          ":1: kind \"half\" is none of full, partial, preference");
  refused("{\"prompt\": \"a\", \"accepted\": 3}\n", ":1: \"accepted\" is neither a text nor a list of texts");
  refused("{\"prompt\": \"a\", \"accepted\": [3]}\n", ":1: \"accepted\" holds something that is not a text");
  refused("{\"prompt\": \"a\", \"id\": \"x\"}\n{\"prompt\": \"b\", \"id\": \"x\"}\n",
          ":2: id \"x\" occurs twice");
  refused("\n", ": no prompts in it");
}

CATCH_TEST_CASE("a set that cannot be scored is refused as a whole, naming the prompt") {
  refused(R"({"prompt": "Name a", "kind": "partial"})",
          ": prompt set prompts: prompt \"1\" is a fragment without a parent");
  refused(R"({"id": "a", "prompt": "Name a river."}
{"id": "b", "prompt": "Name a", "kind": "partial", "parent": "c"})",
          ": prompt set prompts: prompt \"b\" names a parent \"c\" that is no full prompt of the set");
  refused(R"({"prompt": "Name a river."}
{"prompt": "Name a river."})",
          ": prompt set prompts: prompt \"2\" has the same text as another prompt");
  refused(R"({"id": "a", "prompt": "Name a river."}
{"id": "b", "prompt": "Red or blue?", "kind": "preference", "parent": "a"})",
          ": prompt set prompts: prompt \"b\" has a parent but is no fragment");
}

CATCH_TEST_CASE("a missing file is said") {
  CATCH_CHECK_THROWS_WITH(read_prompts("no/such.jsonl"),
                          "no/such.jsonl: cannot read the prompts; is the path right?");
}

CATCH_TEST_CASE("a table of prompts, by its ending") {
  const ifstop_test::TempFolder folder;
  const auto set =
      ifstop::report::read_prompts(folder.write("mine.tsv", "name\tours\na\tfull\t\tHi there\tyes\n"));
  CATCH_CHECK(set.name == "ours");
  CATCH_CHECK(set.prompts[0].accepted == std::vector<std::string>{"yes"});
  const auto bad = folder.write("bad.tsv", "a\tfull\n");
  CATCH_CHECK_THROWS_WITH(ifstop::report::read_prompts(bad),
                          bad.string() + ":1: 2 fields where id, kind, parent and text are needed");
}
