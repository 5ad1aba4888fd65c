// Text for a terminal's width. What goes to a pipe or a file keeps its lines.
#pragma once
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "ifstop/score/run_on.hpp"

namespace ifstop::cli {

/// Columns of the terminal that standard output is; 0 where it is none.
inline std::size_t terminal_width() {
  winsize size{};
  if (::isatty(STDOUT_FILENO) != 1) return 0;
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/// The text broken at blanks into lines of at most `width` columns (a longer word stays whole), those after
/// the first indented by two; as it is where the width is 0. One column a code point.
inline std::string wrapped(std::string_view text, std::size_t width) {
  if (width == 0) return std::string(text);
  std::string out;
  std::size_t column = 0;
  while (!text.empty()) {
    const auto end = text.find(' ');
    const auto word = text.substr(0, end);
    const auto columns = code_points(word);
    if (column > 0 && column + 1 + columns > width) {
      out += "\n  ";
      column = 2;
    } else if (!out.empty()) {
      out += ' ';
      ++column;
    }
    out += word;
    column += columns;
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return out;
}

}  // namespace ifstop::cli
