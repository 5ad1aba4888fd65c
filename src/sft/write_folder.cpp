// Folders that appear whole or not at all.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <stdexcept>

#include "ifstop/sft/checkpoint.hpp"

namespace ifstop::sft {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path, const char* what) {
  throw std::runtime_error(fmt::format("{}: {}: {}", path.string(), what, std::strerror(errno)));
}

void flush(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) fail(path, "cannot be opened to flush it");
  const bool flushed = ::fsync(file) == 0;
  ::close(file);
  if (!flushed) fail(path, "cannot be flushed to the disk");
}

void flush_all(const fs::path& folder) {
  for (const auto& entry : fs::recursive_directory_iterator(folder)) flush(entry.path());
  flush(folder);
}

void move_into_place(const fs::path& temporary, const fs::path& folder) {
  if (!fs::exists(folder)) {
    fs::rename(temporary, folder);
    return;
  }
  // Both names exist: they change places in one step, then the old content goes.
  if (::renameat2(AT_FDCWD, temporary.c_str(), AT_FDCWD, folder.c_str(), RENAME_EXCHANGE) != 0) {
    fs::remove_all(folder);  // a file system without exchange
    fs::rename(temporary, folder);
    return;
  }
  fs::remove_all(temporary);
}

}  // namespace

void write_folder(const fs::path& folder, const std::function<void(const fs::path&)>& fill) {
  const fs::path temporary =
      folder.parent_path() / fmt::format(".{}.tmp-{}", folder.filename().string(), ::getpid());
  try {
    fs::remove_all(temporary);
    fs::create_directories(temporary);
    fill(temporary);
    flush_all(temporary);
    move_into_place(temporary, folder);
    flush(folder.parent_path());
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(temporary, ignored);
    throw;
  }
}

}  // namespace ifstop::sft
