// A line chart as SVG text. Colours come from the page's style sheet, by class: line-N, band-N, dot-N.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ifstop::report {

struct ChartPoint {
  double x = 0;
  double y = 0;
  double low = 0, high = 0;  ///< of the band
  std::string title;         ///< shown by browsers under the pointer
};

struct ChartLine {
  std::string name;
  int style = 1;      ///< N of the classes
  bool band = false;  ///< shade low to high
  bool dots = true;   ///< a dot a point
  std::vector<ChartPoint> points;
};

struct Chart {
  std::string label;  ///< what it shows, for readers that cannot see it
  std::string x_name;
  std::vector<ChartLine> lines;
  double y_low = 0, y_high = 1;
  std::optional<double> mark;  ///< a vertical line here …
  std::string mark_text;       ///< … with this text
  int height = 340;
};

/// Lines without points are left out. The names stand at the lines' ends, moved apart where they would
/// overlap.
std::string svg(const Chart& chart);

/// About `count` round numbers from low to high, both inside: 0, 500, 1000 …
std::vector<double> round_ticks(double low, double high, int count);

/// Text for HTML: & < > " ' escaped, control characters other than line ends as U+FFFD.
std::string escape_html(std::string_view text);

}  // namespace ifstop::report
