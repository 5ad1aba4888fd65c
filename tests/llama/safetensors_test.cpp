#include "llama/safetensors.hpp"

#include <cstring>

#include "support/catch.hpp"
#include "support/temp_folder.hpp"

using namespace ifstop::llama;
using ifstop_test::error_of;
using ifstop_test::read_file;
using ifstop_test::write_file;

namespace {

// A file of this header and so many bytes of data.
std::string file_of(const std::string& header, std::size_t data_bytes) {
  const std::uint64_t length = header.size();
  std::string out(sizeof length, '\0');
  std::memcpy(out.data(), &length, sizeof length);
  return out + header + std::string(data_bytes, '\1');
}

std::string error_with(const std::string& header, std::size_t data_bytes) {
  return error_of([&] { parse_safetensors_header(file_of(header, data_bytes), "f"); });
}

}  // namespace

CATCH_TEST_CASE("tensors survive writing and reading, bit by bit", "[llama][safetensors]") {
  ifstop_test::TempFolder folder;
  const NamedTensors tensors{{"a", at::randn({3, 5})},
                             {"b", at::randn({7}).to(at::kBFloat16)},
                             {"c", at::randn({2, 2}).to(at::kHalf).t()},
                             {"d", at::arange(4)},
                             {"empty", at::empty({0, 3})},
                             {"scalar", at::tensor(2.5, at::kDouble)},
                             {"flags", at::tensor({1, 0, 1}).to(at::kBool)}};
  write_safetensors(folder / "x.safetensors", tensors, {{"format", "pt"}, {"note", "ä"}});
  const SafetensorsFile file(folder / "x.safetensors");
  CATCH_CHECK(file.entries().size() == tensors.size());
  CATCH_CHECK(file.metadata().at("note") == "ä");
  for (const auto& [name, tensor] : tensors) {
    const auto* entry = file.find(name);
    CATCH_REQUIRE(entry != nullptr);
    CATCH_CHECK(file.tensor(*entry).scalar_type() == tensor.scalar_type());
    CATCH_CHECK(at::equal(file.tensor(*entry), tensor));
  }
  CATCH_CHECK(file.find("nothing") == nullptr);
  CATCH_CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) ==
              1);  // no temporary file
}

CATCH_TEST_CASE("data that is not aligned is read all the same", "[llama][safetensors]") {
  ifstop_test::TempFolder folder;
  const std::string header = R"({"ab":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  CATCH_REQUIRE((8 + header.size()) % 4 != 0);
  auto bytes = file_of(header, 0);
  const float numbers[] = {1.5F, -2.0F};
  bytes.append(reinterpret_cast<const char*>(numbers), sizeof numbers);
  write_file(folder / "x", bytes);
  const SafetensorsFile file(folder / "x");
  CATCH_CHECK(at::equal(file.tensor(file.entries()[0]), at::tensor({1.5F, -2.0F})));
}

CATCH_TEST_CASE("a type the format lacks is refused", "[llama][safetensors]") {
  ifstop_test::TempFolder folder;
  CATCH_CHECK(error_of([&] {
                write_safetensors(folder / "x", {{"z", at::zeros({1}, at::kComplexFloat)}});
              }) == "tensor \"z\" is of type ComplexFloat, which safetensors lacks");
  write_file(folder / "y", file_of(R"({"a":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]}})", 2));
  const SafetensorsFile file(folder / "y");
  CATCH_CHECK(error_of([&] { file.tensor(file.entries()[0]); }) ==
              (folder / "y").string() + ": tensor \"a\" is of type F8_E4M3, which is not supported");
}

CATCH_TEST_CASE("files that cannot be right are refused, naming what is wrong", "[llama][safetensors]") {
  const std::string good = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  CATCH_CHECK(error_with(good, 8).empty());
  CATCH_CHECK(error_of([] { parse_safetensors_header("1234567", "f"); }) ==
              "f: is cut off: 7 bytes are too few for a safetensors file");
  CATCH_CHECK(error_of([&] { parse_safetensors_header(file_of(good, 8).substr(0, 20), "f"); }) ==
              "f: is cut off: the header needs 54 bytes, but only 12 follow");
  CATCH_CHECK(
      error_of([] { parse_safetensors_header(std::string(16, '\xff'), "f"); }) ==
      "f: is no safetensors file: its header would be 18446744073709551615 bytes long (at most 100000000)");
  CATCH_CHECK(
      error_with(good, 7) ==
      "f: is cut off: tensor \"a\" ends at byte 8 of the data, but there are only 7; copy or download the "
      "file again");
  CATCH_CHECK(error_with(good, 9) == "f: 1 bytes after the last tensor belong to no tensor");
  CATCH_CHECK(error_with("[]", 0) == "f: the header is not a JSON object");
  CATCH_CHECK(error_with("{", 0).starts_with("f: the header is not JSON: "));
  CATCH_CHECK(error_with(R"({"a":{"dtype":"F32","shape":[2]}})", 8) ==
              "f: tensor \"a\": lacks dtype, shape or data_offsets");
  CATCH_CHECK(error_with(R"({"a":{"dtype":"Q4","shape":[2],"data_offsets":[0,8]}})", 8) ==
              "f: tensor \"a\": type \"Q4\" is not known");
  CATCH_CHECK(error_with(R"({"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})", 8) ==
              "f: tensor \"a\": a size in shape is -2, not a whole number");
  CATCH_CHECK(error_with(R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})", 8) ==
              "f: tensor \"a\": data_offsets [0, 8] do not hold the 12 bytes of shape [3] of type F32");
  CATCH_CHECK(error_with(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})", 8) ==
              "f: tensor \"a\": data_offsets [8, 0] do not hold the 8 bytes of shape [2] of type F32");
  // 2^62 numbers of 4 bytes are 2^64 bytes: 0 after an overflow that goes unnoticed.
  CATCH_CHECK(error_with(R"({"a":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,0]}})", 0) ==
              "f: tensor \"a\": the shape is too large");
}

CATCH_TEST_CASE("tensors that overlap, leave holes or come twice are refused", "[llama][safetensors]") {
  const auto two = [](const char* first, const char* second, const char* offsets) {
    return std::string(R"({")") + first + R"(":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},")" + second +
           R"(":{"dtype":"F32","shape":[2],"data_offsets":)" + offsets + "}}";
  };
  CATCH_CHECK(error_with(two("a", "b", "[8,16]"), 16).empty());
  CATCH_CHECK(error_with(two("a", "b", "[4,12]"), 12) == "f: tensors \"a\" and \"b\" overlap");
  CATCH_CHECK(error_with(two("a", "b", "[12,20]"), 20) ==
              "f: 4 bytes before tensor \"b\" belong to no tensor");
  CATCH_CHECK(error_with(two("a", "a", "[8,16]"), 16) == "f: tensor \"a\" appears twice in the header");
  CATCH_CHECK(error_with(R"({"__metadata__":{"format":3}})", 0) ==
              "f: __metadata__ \"format\" is not a text");
}

CATCH_TEST_CASE("a file that is not there or is a folder is named", "[llama][safetensors]") {
  ifstop_test::TempFolder folder;
  CATCH_CHECK(error_of([&] { SafetensorsFile(folder / "none"); }) ==
              (folder / "none").string() + ": cannot be opened: No such file or directory");
  CATCH_CHECK(error_of([&] { SafetensorsFile{folder.path()}; }) ==
              folder.path().string() + ": is not a file");
  write_file(folder / "empty", "");
  CATCH_CHECK(error_of([&] { SafetensorsFile(folder / "empty"); }) ==
              (folder / "empty").string() + ": is cut off: 0 bytes are too few for a safetensors file");
}
