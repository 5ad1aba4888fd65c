#include "report/chart.hpp"

#include "support/catch.hpp"

using namespace ifstop::report;

namespace {

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t found = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

Chart one_line() {
  Chart chart{.label = "scores", .x_name = "examples"};
  chart.lines.push_back(
      {.name = "IFS", .band = true, .points = {{0, 0.25, 0.2, 0.3, "first"}, {100, 1, 0.9, 1, "last"}}});
  return chart;
}

}  // namespace

CATCH_TEST_CASE("text for HTML: markup is escaped, control characters do not pass") {
  CATCH_CHECK(escape_html("<b>\"it's\" & so</b>\n") == "&lt;b&gt;&quot;it&#39;s&quot; &amp; so&lt;/b&gt;\n");
  CATCH_CHECK(escape_html("a\x1b[31m\x7f") == "a\xEF\xBF\xBD[31m\xEF\xBF\xBD");
  CATCH_CHECK(escape_html("ä€") == "ä€");
}

CATCH_TEST_CASE("ticks are round numbers, both ends included where they are round") {
  CATCH_CHECK(round_ticks(0, 2048, 8) == std::vector<double>{0, 500, 1000, 1500, 2000});
  CATCH_CHECK(round_ticks(0, 1000, 5) == std::vector<double>{0, 200, 400, 600, 800, 1000});
  CATCH_CHECK(round_ticks(0, 1, 5).size() == 6);  // 0, .2 … 1, whatever the rounding
  CATCH_CHECK(round_ticks(3, 3, 5) == std::vector<double>{3});
}

CATCH_TEST_CASE("the left end of the axis is the first point, the right end the last") {
  const std::string text = svg(one_line());
  CATCH_CHECK(count(text, "<polyline class=\"line line-1\" points=\"46.0,228.5 756.0,26.0 \"/>") == 1);
  CATCH_CHECK(count(text, "<polygon class=\"band band-1\"") == 1);
  CATCH_CHECK(count(text, "<title>first</title>") == 1);
  CATCH_CHECK(count(text, "<text class=\"name name-1\"") == 1);
  CATCH_CHECK(count(text, "class=\"mark\"") == 0);
}

CATCH_TEST_CASE("a mark is drawn where it is asked for, and its text is escaped") {
  Chart chart = one_line();
  chart.mark = 0;  // 0 is a place, not "unset"
  chart.mark_text = "stop <here>";
  CATCH_CHECK(count(svg(chart), "class=\"mark\" x1=\"46.0\"") == 1);
  CATCH_CHECK(count(svg(chart), "stop &lt;here&gt;") == 1);
}

CATCH_TEST_CASE("names that would overlap are moved apart, and stay within the picture") {
  Chart chart{.x_name = "x"};
  for (int i = 0; i < 4; ++i) chart.lines.push_back({.name = "n", .style = i + 1, .points = {{1, 0}}});
  const std::string text = svg(chart);
  for (const char* y : {"y=\"300.0\">n", "y=\"283.0\">n", "y=\"266.0\">n", "y=\"249.0\">n"})
    CATCH_CHECK(count(text, y) == 1);
}

CATCH_TEST_CASE("an empty chart and a single point at 0 are drawn without a number that is none") {
  CATCH_CHECK(count(svg({}), "nan") == 0);
  Chart chart{.x_name = "x"};
  chart.lines.push_back({.name = "n", .points = {{0, 0.5}}});
  CATCH_CHECK(count(svg(chart), "nan") + count(svg(chart), "inf") == 0);
}
