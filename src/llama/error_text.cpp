#include "ifstop/llama/error_text.hpp"

namespace ifstop {

std::string error_text(const std::exception& error) {
  // c10::Error::what() goes on with "Exception raised from FUNCTION at FILE:LINE (most recent call first):"
  // and frames.
  std::string text = error.what();
  const auto backtrace = text.find("\nException raised from ");
  if (backtrace != text.npos) {
    const auto last_frame = text.rfind("\nframe #");
    const bool framed = last_frame != text.npos && last_frame >= backtrace;
    const auto end = framed ? text.find('\n', last_frame + 1) : text.npos;
    text.erase(backtrace, end == text.npos ? end : end + 1 - backtrace);
  }
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

}  // namespace ifstop
