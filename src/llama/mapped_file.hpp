// A file mapped into memory for reading.
#pragma once
#include <cstddef>
#include <filesystem>
#include <string_view>

namespace ifstop::llama {

class MappedFile {
 public:
  /// Throws std::runtime_error naming the file where it cannot be opened or mapped.
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::string_view bytes() const { return {data_, size_}; }

 private:
  const char* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace ifstop::llama
