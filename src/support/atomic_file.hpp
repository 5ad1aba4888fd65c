// Files that appear whole or not at all: written beside their place, flushed to the disk, then renamed.
// In a header, because the two rows of libraries that write files share no compiled part.
#pragma once
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace ifstop::support {

namespace atomic_file_detail {

/// What a chain of symbolic links leads to, whether it exists or not. A link of /proc (/dev/stdout leads
/// there) stands for an open file, which only the link itself reaches.
inline std::filesystem::path target_of(std::filesystem::path path) {
  constexpr int most_links = 40;  // as in Linux
  std::error_code error;
  for (int links = 0; links < most_links && !path.native().starts_with("/proc/"); ++links) {
    if (!std::filesystem::is_symlink(std::filesystem::symlink_status(path, error))) break;
    const auto target = std::filesystem::read_symlink(path, error);
    if (error) break;
    path = target.is_absolute() ? target : path.parent_path() / target;
  }
  return path;
}

}  // namespace atomic_file_detail

/// A symbolic link stays, and what it leads to is replaced. What is no regular file (a FIFO, a device, an
/// open file of /proc) cannot be replaced without harm: it is written into as the bytes come.
class AtomicFile {
 public:
  /// Opens a new file beside the path, of a name that nobody has. Throws std::runtime_error naming the path.
  explicit AtomicFile(const std::filesystem::path& path)
      : path_(path), target_(atomic_file_detail::target_of(path)) {
    struct stat status {};
    const bool there = ::stat(target_.c_str(), &status) == 0;
    if (!there && errno == ELOOP) fail("cannot be written");
    if (there && S_ISDIR(status.st_mode)) fail("is a folder; name a file in it", 0);
    if (there && (!S_ISREG(status.st_mode) || target_.native().starts_with("/proc/"))) {
      file_ = ::open(target_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
      if (file_ < 0) fail("cannot be written");
      return;
    }
    open_beside();
    if (there) (void)::fchmod(file_, status.st_mode & 0777U);
  }
  /// Removes the new file where commit() was not reached.
  ~AtomicFile() {
    if (file_ < 0) return;
    ::close(file_);
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
  }
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  /// Throws std::runtime_error naming the file and the system's reason (a full disk, for one).
  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto written = ::write(file_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail("cannot be written");
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  void write(const void* data, std::size_t size) { write({static_cast<const char*>(data), size}); }

  /// Flushes and moves the file to its place.
  void commit() {
    if (!temporary_.empty()) {
      if (::fsync(file_) != 0) fail("cannot be flushed to the disk");
      if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail("cannot be moved to its place");
    }
    if (::close(std::exchange(file_, -1)) != 0) fail("cannot be written");
  }

 private:
  void open_beside() {
    for (int i = 0; file_ < 0; ++i) {
      temporary_ = fmt::format("{}.tmp-{}-{}", target_.string(), ::getpid(), i);
      file_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
      if (file_ < 0 && errno != EEXIST) fail("cannot be written");
    }
  }
  [[noreturn]] void fail(const char* what, int error = errno) const {
    const auto reason = error == 0 ? "" : fmt::format(": {}", std::strerror(error));
    throw std::runtime_error(fmt::format("{}: {}{}", path_.string(), what, reason));
  }

  std::filesystem::path path_, target_, temporary_;  // no temporary: written straight into the target
  int file_ = -1;
};

/// The whole of a small file.
inline void write_file(const std::filesystem::path& path, std::string_view bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

}  // namespace ifstop::support
