// Lines of a file or of standard input, none of them longer than fits into memory.
#pragma once
#include <cstddef>
#include <filesystem>
#include <string>

namespace ifstop::report {

class LineReader {
 public:
  /// "-" is standard input. Throws FileError where the file cannot be opened.
  explicit LineReader(const std::filesystem::path& path);
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;
  ~LineReader();

  enum class Found { line, too_long, end };

  /// The next line without its line feed; a last one needs none. Of one longer than longest() only the
  /// beginning is kept. Throws FileError where reading fails.
  Found next(std::string& line);

  static constexpr std::size_t longest() { return std::size_t{32} << 20; }

  /// Whether the last line ended with the file instead of a line feed.
  bool unfinished() const { return unfinished_; }

  const std::string& name() const { return name_; }

 private:
  bool fill();

  std::string name_;
  int file_;
  std::string buffer_;
  std::size_t at_ = 0;
  bool unfinished_ = false;
};

}  // namespace ifstop::report
