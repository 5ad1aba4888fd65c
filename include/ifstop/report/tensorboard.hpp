// TensorBoard event files: scalars against steps.
#pragma once
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "ifstop/report/json.hpp"

namespace ifstop::report {

/// Writes one event file, anew. Every record is flushed. Throws FileError.
class TensorBoardWriter {
 public:
  /// Makes `folder` and in it events.out.tfevents.0.ifstop, replacing one that is there.
  explicit TensorBoardWriter(const std::filesystem::path& folder);
  ~TensorBoardWriter();
  TensorBoardWriter(const TensorBoardWriter&) = delete;
  TensorBoardWriter& operator=(const TensorBoardWriter&) = delete;

  void scalar(std::string_view tag, std::int64_t step, double value, double seconds);

  /// The scalars of one event of events.jsonl: train/loss …, eval/ifs …, eval_interval/ifs_low ….
  void event(const Json& event);

 private:
  void record(std::string_view bytes);

  std::filesystem::path path_;
  std::FILE* file_ = nullptr;
};

/// The whole file again from a run's events, as after a resume. Throws FileError.
void write_tensorboard(const std::filesystem::path& folder, const std::vector<Json>& events);

/// CRC-32C (Castagnoli) of the bytes, and the masked form that TFRecord stores.
std::uint32_t crc32c(std::string_view bytes);
std::uint32_t masked_crc32c(std::string_view bytes);

}  // namespace ifstop::report
