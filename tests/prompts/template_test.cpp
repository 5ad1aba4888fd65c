#include "ifstop/prompts/template.hpp"

#include "support/catch.hpp"

using ifstop::Template;

CATCH_TEST_CASE("the paper's template is its section 4 to the letter") {
  const auto paper = Template::named("paper");
  CATCH_CHECK(paper.apply("Name a river.") == "Name a river.### Response:");
  CATCH_CHECK(paper.apply("Translate.", "Guten Tag") == "Translate.\n\nGuten Tag### Response:");
  CATCH_CHECK(paper.answer_start() == "### Response:");
}

CATCH_TEST_CASE("every template by name, with and without input") {
  CATCH_CHECK(Template::named("bare").apply("A", "B") == "A\n\nB");
  CATCH_CHECK(Template::named("bare").apply("A") == "A");
  CATCH_CHECK(Template::named("suffix").apply("A", "B") == "A\n\nB\n\n### Response:\n");
  CATCH_CHECK(
      Template::named("alpaca").apply("A") ==
      "Below is an instruction that describes a task. Write a response that appropriately completes the "
      "request.\n\n### Instruction:\nA\n\n### Response:\n");
  CATCH_CHECK(Template::named("alpaca").apply("A", "B").find("\n\n### Input:\nB\n\n### Response:\n") !=
              std::string::npos);
  CATCH_CHECK(Template::named("llama2-chat").apply("A", "B") == "[INST] A\n\nB [/INST]");
  CATCH_CHECK(Template::named("chatml").apply("A") ==
              "<|im_start|>user\nA<|im_end|>\n<|im_start|>assistant\n");
  for (const auto& name : Template::names()) {
    CATCH_CHECK(Template::named(name).name() == name);
    CATCH_CHECK(Template::named(name).apply("A", "").find("{") == std::string::npos);
  }
}

CATCH_TEST_CASE("an instruction with braces is not read again") {
  const auto paper = Template::named("paper");
  CATCH_CHECK(paper.apply("Print {input} and {instruction}", "{instruction}") ==
              "Print {input} and {instruction}\n\n{instruction}### Response:");
}

CATCH_TEST_CASE("an unknown name is answered with the known ones") {
  CATCH_CHECK_THROWS_WITH(
      Template::named("vicuna"),
      "template \"vicuna\" is none of bare, paper, suffix, alpaca, llama2-chat, llama3-chat, chatml, "
      "and has no {instruction} "
      "to be one itself");
}

CATCH_TEST_CASE("a template of one's own") {
  CATCH_CHECK(Template::custom("Q: {instruction}\nA:").apply("Why?") == "Q: Why?\nA:");
  CATCH_CHECK(Template::custom("Q: {instruction}\nA:").apply("Why?", "Because") == "Q: Why?\n\nBecause\nA:");
  CATCH_CHECK(Template::custom("{input}|{instruction}").apply("A") == "|A");
  CATCH_CHECK(Template::custom("{input}|{instruction}", "{instruction}!").apply("A") == "A!");
  CATCH_CHECK(Template::from("<{instruction}>").apply("A") == "<A>");
  CATCH_CHECK(Template::from("paper").name() == "paper");
  CATCH_CHECK_THROWS_WITH(Template::custom("Q:"), "template custom: \"Q:\" has no {instruction}");
  CATCH_CHECK_THROWS_WITH(Template::custom("{instruction}{input}", "Q:"),
                          "template custom: \"Q:\" has no {instruction}");
  CATCH_CHECK_THROWS_WITH(Template::custom("{instruction}{input}", "{instruction}{input}", "mine"),
                          "template mine: the text without input, \"{instruction}{input}\", has an {input}");
}

CATCH_TEST_CASE("markers: what opens a turn and what closes an answer are kept apart") {
  CATCH_CHECK(Template::named("chatml").turn_markers() == std::vector<std::string>{"<|im_start|>"});
  CATCH_CHECK(Template::named("chatml").end_markers() == std::vector<std::string>{"<|im_end|>"});
  CATCH_CHECK(Template::named("alpaca").turn_markers().front() == "### Instruction:");
  CATCH_CHECK(Template::named("bare").turn_markers().empty());
}
