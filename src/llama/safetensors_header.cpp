#include "llama/safetensors_header.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <utility>

namespace ifstop::llama {
namespace {

using Json = nlohmann::json;

static_assert(std::endian::native == std::endian::little, "safetensors holds little-endian numbers");

constexpr std::uint64_t longest_header = 100'000'000;  // bytes; the format's own limit

constexpr std::array<std::pair<std::string_view, std::uint64_t>, 15> item_bytes{{{"F64", 8},
                                                                                 {"F32", 4},
                                                                                 {"F16", 2},
                                                                                 {"BF16", 2},
                                                                                 {"I64", 8},
                                                                                 {"I32", 4},
                                                                                 {"I16", 2},
                                                                                 {"I8", 1},
                                                                                 {"U64", 8},
                                                                                 {"U32", 4},
                                                                                 {"U16", 2},
                                                                                 {"U8", 1},
                                                                                 {"BOOL", 1},
                                                                                 {"F8_E4M3", 1},
                                                                                 {"F8_E5M2", 1}}};

[[noreturn]] void fail(const std::string& where, const std::string& problem) {
  throw std::runtime_error(where + ": " + problem);
}

// JSON objects may repeat a key, and parsers then keep one of them in silence; the format forbids it.
Json parse_json(std::string_view text, const std::string& where) {
  std::set<std::string> names;
  std::string twice;
  const auto watch = [&](int depth, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::key && depth == 1 && !names.insert(parsed.get<std::string>()).second)
      twice = parsed.get<std::string>();
    return true;
  };
  Json json;
  try {
    json = Json::parse(text, watch);
  } catch (const Json::exception& error) {
    fail(where, fmt::format("the header is not JSON: {}", error.what()));
  }
  if (!twice.empty()) fail(where, fmt::format("tensor \"{}\" appears twice in the header", twice));
  if (!json.is_object()) fail(where, "the header is not a JSON object");
  return json;
}

std::uint64_t unsigned_of(const Json& value, const std::string& where, const char* what) {
  if (!value.is_number_unsigned())
    fail(where, fmt::format("{} is {}, not a whole number", what, value.dump()));
  return value.get<std::uint64_t>();
}

// Bytes of a tensor of this shape, or nothing where they overflow.
std::uint64_t bytes_of(const TensorEntry& entry, const std::string& where) {
  const auto it = std::find_if(item_bytes.begin(), item_bytes.end(),
                               [&](auto& item) { return item.first == entry.dtype; });
  if (it == item_bytes.end()) fail(where, fmt::format("type \"{}\" is not known", entry.dtype));
  std::uint64_t bytes = it->second;
  for (auto size : entry.shape)
    if (__builtin_mul_overflow(bytes, static_cast<std::uint64_t>(size), &bytes))
      fail(where, "the shape is too large");
  return bytes;
}

TensorEntry read_entry(const std::string& name, const Json& json, const std::string& file) {
  const auto where = fmt::format("{}: tensor \"{}\"", file, name);
  if (!json.is_object() || !json.contains("dtype") || !json.contains("shape") ||
      !json.contains("data_offsets"))
    fail(where, "lacks dtype, shape or data_offsets");
  const auto &dtype = json["dtype"], &shape = json["shape"], &offsets = json["data_offsets"];
  if (!dtype.is_string()) fail(where, fmt::format("dtype is {}, not a text", dtype.dump()));
  if (!shape.is_array()) fail(where, fmt::format("shape is {}, not a list", shape.dump()));
  if (!offsets.is_array() || offsets.size() != 2)
    fail(where, fmt::format("data_offsets is {}, not two numbers", offsets.dump()));
  TensorEntry entry{name,
                    dtype.get<std::string>(),
                    {},
                    unsigned_of(offsets[0], where, "a data offset"),
                    unsigned_of(offsets[1], where, "a data offset")};
  for (const auto& size : shape) {
    const auto value = unsigned_of(size, where, "a size in shape");
    if (value > std::numeric_limits<std::int64_t>::max()) fail(where, "the shape is too large");
    entry.shape.push_back(static_cast<std::int64_t>(value));
  }
  const auto bytes = bytes_of(entry, where);
  if (entry.end < entry.begin || entry.end - entry.begin != bytes)
    fail(where, fmt::format("data_offsets [{}, {}] do not hold the {} bytes of shape {} of type {}",
                            entry.begin, entry.end, bytes, shape.dump(), entry.dtype));
  return entry;
}

void check_layout(const std::vector<TensorEntry>& tensors, std::uint64_t data_bytes,
                  const std::string& where) {
  std::uint64_t place = 0;
  const TensorEntry* before = nullptr;
  for (const auto& entry : tensors) {
    if (entry.begin < place)
      fail(where, fmt::format("tensors \"{}\" and \"{}\" overlap", before->name, entry.name));
    if (entry.begin > place)
      fail(where,
           fmt::format("{} bytes before tensor \"{}\" belong to no tensor", entry.begin - place, entry.name));
    if (entry.end > data_bytes)
      fail(where, fmt::format(
                      "is cut off: tensor \"{}\" ends at byte {} of the data, but there are only {}; copy or "
                      "download the file again",
                      entry.name, entry.end, data_bytes));
    place = entry.end;
    before = &entry;
  }
  if (place != data_bytes)
    fail(where, fmt::format("{} bytes after the last tensor belong to no tensor", data_bytes - place));
}

}  // namespace

SafetensorsHeader parse_safetensors_header(std::string_view file, const std::string& where) {
  std::uint64_t length = 0;
  if (file.size() < sizeof length)
    fail(where, fmt::format("is cut off: {} bytes are too few for a safetensors file", file.size()));
  std::memcpy(&length, file.data(), sizeof length);
  if (length > longest_header)
    fail(where, fmt::format("is no safetensors file: its header would be {} bytes long (at most {})", length,
                            longest_header));
  if (length > file.size() - sizeof length)
    fail(where, fmt::format("is cut off: the header needs {} bytes, but only {} follow", length,
                            file.size() - sizeof length));
  SafetensorsHeader header;
  header.data_offset = sizeof length + length;
  const auto json = parse_json(file.substr(sizeof length, length), where);
  for (const auto& [name, value] : json.items()) {
    if (name != "__metadata__") {
      header.tensors.push_back(read_entry(name, value, where));
      continue;
    }
    if (!value.is_object()) fail(where, "__metadata__ is not an object");
    for (const auto& [key, text] : value.items()) {
      if (!text.is_string()) fail(where, fmt::format("__metadata__ \"{}\" is not a text", key));
      header.metadata[key] = text.get<std::string>();
    }
  }
  std::sort(header.tensors.begin(), header.tensors.end(), [](const auto& a, const auto& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  check_layout(header.tensors, file.size() - header.data_offset, where);
  return header;
}

std::string safetensors_header(const std::vector<TensorEntry>& tensors,
                               const std::map<std::string, std::string>& metadata) {
  auto json = Json::object();
  if (!metadata.empty()) json["__metadata__"] = metadata;
  for (const auto& entry : tensors)
    json[entry.name] = {
        {"dtype", entry.dtype}, {"shape", entry.shape}, {"data_offsets", {entry.begin, entry.end}}};
  auto text = json.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  const std::uint64_t length = text.size();
  std::string out(sizeof length, '\0');
  std::memcpy(out.data(), &length, sizeof length);
  return out + text;
}

}  // namespace ifstop::llama
