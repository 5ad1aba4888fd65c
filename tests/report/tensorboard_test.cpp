#include "ifstop/report/tensorboard.hpp"

#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>

#include "ifstop/report/event_log.hpp"
#include "support/catch.hpp"
#include "support/temp_folder.hpp"

using namespace ifstop;
using namespace ifstop::report;

namespace {

// CRC-32C bit by bit, straight from its polynomial: independent of the writer's table.
std::uint32_t reference_crc(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFFu;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1u) != 0 ? (crc >> 1) ^ 0x82F63B78u : crc >> 1;
  }
  crc = ~crc;
  return ((crc >> 15) | (crc << 17)) + 0xA282EAD8u;
}

template <class Value>
Value take(std::string_view& bytes) {
  CATCH_REQUIRE(bytes.size() >= sizeof(Value));
  Value value{};
  std::memcpy(&value, bytes.data(), sizeof value);
  bytes.remove_prefix(sizeof value);
  return value;
}

std::uint64_t take_varint(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (unsigned shift = 0;; shift += 7) {
    const auto byte = take<std::uint8_t>(bytes);
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if ((byte & 0x80) == 0) return value;
  }
}

// One field of a protobuf message: its number, and its value as bytes or number.
struct Field {
  std::uint64_t number = 0, integer = 0;
  std::string_view bytes;
  double real = 0;
};

std::vector<Field> fields(std::string_view message) {
  std::vector<Field> all;
  while (!message.empty()) {
    const auto key = take_varint(message);
    Field field{.number = key >> 3};
    switch (key & 7) {
      case 0:
        field.integer = take_varint(message);
        break;
      case 1:
        field.real = take<double>(message);
        break;
      case 5:
        field.real = static_cast<double>(take<float>(message));
        break;
      case 2: {
        const auto size = take_varint(message);
        CATCH_REQUIRE(size <= message.size());
        field.bytes = message.substr(0, size);
        message.remove_prefix(size);
        break;
      }
      default:
        CATCH_FAIL("unknown wire type");
    }
    all.push_back(field);
  }
  return all;
}

// The records of a TFRecord file, every checksum compared.
std::vector<std::string_view> records(std::string_view file) {
  std::vector<std::string_view> all;
  while (!file.empty()) {
    const std::string_view length_bytes = file.substr(0, 8);
    const auto length = take<std::uint64_t>(file);
    CATCH_REQUIRE(take<std::uint32_t>(file) == reference_crc(length_bytes));
    CATCH_REQUIRE(length <= file.size());
    all.push_back(file.substr(0, length));
    file.remove_prefix(length);
    CATCH_REQUIRE(take<std::uint32_t>(file) == reference_crc(all.back()));
  }
  return all;
}

struct Scalar {
  std::string tag;
  std::uint64_t step;
  float value;
  double seconds;
  friend bool operator==(const Scalar&, const Scalar&) = default;
};

std::optional<Scalar> scalar(std::string_view record) {
  Scalar result{};
  bool summary = false;
  for (const auto& field : fields(record)) {
    if (field.number == 1) result.seconds = field.real;
    if (field.number == 2) result.step = field.integer;
    if (field.number != 5) continue;
    summary = true;
    for (const auto& value : fields(fields(field.bytes).at(0).bytes)) {
      if (value.number == 1) result.tag = value.bytes;
      if (value.number == 2) result.value = static_cast<float>(value.real);
    }
  }
  return summary ? std::optional(result) : std::nullopt;
}

std::vector<Scalar> read_back(const std::string& file) {
  std::vector<Scalar> all;
  for (const auto record : records(file))
    if (auto found = scalar(record)) all.push_back(*found);
  return all;
}

constexpr auto name = "events.out.tfevents.0.ifstop";

}  // namespace

CATCH_TEST_CASE("crc32c: the check value of its definition, and the masked form") {
  CATCH_CHECK(crc32c("123456789") == 0xE3069283u);
  CATCH_CHECK(crc32c("") == 0u);
  CATCH_CHECK(masked_crc32c("123456789") == reference_crc("123456789"));
}

CATCH_TEST_CASE("an independent reader finds the version and every scalar with the right checksums") {
  const ifstop_test::TempFolder folder;
  {
    TensorBoardWriter writer(folder.path());
    writer.scalar("eval/ifs", 0, 0.25, 1.5);
    writer.scalar("eval/ifs", 300, 0.875, 2.5);      // a step of two varint bytes
    writer.scalar(std::string(200, 't'), 1, -1, 3);  // a tag whose length takes two bytes
  }
  const std::string file = folder.read(name);
  const auto first = fields(records(file).at(0));
  CATCH_CHECK(first.back().number == 3);
  CATCH_CHECK(first.back().bytes == "brain.Event:2");
  CATCH_CHECK(read_back(file) == std::vector<Scalar>{{"eval/ifs", 0, 0.25f, 1.5},
                                                     {"eval/ifs", 300, 0.875f, 2.5},
                                                     {std::string(200, 't'), 1, -1.0f, 3}});
}

CATCH_TEST_CASE("a run's events become scalars; what was not measured does not") {
  const ifstop_test::TempFolder folder;
  EventLog log(folder.path() / "events.jsonl");
  log.start({}, {});
  log.train({1, 8, 0.5}, {2.0, 0.5, 1.0, 10});
  Evaluation evaluation{.step = 1, .examples = 8, .seconds = 1};
  evaluation.scores["ifs"] = {{1, 2, {}}, 0.25, 0.75};
  log.eval(evaluation);
  write_tensorboard(folder.path(), read_events(log.path()));
  write_tensorboard(folder.path(), read_events(log.path()));  // anew, not appended
  std::string tags;
  for (const auto& found : read_back(folder.read(name))) tags += found.tag + " ";
  CATCH_CHECK(tags ==
              "train/loss train/learning_rate train/grad_norm eval/ifs eval_interval/ifs_low "
              "eval_interval/ifs_high eval/examples ");
}
