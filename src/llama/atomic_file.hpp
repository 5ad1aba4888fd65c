// Files that appear whole or not at all: written beside their place, flushed to the disk, then renamed.
#pragma once
#include <cstddef>
#include <filesystem>
#include <string_view>

namespace ifstop::llama {

class AtomicFile {
 public:
  /// Opens `<path>.tmp-<process id>`. Throws std::runtime_error naming the file where it cannot.
  explicit AtomicFile(const std::filesystem::path& path);
  /// Removes the temporary file where commit() was not reached.
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  /// Throws std::runtime_error naming the file and the system's reason (a full disk, for one).
  void write(std::string_view bytes);
  void write(const void* data, std::size_t size) { write({static_cast<const char*>(data), size}); }

  /// Flushes and moves the file to its place.
  void commit();

 private:
  [[noreturn]] void fail(const char* what) const;

  std::filesystem::path path_, temporary_;
  int file_ = -1;
};

/// The whole of a small file.
void write_atomically(const std::filesystem::path& path, std::string_view bytes);

}  // namespace ifstop::llama
