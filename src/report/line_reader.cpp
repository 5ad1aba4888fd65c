#include "report/line_reader.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "ifstop/report/json.hpp"

namespace ifstop::report {

LineReader::LineReader(const std::filesystem::path& path)
    : name_(path == "-" ? "standard input" : path.string()),
      file_(path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
  if (file_ < 0) throw FileError(fmt::format("{}: cannot read: {}", name_, std::strerror(errno)));
}

LineReader::~LineReader() {
  if (file_ != STDIN_FILENO) ::close(file_);
}

/// Reads on; false at the end.
bool LineReader::fill() {
  constexpr std::size_t at_once = 1 << 16;
  buffer_.resize(at_once);
  at_ = 0;
  ::ssize_t got = 0;
  do got = ::read(file_, buffer_.data(), at_once);
  while (got < 0 && errno == EINTR);
  const int problem = errno;
  buffer_.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  if (got < 0) throw FileError(fmt::format("{}: cannot read: {}", name_, std::strerror(problem)));
  return got > 0;
}

LineReader::Found LineReader::next(std::string& line) {
  line.clear();
  bool any = false, too_long = false;
  unfinished_ = true;
  while (at_ < buffer_.size() || fill()) {
    any = true;
    const auto end = std::min(buffer_.find('\n', at_), buffer_.size());
    const auto room = longest() - line.size();
    too_long = too_long || end - at_ > room;
    line.append(buffer_, at_, std::min(end - at_, room));
    at_ = end + 1;
    unfinished_ = end == buffer_.size();
    if (!unfinished_) break;
  }
  return too_long ? Found::too_long : any ? Found::line : Found::end;
}

}  // namespace ifstop::report
