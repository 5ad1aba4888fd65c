#include "report/chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/grouped.hpp"

namespace ifstop::report {
namespace {

constexpr double width = 860, left = 46, right = 104, top = 26, bottom = 44;
constexpr double label_distance = 17;

// Data to picture.
struct Frame {
  double x_high, y_low, y_high, height;

  double x(double value) const { return left + (width - left - right) * (x_high > 0 ? value / x_high : 0); }
  double y(double value) const {
    return top + (height - top - bottom) * (1 - (value - y_low) / (y_high - y_low));
  }
};

std::string tick_text(double value) {
  if (value >= 1000 && std::fmod(value, 1) == 0) return grouped(static_cast<std::int64_t>(value));
  return fmt::format("{:g}", value);
}

std::string axes(const Chart& chart, const Frame& frame) {
  std::string out;
  for (const double value : round_ticks(frame.y_low, frame.y_high, 5))
    out += fmt::format(
        "<line class=\"grid\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>"
        "<text class=\"tick\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n",
        left, width - right, frame.y(value), frame.y(value), left - 9, frame.y(value) + 4, tick_text(value));
  const double base = chart.height - bottom;
  for (const double value : round_ticks(0, frame.x_high, 8))
    out += fmt::format(
        "<line class=\"axis\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1:.1f}\" y2=\"{2:.1f}\"/>"
        "<text class=\"tick\" x=\"{0:.1f}\" y=\"{3:.1f}\" text-anchor=\"middle\">{4}</text>\n",
        frame.x(value), base, base + 5, base + 19, tick_text(value));
  out += fmt::format("<line class=\"axis\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>\n", left,
                     width - right, base, base);
  out += fmt::format("<text class=\"tick\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n",
                     (left + width - right) / 2, base + 38, escape_html(chart.x_name));
  return out;
}

std::string band(const ChartLine& line, const Frame& frame) {
  std::string points;
  for (const auto& point : line.points)
    points += fmt::format("{:.1f},{:.1f} ", frame.x(point.x), frame.y(point.high));
  for (auto point = line.points.rbegin(); point != line.points.rend(); ++point)
    points += fmt::format("{:.1f},{:.1f} ", frame.x(point->x), frame.y(point->low));
  return fmt::format("<polygon class=\"band band-{}\" points=\"{}\"/>\n", line.style, points);
}

std::string curve(const ChartLine& line, const Frame& frame) {
  std::string points, dots;
  for (const auto& point : line.points) {
    points += fmt::format("{:.1f},{:.1f} ", frame.x(point.x), frame.y(point.y));
    if (line.dots)
      dots += fmt::format(
          "<circle class=\"dot-{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3.4\"><title>{}</title></circle>\n",
          line.style, frame.x(point.x), frame.y(point.y), escape_html(point.title));
  }
  return fmt::format("<polyline class=\"line line-{}\" points=\"{}\"/>\n{}", line.style, points, dots);
}

// Names at the ends of the lines, pushed apart from the top down, then back up where that left the picture.
std::string names(const std::vector<ChartLine>& lines, const Frame& frame) {
  struct Label {
    const ChartLine* line;
    double at;
  };
  std::vector<Label> labels;
  for (const auto& line : lines)
    if (!line.points.empty()) labels.push_back({&line, frame.y(line.points.back().y)});
  std::stable_sort(labels.begin(), labels.end(), [](const Label& a, const Label& b) { return a.at < b.at; });
  for (std::size_t i = 1; i < labels.size(); ++i)
    labels[i].at = std::max(labels[i].at, labels[i - 1].at + label_distance);
  double lowest = frame.height - bottom;
  for (auto label = labels.rbegin(); label != labels.rend(); ++label, lowest -= label_distance)
    label->at = std::min(label->at, lowest);
  std::string out;
  for (const auto& label : labels)
    out +=
        fmt::format("<text class=\"name name-{}\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", label.line->style,
                    frame.x(label.line->points.back().x) + 10, label.at + 4, escape_html(label.line->name));
  return out;
}

std::string mark(const Chart& chart, const Frame& frame) {
  if (!chart.mark) return "";
  const double x = frame.x(*chart.mark);
  const bool on_the_left = x > left + 160;
  return fmt::format(
      "<line class=\"mark\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1:.1f}\" y2=\"{2:.1f}\"/>"
      "<text class=\"mark-text\" x=\"{3:.1f}\" y=\"{4:.1f}\" text-anchor=\"{5}\">{6}</text>\n",
      x, top - 8, frame.height - bottom, on_the_left ? x - 8 : x + 8, top - 10, on_the_left ? "end" : "start",
      escape_html(chart.mark_text));
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\'')
      out += "&#39;";
    else if ((byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f)
      out += "\xEF\xBF\xBD";
    else
      out += c;
  }
  return out;
}

std::vector<double> round_ticks(double low, double high, int count) {
  if (!(high > low) || count < 1) return {low};
  const double rough = (high - low) / count;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  double step = 10 * power;
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= rough * 0.999) {
      step = factor * power;
      break;
    }
  std::vector<double> ticks;
  for (double i = std::ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; ++i)
    ticks.push_back(i * step + 0.0);  // + 0.0: no minus before a zero
  return ticks;
}

std::string svg(const Chart& chart) {
  Frame frame{0, chart.y_low, chart.y_high, static_cast<double>(chart.height)};
  for (const auto& line : chart.lines)
    for (const auto& point : line.points) frame.x_high = std::max(frame.x_high, point.x);
  std::string out = fmt::format("<svg viewBox=\"0 0 {:.0f} {}\" role=\"img\" aria-label=\"{}\">\n", width,
                                chart.height, escape_html(chart.label)) +
                    axes(chart, frame);
  for (const auto& line : chart.lines)
    if (line.band && !line.points.empty()) out += band(line, frame);
  out += mark(chart, frame);
  for (const auto& line : chart.lines)
    if (!line.points.empty()) out += curve(line, frame);
  return out + names(chart.lines, frame) + "</svg>\n";
}

}  // namespace ifstop::report
