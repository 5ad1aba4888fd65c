// The pure half of the console: values in, text out.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ifstop/report/console.hpp"
#include "ifstop/score/run_on.hpp"
#include "report/grouped.hpp"

namespace ifstop::report {
namespace {

constexpr int minimum_width = 40;

std::string coloured(std::string_view text, std::string_view code, const ConsoleStyle& style) {
  return style.colour ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
}

// Bytes of the first `count` code points.
std::size_t bytes_of(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  while (at < text.size() && count-- > 0) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
  }
  return at;
}

std::string rate(double per_second) {
  if (!std::isfinite(per_second)) return "-";
  if (per_second >= 1e6) return fmt::format("{:.1f}M", per_second / 1e6);
  if (per_second >= 1e4) return fmt::format("{:.0f}k", per_second / 1e3);
  if (per_second >= 1e3) return fmt::format("{:.1f}k", per_second / 1e3);
  return fmt::format("{:.0f}", per_second);
}

std::string duration(double seconds) {
  const auto total = static_cast<std::int64_t>(std::lround(std::max(seconds, 0.0)));
  const auto minutes = total / 60 % 60, hours = total / 3600;
  return hours > 0 ? fmt::format("{}:{:02}:{:02}", hours, minutes, total % 60)
                   : fmt::format("{}:{:02}", minutes, total % 60);
}

// ".873", "1.00", or "-" where not measured: four columns.
std::string share(double value) {
  if (!std::isfinite(value)) return "-";
  const std::string text = fmt::format("{:.3f}", value);
  return text.starts_with("0") ? text.substr(1) : "1.00";
}

const Score* find(const Evaluation& evaluation, std::string_view name) {
  const auto found = evaluation.scores.find(name);
  return found != evaluation.scores.end() && found->second.measured() ? &found->second : nullptr;
}

std::string cell(const Evaluation& evaluation, std::string_view name) {
  const Score* score = find(evaluation, name);
  return score ? share(score->value()) : "-";
}

std::string interval(const Evaluation& evaluation) {
  const Score* score = find(evaluation, "ifs");
  if (!score || !std::isfinite(score->low) || !std::isfinite(score->high)) return "";
  return fmt::format("{}\u2013{}", share(score->low), share(score->high));
}

// The text as one line, cut to three lines of its column.
std::string answer(std::string_view text, std::string_view indent, const ConsoleStyle& style) {
  std::string line;
  text = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
  for (const char c : text) {
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;  // no escape reaches the terminal
    if (c == '\n' && !line.empty() && line.back() != ' ') line += " \u23ce";
    if (!control)
      line += c;
    else if (!line.empty() && line.back() != ' ')
      line += ' ';
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  if (line.empty()) return std::string(indent) + "(nothing)";
  const auto room = 3 * (static_cast<std::size_t>(style.width) - code_points(indent)) - 12;
  if (code_points(line) > room) line = line.substr(0, bytes_of(line, room)) + " \u2026";
  return wrap(line, style.width, indent);
}

}  // namespace

std::string wrap(std::string_view text, int width, std::string_view indent) {
  const auto room = static_cast<std::size_t>(std::max(width, minimum_width)) - code_points(indent);
  std::string lines, line;
  const auto flush = [&] {
    if (!lines.empty()) lines += "\n";
    lines += std::string(indent) + line;
    line.clear();
  };
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    if (!line.empty() && code_points(line) + 1 + code_points(word) > room) flush();
    for (; code_points(word) > room; flush()) {  // longer than a line: cut it
      line = word.substr(0, bytes_of(word, room));
      word.remove_prefix(line.size());
    }
    line += (line.empty() ? "" : " ") + std::string(word);
  }
  if (!line.empty() || lines.empty()) flush();
  return lines;
}

std::string progress_line(const Progress& progress, const ConsoleStyle& style) {
  std::string line = fmt::format("step {}", grouped(progress.step));
  if (progress.steps > 0) line += "/" + grouped(progress.steps);
  const std::string parts[] = {
      grouped(progress.examples) + " examples", fmt::format("loss {:.3f}", progress.loss),
      rate(progress.tokens_per_second) + " tokens/s",
      progress.seconds_left ? duration(*progress.seconds_left) + " left" : std::string()};
  for (const auto& part : parts)
    if (!part.empty() && code_points(line) + 3 + code_points(part) <= static_cast<std::size_t>(style.width))
      line += " \u00b7 " + part;
  return line;
}

constexpr std::string_view table_legend =
    "interval: 95 % of IFS \u00b7 eval: share of the time so far spent evaluating";

std::string table_header(const ConsoleStyle& style) {
  const std::string names = fmt::format("{:>8}  {:>5} {:9}  {:>6}  {:>5}  {:>5}  {:>6}  {:>6}{}  {:>5}",
                                        "examples", "IFS", "interval", "strict", "part", "full", "run-on",
                                        "ObjQA", style.correct ? "  correct" : "", "eval");
  std::string rule;
  for (std::size_t i = 0; i < names.size(); ++i) rule += "\u2500";
  return coloured(table_legend, "2", style) + "\n" + coloured(names, "1", style) + "\n" +
         coloured(rule, "2", style);
}

std::string table_row(const Evaluation& evaluation, double eval_share, const ConsoleStyle& style) {
  const std::string ifs = fmt::format("{:>5}", cell(evaluation, "ifs"));
  const std::string strict = fmt::format("{:>6}", cell(evaluation, "ifs_strict"));
  const std::string correct =
      style.correct ? fmt::format("  {:>7}", cell(evaluation, "correct")) : std::string();
  const std::string eval = std::isfinite(eval_share) ? fmt::format("{:.0f} %", 100 * eval_share) : "-";
  return fmt::format("{:>8}  {} {:9}  {}  {:>5}  {:>5}  {:>6}  {:>6}{}  {:>5}", grouped(evaluation.examples),
                     coloured(ifs, "1;36", style), interval(evaluation), coloured(strict, "1;32", style),
                     cell(evaluation, "ifs_partial"), cell(evaluation, "ifs_full"),
                     cell(evaluation, "run_on"), cell(evaluation, "objecqa"), correct, eval);
}

std::string stop_text(const Decision& decision, std::int64_t step, std::int64_t examples,
                      const ConsoleStyle& style) {
  const std::string head =
      fmt::format("{} {} examples (step {})", decision.stop ? "Stopped at" : "Not stopped: the data ended at",
                  grouped(examples), grouped(step));
  const std::string code = decision.stop ? "1;32" : "1;33";
  std::string text = coloured(head, code, style);
  if (!decision.rule.empty()) text += "\n" + wrap("Rule: " + decision.rule, style.width, "  ");
  if (!decision.reason.empty()) text += "\n" + wrap(decision.reason, style.width, "  ");
  return text;
}

std::string answers_text(const std::vector<BeforeAfter>& answers, const ConsoleStyle& style) {
  std::string text;
  const auto add = [&](const char* when, const char* colour, const std::string& words,
                       const std::string& end) {
    text += "\n  " + coloured(when, colour, style) + "\n" + answer(words, "    ", style);
    if (!end.empty()) text += "\n    " + coloured("\u2192 " + end, "2", style);
  };
  for (const auto& [prompt, before, after, before_end, after_end] : answers) {
    if (!text.empty()) text += "\n\n";
    text += coloured(answer(prompt, "", style), "1", style);
    add("before", "33", before, before_end);
    add("after", "32", after, after_end);
  }
  return text;
}

}  // namespace ifstop::report
