// One run at a time in a folder.
#pragma once
#include <sys/file.h>
#include <unistd.h>

#include <fcntl.h>

#include <cerrno>
#include <filesystem>

#include <fmt/format.h>

#include "options.hpp"

namespace sft_llama {

/// Held until destroyed, or until the process ends in whatever way: the lock is the system's, on the folder
/// itself.
class RunLock {
 public:
  /// The folder must exist. Throws UsageError where another process holds it. A file system without locks is
  /// taken as it is.
  explicit RunLock(const std::filesystem::path& folder)
      : descriptor_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (descriptor_ < 0 || ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;
    ::close(descriptor_);
    throw UsageError(
        fmt::format("output_dir = {}: another sft_llama is writing into it. Choose another folder, or wait "
                    "for that run to end",
                    folder.string()));
  }
  ~RunLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;

 private:
  int descriptor_;
};

}  // namespace sft_llama
