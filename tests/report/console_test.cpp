#include "ifstop/report/console.hpp"

#include <cstdio>

#include "support/catch.hpp"

using namespace ifstop;
using namespace ifstop::report;

namespace {

Evaluation evaluation(std::int64_t examples) {
  Evaluation result{.step = examples / 8, .examples = examples};
  result.scores["ifs"] = {{175, 200, {}}, 0.8217, 0.9139};
  result.scores["ifs_strict"] = {{200, 200, {}}, 0.98, 1};
  result.scores["ifs_partial"] = {{80, 100, {}}, 0.7, 0.9};
  result.scores["ifs_full"] = {{95, 100, {}}, 0.9, 0.99};
  result.scores["run_on"] = {{0, 200, {}}, 0, 0.02};
  return result;
}

// What a Console writes on a stream.
class Stream {
 public:
  ~Stream() { std::fclose(file_); }
  std::FILE* file() { return file_; }
  std::string text() {
    std::string all(static_cast<std::size_t>(std::ftell(file_)), '\0');
    std::rewind(file_);
    const auto size = std::fread(all.data(), 1, all.size(), file_);
    std::fseek(file_, 0, SEEK_END);
    return all.substr(0, size);
  }

 private:
  std::FILE* file_ = std::tmpfile();
};

const Progress progress{.step = 1200,
                        .steps = 2500,
                        .examples = 9600,
                        .loss = 1.23456,
                        .tokens_per_second = 5432.1,
                        .seconds_left = 83.4};

}  // namespace

CATCH_TEST_CASE("the progress line: step, examples, loss, speed, time left") {
  CATCH_CHECK(progress_line(progress, {}) ==
              "step 1,200/2,500 · 9,600 examples · loss 1.235 · 5.4k tokens/s · 1:23 left");
  CATCH_CHECK(progress_line({.step = 3, .examples = 24, .loss = 2, .tokens_per_second = 12345}, {}) ==
              "step 3 · 24 examples · loss 2.000 · 12k tokens/s");
}

CATCH_TEST_CASE("the progress line leaves out what does not fit the terminal") {
  CATCH_CHECK(progress_line(progress, {.width = 60}) ==
              "step 1,200/2,500 · 9,600 examples · loss 1.235 · 1:23 left");
}

CATCH_TEST_CASE("time left: minutes, hours; never negative") {
  const auto left = [](double seconds) {
    const std::string line = progress_line({.seconds_left = seconds}, {});
    return line.substr(line.rfind("· ") + 3);
  };
  CATCH_CHECK(left(59.6) == "1:00 left");
  CATCH_CHECK(left(3 * 3600 + 125) == "3:02:05 left");
  CATCH_CHECK(left(-3) == "0:00 left");
}

CATCH_TEST_CASE("the table: a column a score, a dash for what was not measured, 79 columns") {
  CATCH_CHECK(table_header({.correct = true}) ==
              "interval: 95 % of IFS · eval: share of the time so far spent evaluating\n"
              "examples    IFS interval   strict   part   full  run-on   ObjQA  correct   eval\n"
              "───────────────────────────────────────────────────────────────────────────────");
  CATCH_CHECK(table_row(evaluation(2048), 0.123, {.correct = true}) ==
              "   2,048   .875 .822–.914    1.00   .800   .950    .000       -        -   12 %");
  CATCH_CHECK(table_row(evaluation(0), 1, {}) ==
              "       0   .875 .822–.914    1.00   .800   .950    .000       -  100 %");
  CATCH_CHECK(table_row({.examples = 16}, 0, {}) ==
              "      16      -                 -      -      -       -       -    0 %");
}

CATCH_TEST_CASE("colour adds escapes and nothing else") {
  std::string row = table_row(evaluation(8), 0.1, {.colour = true});
  for (auto at = row.find('\x1b'); at != std::string::npos; at = row.find('\x1b'))
    row.erase(at, row.find('m', at) - at + 1);
  CATCH_CHECK(row == table_row(evaluation(8), 0.1, {}));
}

CATCH_TEST_CASE("text is wrapped at spaces; words longer than a line are cut; code points count, not bytes") {
  CATCH_CHECK(wrap("one two three four five six seven eight nine", 40, "  ") ==
              "  one two three four five six seven\n  eight nine");
  CATCH_CHECK(wrap("", 40) == "");
  CATCH_CHECK(wrap(std::string(50, 'x') + " y", 40) ==
              std::string(40, 'x') + "\n" + std::string(10, 'x') + " y");
  std::string umlauts;
  for (int i = 0; i < 40; ++i) umlauts += "ä";
  CATCH_CHECK(wrap(umlauts, 40) == umlauts);
}

CATCH_TEST_CASE("the stop: where, which rule, why") {
  const Decision stop{.stop = true,
                      .rule = "patience",
                      .reason =
                          "IFS has not risen by more than .01 for three evaluations in a row; its best was "
                          ".94 at 1,536 examples."};
  CATCH_CHECK(stop_text(stop, 256, 2048, {}) ==
              "Stopped at 2,048 examples (step 256)\n"
              "  Rule: patience\n"
              "  IFS has not risen by more than .01 for three evaluations in a row; its best\n"
              "  was .94 at 1,536 examples.");
  CATCH_CHECK(stop_text({}, 10, 80, {}) == "Not stopped: the data ended at 80 examples (step 10)");
}

CATCH_TEST_CASE("answers before and after, with line ends shown and no escape let through") {
  CATCH_CHECK(answers_text({{"Name a river.", " in the north\n\nName a lake.", "\x1b[31mThe Rhine.",
                             "goes on into another turn", ""},
                            {"Go", "", "x"}},
                           {}) ==
              "Name a river.\n"
              "  before\n"
              "    in the north ⏎ Name a lake.\n"
              "    → goes on into another turn\n"
              "  after\n"
              "    [31mThe Rhine.\n"
              "\n"
              "Go\n"
              "  before\n"
              "    (nothing)\n"
              "  after\n"
              "    x");
}

CATCH_TEST_CASE("a long answer is cut to three lines") {
  std::string answer;
  for (int i = 0; i < 100; ++i) answer += "word ";
  const std::string text = answers_text({{"p", answer, "a"}}, {});
  const auto before =
      text.substr(text.find("before\n") + 7, text.find("\n  after") - text.find("before\n") - 7);
  CATCH_CHECK(std::count(before.begin(), before.end(), '\n') == 2);
  CATCH_CHECK(before.ends_with(" …"));
}

CATCH_TEST_CASE("not on a terminal: whole lines, the header once, a progress line every half minute") {
  Stream stream;
  Console console(stream.file(), ConsoleStyle{});
  for (const double now : {0.0, 1.0, 29.9, 30.0, 31.0}) console.progress(progress, now);
  console.evaluation(evaluation(8), 0.5);
  console.evaluation(evaluation(16), 0.5);
  const std::string line = progress_line(progress, {}) + "\n";
  CATCH_CHECK(stream.text() == line + line + table_header({}) + "\n" + table_row(evaluation(8), 0.5, {}) +
                                   "\n" + table_row(evaluation(16), 0.5, {}) + "\n");
}

CATCH_TEST_CASE("on a terminal the progress line is rewritten, and cleared before anything else") {
  Stream stream;
  Console console(stream.file(), {.terminal = true});
  console.progress({.step = 1}, 0);
  console.progress({.step = 2}, 0.05);  // too soon
  console.progress({.step = 3}, 0.2);
  console.say("done");
  const auto line = [](int step) {
    return "\r\x1b[K" + progress_line({.step = step}, {.width = 79, .terminal = true});
  };
  CATCH_CHECK(stream.text() == line(1) + line(3) + "\r\x1b[K" + "done\n");
}

CATCH_TEST_CASE("a file is no terminal and gets no colour") {
  Stream stream;
  const ConsoleStyle style = console_style(stream.file());
  CATCH_CHECK_FALSE(style.terminal);
  CATCH_CHECK_FALSE(style.colour);
  CATCH_CHECK(style.width == 80);
}

CATCH_TEST_CASE("the column for correct answers appears where the first evaluation has them") {
  Stream stream;
  Console console(stream.file(), ConsoleStyle{});
  Evaluation first = evaluation(0);
  first.scores["correct"] = {{1, 4, {}}, 0, 1};
  console.evaluation(first, 0.5);
  CATCH_CHECK(stream.text() ==
              table_header({.correct = true}) + "\n" + table_row(first, 0.5, {.correct = true}) + "\n");
}
