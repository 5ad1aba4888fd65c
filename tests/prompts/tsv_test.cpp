#include "ifstop/prompts/tsv.hpp"

#include "support/catch.hpp"

using ifstop::parse_prompts_tsv;
using ifstop::PromptKind;
using ifstop::PromptSet;

CATCH_TEST_CASE("a prompt file: names, escapes, accepted answers, Windows line ends, comments") {
  const auto set = parse_prompts_tsv(
      "# mine\r\nname\tmine\r\nversion\t3\r\n\r\n"
      "a\tfull\t\tSum up:\\nline\\tone \\\\ two\tyes\tyes, it is\r\n"
      "b\tpartial\ta\tSum u\n"
      "q\tpreference\t\tTea or coffee?",
      "mine.tsv");
  CATCH_CHECK(set.name == "mine");
  CATCH_CHECK(set.version == "3");
  CATCH_REQUIRE(set.size() == 3);
  CATCH_CHECK(set.prompts[0].text == "Sum up:\nline\tone \\ two");
  CATCH_CHECK(set.prompts[0].accepted == std::vector<std::string>{"yes", "yes, it is"});
  CATCH_CHECK(set.prompts[0].group() == "a");
  CATCH_CHECK(set.prompts[1].group() == "a");
  CATCH_CHECK(set.prompts[2].kind == PromptKind::preference);
}

CATCH_TEST_CASE("errors name file and line") {
  const auto fails = [](const char* text, const char* message) {
    CATCH_CHECK_THROWS_WITH(parse_prompts_tsv(text, "p.tsv"), message);
  };
  fails("", "p.tsv: no prompts");
  fails("# only a comment\n", "p.tsv: no prompts");
  fails("a\tfull\t\tHi\nb\tfull\n", "p.tsv:2: 2 fields where id, kind, parent and text are needed");
  fails("a\tbase\t\tHi", "p.tsv:1: kind \"base\" is none of full, partial, preference");
  fails("\na\tfull\t\tHi\\x",
        "p.tsv:2: a backslash is followed by neither n, r, t nor a backslash (write \\\\ for a backslash)");
  fails("a\tfull\t\tHi\\",
        "p.tsv:1: a backslash is followed by neither n, r, t nor a backslash (write \\\\ for a backslash)");
  fails("a\tfull\t\tHi\tyes\t", "p.tsv:1: an accepted answer is empty");
  fails("name\tn\na\tfull\t\t \\n", "prompt set n: prompt \"a\" has no text");
}

CATCH_TEST_CASE("what is written is read back") {
  PromptSet set{"mi\tne", "1\r", {}};
  set.prompts.push_back({"a", "Sum up:\r\nline\tone \\n \r", PromptKind::full, "", {"yes\r", "no\n"}});
  set.prompts.push_back({"b", "Sum u", PromptKind::partial, "a", {}});
  const auto again = parse_prompts_tsv(to_tsv(set), "again.tsv");
  CATCH_CHECK(again.name == set.name);
  CATCH_CHECK(again.version == set.version);
  CATCH_CHECK(again.prompts == set.prompts);
  CATCH_CHECK(parse_prompts_tsv(to_tsv(PromptSet::builtin()), "x").hash() == PromptSet::builtin().hash());
  set.prompts[0].id = "#1";
  CATCH_CHECK_THROWS_WITH(to_tsv(set),
                          "prompt set mi\tne: the id \"#1\" begins with #, a comment in a table");
}

CATCH_TEST_CASE("any bytes are refused or read, never a crash") {
  std::uint64_t state = 1;
  int read = 0;
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (int i = 0; i < 40; ++i) {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      const std::string_view pieces[] = {"\t",  "\n", "\\", "a",    "full", "partial",
                                         "\\n", "x",  "#",  "\t\t", "\xFF"};
      text += pieces[(state >> 33) % 11];
    }
    text += "\nz\tfull\t\tend\n";
    try {
      read += parse_prompts_tsv(text, "fuzz").size() > 0;
    } catch (const std::invalid_argument&) {
    }
  }
  CATCH_CHECK(read < 2000);
}
