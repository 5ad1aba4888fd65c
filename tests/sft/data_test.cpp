#include "ifstop/sft/data.hpp"

#include "support/catch.hpp"
#include "support/shared_data.hpp"
#include "support/temp_folder.hpp"

using namespace ifstop::sft;
using ifstop_test::TempFolder;

namespace {

/// What load_examples says of a file with this text: the message after the folder, or "" where it is content.
std::string complaint(const std::string& text) {
  const TempFolder folder;
  try {
    load_examples(folder.write("rows", text));
  } catch (const DataError& error) {
    return std::string(error.what()).substr(folder.path().string().size() + 1);
  }
  return "";
}

const std::string hint = ". Correct the row, or leave out bad rows with skip_bad = true";

}  // namespace

CATCH_TEST_CASE("Alpaca rows come from an array over many lines and from JSON Lines alike") {
  const TempFolder folder;
  const auto array =
      folder.write("a.json",
                   "[\n  {\"instruction\": \"Name a bird, [please]\", \"input\": \"\",\n"
                   "   \"output\": \"A \\\"wren\\\".\"},\n\n"
                   "  {\"instruction\": \"Add\", \"input\": \"2, 3\", \"output\": \"5\"}\n]\n");
  const auto lines =
      folder.write("a.jsonl",
                   "{\"instruction\": \"Name a bird, [please]\", \"response\": \"A \\\"wren\\\".\"}\n\n"
                   "{\"instruction\": \"Add\", \"input\": \"2, 3\", \"output\": \"5\"}");
  for (const auto& file : {array, lines}) {
    const DataSet set = load_examples(file);
    CATCH_REQUIRE(set.examples.size() == 2);
    CATCH_CHECK(set.examples[0].turns[0].instruction == "Name a bird, [please]");
    CATCH_CHECK(set.examples[0].turns[0].answer == "A \"wren\".");
    CATCH_CHECK(set.examples[1].turns[0].input == "2, 3");
  }
  CATCH_CHECK(load_examples(array).examples[0].line == 2);
  CATCH_CHECK(load_examples(array).examples[1].line == 5);
  CATCH_CHECK(load_examples(lines).examples[1].line == 3);
}

CATCH_TEST_CASE(
    "ShareGPT and OpenAI conversations become turns; a system message goes before the first question") {
  const TempFolder folder;
  const auto share = load_examples(folder.write(
      "s.json",
      R"([{"id": "x", "conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello"},
                     {"from": "human", "value": "Bye"}, {"from": "gpt", "value": "See you"}]}])"));
  CATCH_REQUIRE(share.examples[0].turns.size() == 2);
  CATCH_CHECK(share.examples[0].turns[1].instruction == "Bye");
  CATCH_CHECK(share.examples[0].turns[1].answer == "See you");
  const auto openai = load_examples(folder.write(
      "o.jsonl",
      R"({"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}, )"
      R"({"role": "assistant", "content": "Hello"}]})"));
  CATCH_CHECK(openai.examples[0].turns[0].instruction == "Be brief.\n\nHi");
  CATCH_CHECK(openai.examples[0].turns[0].answer == "Hello");
}

CATCH_TEST_CASE("a row with a prompt carries its template already") {
  const TempFolder folder;
  const auto set =
      load_examples(folder.write("p.jsonl", R"({"prompt": "### Q: why?\n### A:", "completion": " So."})"));
  CATCH_CHECK(set.examples[0].formatted);
  CATCH_CHECK(set.examples[0].turns[0].instruction == "### Q: why?\n### A:");
}

CATCH_TEST_CASE("a bad row is named with file, line and reason") {
  const std::string good = "{\"instruction\": \"a\", \"output\": \"b\"}\n";
  CATCH_CHECK(complaint(good) == "");
  CATCH_CHECK(complaint(good + "{\"instruction\": \"a\"}") == "rows:2: no \"output\"" + hint);
  CATCH_CHECK(complaint(good + "\n{oops}") == "rows:3: not valid JSON" + hint);
  CATCH_CHECK(complaint("[" + good + ",\n{\"instruction\": \"a\",\n \"output\": b}]") ==
              "rows:3: row 2: not valid JSON, at line 4" + hint);
  CATCH_CHECK(complaint("{\"instruction\": 7, \"output\": \"b\"}") ==
              "rows:1: \"instruction\" is number, not a text" + hint);
  CATCH_CHECK(complaint("{\"instruction\": \"a\", \"output\": \" \"}") ==
              "rows:1: the answer is empty" + hint);
  CATCH_CHECK(complaint("{\"instruction\": \"\", \"output\": \"b\"}") ==
              "rows:1: the instruction is empty" + hint);
  CATCH_CHECK(complaint("{\"text\": \"a\"}") ==
              "rows:1: none of \"instruction\", \"conversations\", \"messages\", \"prompt\"" + hint);
  CATCH_CHECK(complaint("[1]") == "rows:1: row 1: the row is number, not an object" + hint);
  CATCH_CHECK(complaint("") == "rows:1: no usable row in the file");
  CATCH_CHECK(complaint("{\"instruction\": " + std::string(100000, '[')) ==
              "rows:1: nested deeper than 100 levels" + hint);
  const std::string wrapped = "rows: the rows lie under \"data\"; the list alone is needed (jq '.data' ";
  CATCH_CHECK(complaint("{\"version\": 1,\n\"data\": [" + good + "]}").starts_with(wrapped));
  CATCH_CHECK(complaint("[]") == "rows:1: no usable row in the file");
}

CATCH_TEST_CASE("a conversation that is out of order is a bad row") {
  const auto talk = [](const std::string& turns) {
    const std::string text = complaint("{\"messages\": [" + turns + "]}");
    return text.substr(0, text.find(hint));
  };
  const std::string user = R"({"role": "user", "content": "q"})",
                    answer = R"({"role": "assistant", "content": "a"})";
  CATCH_CHECK(talk(user + "," + answer).empty());
  CATCH_CHECK(talk("") == "rows:1: \"messages\" is no list of turns");
  CATCH_CHECK(talk(answer) == "rows:1: an assistant turn that answers no user turn");
  CATCH_CHECK(talk(user) == "rows:1: the last turn is not the assistant's");
  CATCH_CHECK(talk(user + "," + user) == "rows:1: two user turns in a row (turn 2)");
  CATCH_CHECK(talk(R"({"role": "tool", "content": "x"})") ==
              "rows:1: role \"tool\" is none of user, human, assistant, gpt, system");
  CATCH_CHECK(talk(user + R"(,{"role": "assistant", "content": null})") ==
              "rows:1: \"content\" is null, not a text");
}

CATCH_TEST_CASE("an array whose frame is broken is named, whatever skip_bad says") {
  const std::string row = R"({"instruction": "a", "output": "b"})";
  CATCH_CHECK(
      complaint("[\n" + row) ==
      "rows:2: the array does not end: a bracket or a quotation mark is missing in or after this row");
  CATCH_CHECK(complaint("[" + row + "]\n{}") == "rows:2: text after the end of the array");
  CATCH_CHECK(complaint("[" + row + ",\n,]") == "rows:2: a row is missing between two commas");
}

CATCH_TEST_CASE("skip_bad leaves bad rows out and counts each") {
  const TempFolder folder;
  const auto file = folder.write("r.jsonl", "{}\n{\"instruction\": \"a\", \"output\": \"b\"}\nnonsense\n");
  const DataSet set = load_examples(file, {.skip_bad = true});
  CATCH_CHECK(set.examples.size() == 1);
  CATCH_REQUIRE(set.skipped.size() == 2);
  CATCH_CHECK(set.skipped[1] == file.string() + ":3: not valid JSON");
  CATCH_CHECK_THROWS_AS(load_examples(folder.write("all_bad.jsonl", "{}\n"), {.skip_bad = true}), DataError);
  CATCH_CHECK_THROWS_WITH(load_examples(folder.path() / "absent.json"),
                          Catch::EndsWith("absent.json: cannot be read; is the path right?"));
}

CATCH_TEST_CASE("no cut of a good file crashes the reader, and none is taken for whole") {
  const std::string text =
      R"([{"instruction": "a \" [", "output": "b\\"}, {"instruction": "c", "output": "d"}])";
  for (std::size_t size = 0; size < text.size(); ++size)
    CATCH_CHECK_FALSE(complaint(text.substr(0, size)).empty());
}

CATCH_TEST_CASE("real files: every row of the shared sets is read") {
  const auto shared = ifstop_test::shared_data();
  if (!shared) {
    CATCH_SUCCEED("skipped");
    return;
  }
  CATCH_CHECK(load_examples(*shared / "dolly_hhrlhf_small/dolly_hhrlhf_train_small.jsonl", {.skip_bad = true})
                  .examples.size() > 990);
  CATCH_CHECK(load_examples(*shared / "alpaca_5000/alpaca_5000.json", {.skip_bad = true}).examples.size() >
              4900);
}

CATCH_TEST_CASE("a folder is no file of rows") {
  const TempFolder folder;
  CATCH_CHECK_THROWS_WITH(load_examples(folder.path()),
                          folder.path().string() + ": is a folder, not a file of training rows");
}
