#include "ifstop/report/console.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace ifstop::report {
namespace {

constexpr double terminal_interval_seconds = 0.1, line_interval_seconds = 30;

void print(std::FILE* stream, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fflush(stream);
}

}  // namespace

ConsoleStyle console_style(std::FILE* stream) {
  ConsoleStyle style;
  style.terminal = ::isatty(::fileno(stream)) == 1;
  if (!style.terminal) return style;
  winsize size{};
  if (::ioctl(::fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    style.width = std::clamp<int>(size.ws_col, 40, 100);
  const char* no_colour = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  const bool dumb = term == nullptr || std::strcmp(term, "dumb") == 0;
  style.colour = !dumb && (no_colour == nullptr || *no_colour == '\0');
  style.terminal = !dumb;
  return style;
}

Console::Console(std::FILE* stream) : Console(stream, console_style(stream)) {}
Console::Console(std::FILE* stream, ConsoleStyle style) : stream_(stream), style_(style) {}

void Console::clear_progress() {
  if (progress_shown_) print(stream_, "\r\x1b[K");
  progress_shown_ = false;
}

void Console::progress(const Progress& progress, double now_seconds) {
  const double interval = style_.terminal ? terminal_interval_seconds : line_interval_seconds;
  if (last_progress_ && now_seconds - *last_progress_ < interval) return;
  last_progress_ = now_seconds;
  if (!style_.terminal) return print(stream_, progress_line(progress, style_) + "\n");
  ConsoleStyle narrower = style_;
  --narrower.width;  // a full last column would wrap
  print(stream_, "\r\x1b[K" + progress_line(progress, narrower));
  progress_shown_ = true;
}

void Console::evaluation(const Evaluation& evaluation, double eval_share) {
  if (!header_shown_) {
    style_.correct = style_.correct || evaluation.scores.contains("correct");
    say(table_header(style_));
    header_shown_ = true;
  }
  say(table_row(evaluation, eval_share, style_));
}

void Console::stopped(const Decision& decision, std::int64_t step, std::int64_t examples) {
  say("\n" + stop_text(decision, step, examples, style_));
}

void Console::answers(const std::vector<BeforeAfter>& answers) {
  if (!answers.empty()) say("\n" + answers_text(answers, style_));
}

void Console::say(std::string_view text) {
  clear_progress();
  print(stream_, std::string(text) + "\n");
}

}  // namespace ifstop::report
