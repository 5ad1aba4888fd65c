#include "ifstop/report/tensorboard.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "ifstop/report/event_log.hpp"

namespace ifstop::report {
namespace {

static_assert(std::endian::native == std::endian::little, "event files are little-endian");

// Protobuf wire types.
constexpr std::uint32_t varint_type = 0, fixed64_type = 1, bytes_type = 2, fixed32_type = 5;

constexpr std::array<std::uint32_t, 256> crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) ? 0x82F63B78u : 0u);
    table[i] = crc;
  }
  return table;
}

template <class Value>
std::string raw(Value value) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(static_cast<unsigned char>(value | 0x80));
  return bytes += static_cast<char>(static_cast<unsigned char>(value));
}

std::string key(std::uint32_t field, std::uint32_t type) {
  return varint((field << 3) | type);
}

std::string bytes_field(std::uint32_t field, std::string_view bytes) {
  return key(field, bytes_type) + varint(bytes.size()) + std::string(bytes);
}

// tensorflow.Event: wall_time = 1 (double), step = 2 (int64), file_version = 3 (string), summary = 5.
std::string event_bytes(double wall_time, std::int64_t step, std::string_view rest) {
  return key(1, fixed64_type) + raw(wall_time) + key(2, varint_type) +
         varint(static_cast<std::uint64_t>(step)) + std::string(rest);
}

// tensorflow.Summary { Value value = 1 }, Value { string tag = 1; float simple_value = 2 }.
std::string summary_bytes(std::string_view tag, double value) {
  return bytes_field(
      5, bytes_field(1, bytes_field(1, tag) + key(2, fixed32_type) + raw(static_cast<float>(value))));
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  static constexpr auto table = crc_table();
  std::uint32_t crc = 0xFFFFFFFFu;
  for (const char c : bytes) crc = (crc >> 8) ^ table[(crc ^ static_cast<unsigned char>(c)) & 0xFF];
  return ~crc;
}

std::uint32_t masked_crc32c(std::string_view bytes) {
  const std::uint32_t crc = crc32c(bytes);
  return ((crc >> 15) | (crc << 17)) + 0xA282EAD8u;
}

TensorBoardWriter::TensorBoardWriter(const std::filesystem::path& folder)
    : path_(folder / "events.out.tfevents.0.ifstop") {
  std::filesystem::create_directories(folder);
  file_ = std::fopen(path_.c_str(), "wb");
  if (!file_)
    throw FileError(fmt::format("{}: cannot open for writing: {}", path_.string(), std::strerror(errno)));
  record(event_bytes(0, 0, bytes_field(3, "brain.Event:2")));
}

TensorBoardWriter::~TensorBoardWriter() {
  if (file_) std::fclose(file_);
}

// TFRecord: length, its masked CRC, the bytes, their masked CRC.
void TensorBoardWriter::record(std::string_view bytes) {
  const std::string length = raw(static_cast<std::uint64_t>(bytes.size()));
  const std::string all =
      length + raw(masked_crc32c(length)) + std::string(bytes) + raw(masked_crc32c(bytes));
  if (std::fwrite(all.data(), 1, all.size(), file_) != all.size() || std::fflush(file_) != 0)
    throw FileError(fmt::format("{}: cannot write: {}", path_.string(), std::strerror(errno)));
}

void TensorBoardWriter::scalar(std::string_view tag, std::int64_t step, double value, double seconds) {
  record(event_bytes(seconds, step, summary_bytes(tag, value)));
}

void TensorBoardWriter::event(const Json& event) {
  const auto step = event.value("step", std::int64_t{0});
  const auto seconds = event.value("seconds", 0.0);
  if (event["kind"] == "train")
    for (const char* name : {"loss", "learning_rate", "grad_norm"})
      if (event.contains(name) && event[name].is_number())
        scalar(fmt::format("train/{}", name), step, event[name].get<double>(), seconds);
  if (event["kind"] != "eval") return;
  const Evaluation evaluation = evaluation_from_json(event);
  for (const auto& [name, score] : evaluation.scores) {
    if (!score.measured()) continue;
    scalar("eval/" + name, step, score.value(), seconds);
    scalar("eval_interval/" + name + "_low", step, score.low, seconds);
    scalar("eval_interval/" + name + "_high", step, score.high, seconds);
  }
  for (const auto& [name, value] : evaluation.values) scalar("eval/" + name, step, value, seconds);
  scalar("eval/examples", step, static_cast<double>(evaluation.examples), seconds);
}

void write_tensorboard(const std::filesystem::path& folder, const std::vector<Json>& events) {
  TensorBoardWriter writer(folder);
  for (const auto& event : events) writer.event(event);
}

}  // namespace ifstop::report
