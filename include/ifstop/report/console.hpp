// What a run shows while it goes on: pure formatting, and a Console that puts it on a stream.
#pragma once
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ifstop/stop/decision.hpp"
#include "ifstop/stop/evaluation.hpp"

namespace ifstop::report {

struct ConsoleStyle {
  int width = 80;         ///< columns
  bool terminal = false;  ///< false: whole lines only, nothing is overwritten
  bool colour = false;
  bool correct = false;  ///< the table has a column for the share of correct answers
};

/// What a stream can show: a terminal's width; colour unless NO_COLOR is set or TERM is "dumb".
ConsoleStyle console_style(std::FILE* stream);

/// State of training for the progress line.
struct Progress {
  std::int64_t step = 0;
  std::int64_t steps = 0;  ///< planned
  std::int64_t examples = 0;
  double loss = 0;
  double tokens_per_second = 0;
  std::optional<double> seconds_left;
};

/// One prompt and its answers before tuning and at the end.
struct BeforeAfter {
  std::string prompt;
  std::string before;
  std::string after;
  std::string
      before_end{};  ///< how it ended, for people: "goes on into another turn"; empty where it just ended
  std::string after_end{};
};

/// "step 120/1000 · 960 examples · loss 1.234 · 5.6k tokens/s · 1:23 left", never wider than the style.
std::string progress_line(const Progress& progress, const ConsoleStyle& style);

/// Three lines: a legend, names and a rule. Columns: examples, IFS ± interval, strict, part, full, run-on,
/// ObjQA, correct, eval %.
std::string table_header(const ConsoleStyle& style);

/// One line. `eval_share`: share of the time so far spent evaluating, 0 to 1.
std::string table_row(const Evaluation& evaluation, double eval_share, const ConsoleStyle& style);

/// "Stopped at 2,048 examples (step 256)." and the reason, wrapped.
std::string stop_text(const Decision& decision, std::int64_t step, std::int64_t examples,
                      const ConsoleStyle& style);

/// The prompts with both answers, each cut to three lines.
std::string answers_text(const std::vector<BeforeAfter>& answers, const ConsoleStyle& style);

/// Breaks text at spaces into lines of at most `width` columns, each after `indent`. Counts code points.
std::string wrap(std::string_view text, int width, std::string_view indent = "");

/// Puts it on a stream. On a terminal the progress line is rewritten in place, at most ten times a second of
/// the `now_seconds` passed in; elsewhere a progress line is printed at most every 30 seconds.
class Console {
 public:
  explicit Console(std::FILE* stream);
  Console(std::FILE* stream, ConsoleStyle style);

  void progress(const Progress& progress, double now_seconds);
  /// Prints the header before the first row.
  void evaluation(const Evaluation& evaluation, double eval_share);
  void stopped(const Decision& decision, std::int64_t step, std::int64_t examples);
  void answers(const std::vector<BeforeAfter>& answers);
  /// Any other line.
  void say(std::string_view text);

 private:
  void clear_progress();

  std::FILE* stream_;
  ConsoleStyle style_;
  bool header_shown_ = false;
  bool progress_shown_ = false;
  std::optional<double> last_progress_;
};

}  // namespace ifstop::report
