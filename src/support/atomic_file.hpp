// Files that appear whole or not at all: written beside their place, flushed to the disk, then renamed.
// In a header, because the two rows of libraries that write files share no compiled part.
#pragma once
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string_view>

namespace ifstop::support {

class AtomicFile {
 public:
  /// Opens `<path>.tmp-<process id>`. Throws std::runtime_error naming the file where it cannot.
  explicit AtomicFile(const std::filesystem::path& path)
      : path_(path), temporary_(fmt::format("{}.tmp-{}", path.string(), ::getpid())) {
    file_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file_ < 0) fail("cannot be written");
  }
  /// Removes the temporary file where commit() was not reached.
  ~AtomicFile() {
    if (file_ < 0) return;
    ::close(file_);
    ::unlink(temporary_.c_str());
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
    if (::fsync(file_) != 0) fail("cannot be flushed to the disk");
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail("cannot be moved to its place");
    ::close(file_);
    file_ = -1;
  }

 private:
  [[noreturn]] void fail(const char* what) const {
    throw std::runtime_error(fmt::format("{}: {}: {}", path_.string(), what, std::strerror(errno)));
  }

  std::filesystem::path path_, temporary_;
  int file_ = -1;
};

/// The whole of a small file.
inline void write_file(const std::filesystem::path& path, std::string_view bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

}  // namespace ifstop::support
