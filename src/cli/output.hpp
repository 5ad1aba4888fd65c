// Where a command's rows go.
#pragma once
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "cli/commands.hpp"
#include "support/atomic_file.hpp"

namespace ifstop::cli {

/// A file that appears whole or not at all (nothing is left of it after an error) in a folder that is made
/// where it is missing, or for "-" standard output. Throws UsageError naming it.
class Output {
 public:
  explicit Output(const std::string& path) {
    if (path == "-") return;
    guarded([&] {
      const auto folder = std::filesystem::path(path).parent_path();
      if (!folder.empty()) std::filesystem::create_directories(folder);
      file_ = std::make_unique<support::AtomicFile>(path);
    });
  }

  void write(std::string_view text) {
    if (file_) return guarded([&] { file_->write(text); });
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) fail();
  }

  /// Gives the file its name.
  void finish() {
    if (file_) return guarded([&] { file_->commit(); });
    if (std::fflush(stdout) != 0) fail();
  }

 private:
  [[noreturn]] static void fail() {
    throw UsageError(std::string("standard output: cannot be written: ") + std::strerror(errno));
  }
  template <class Act>
  static void guarded(Act act) {
    try {
      act();
    } catch (const std::runtime_error& error) {
      throw UsageError(error.what());
    }
  }

  std::unique_ptr<support::AtomicFile> file_;
};

}  // namespace ifstop::cli
