#include "llama/safetensors.hpp"
#include "support/atomic_file.hpp"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <array>

namespace ifstop::llama {
namespace {

constexpr std::array<std::pair<const char*, c10::ScalarType>, 10> types{{{"F64", c10::kDouble},
                                                                         {"F32", c10::kFloat},
                                                                         {"F16", c10::kHalf},
                                                                         {"BF16", c10::kBFloat16},
                                                                         {"I64", c10::kLong},
                                                                         {"I32", c10::kInt},
                                                                         {"I16", c10::kShort},
                                                                         {"I8", c10::kChar},
                                                                         {"U8", c10::kByte},
                                                                         {"BOOL", c10::kBool}}};

const char* name_of(c10::ScalarType type, const std::string& tensor) {
  for (const auto& [name, known] : types)
    if (known == type) return name;
  throw std::invalid_argument(
      fmt::format("tensor \"{}\" is of type {}, which safetensors lacks", tensor, c10::toString(type)));
}

}  // namespace

SafetensorsFile::SafetensorsFile(const std::filesystem::path& path)
    : where_(path.string()), file_(path), header_(parse_safetensors_header(file_.bytes(), where_)) {}

const TensorEntry* SafetensorsFile::find(const std::string& name) const {
  const auto& all = header_.tensors;
  const auto it = std::find_if(all.begin(), all.end(), [&](const auto& entry) { return entry.name == name; });
  return it == all.end() ? nullptr : &*it;
}

at::Tensor SafetensorsFile::tensor(const TensorEntry& entry) const {
  const auto it =
      std::find_if(types.begin(), types.end(), [&](auto& type) { return type.first == entry.dtype; });
  if (it == types.end())
    throw std::runtime_error(fmt::format("{}: tensor \"{}\" is of type {}, which is not supported", where_,
                                         entry.name, entry.dtype));
  // LibTorch takes no const memory; nobody writes through this view.
  auto* data = const_cast<char*>(file_.bytes().data()) + header_.data_offset + entry.begin;
  const auto options = at::TensorOptions().dtype(it->second);
  if (reinterpret_cast<std::uintptr_t>(data) % c10::elementSize(it->second) == 0)
    return at::from_blob(data, entry.shape, options);
  auto aligned = at::empty(entry.shape, options);
  std::copy_n(data, entry.end - entry.begin, static_cast<char*>(aligned.mutable_data_ptr()));
  return aligned;
}

void write_safetensors(const std::filesystem::path& path, const NamedTensors& tensors,
                       const std::map<std::string, std::string>& metadata) {
  std::vector<TensorEntry> entries;
  std::uint64_t place = 0;
  for (const auto& [name, tensor] : tensors) {
    const auto bytes = static_cast<std::uint64_t>(tensor.nbytes());
    entries.push_back(
        {name, name_of(tensor.scalar_type(), name), tensor.sizes().vec(), place, place + bytes});
    place += bytes;
  }
  support::AtomicFile file(path);
  file.write(safetensors_header(entries, metadata));
  for (const auto& [name, tensor] : tensors) {
    const auto plain = tensor.detach().to(at::kCPU).contiguous();
    file.write(plain.const_data_ptr(), plain.nbytes());
  }
  file.commit();
}

}  // namespace ifstop::llama
