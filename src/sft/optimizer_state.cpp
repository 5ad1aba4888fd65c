// AdamW::save and AdamW::load.
#include <fmt/format.h>
#include <torch/torch.h>

#include <stdexcept>

#include "llama/safetensors.hpp"
#include "sft/optimizer_groups.hpp"

namespace ifstop::sft {
namespace {

bool has_master(const Group& group, std::size_t i) {
  return group.masters[i].scalar_type() != group.parameters[i].scalar_type();
}

/// Everything of a group under the names in the file.
llama::NamedTensors named(const Group& group) {
  llama::NamedTensors all;
  for (std::size_t i = 0; i < group.names.size(); ++i) {
    all.emplace_back(group.names[i] + ".exp_avg", group.moments[i]);
    all.emplace_back(group.names[i] + ".exp_avg_sq", group.squares[i]);
    all.emplace_back(group.names[i] + ".step", group.steps[i]);
    if (has_master(group, i)) all.emplace_back(group.names[i] + ".master", group.masters[i]);
  }
  return all;
}

at::Tensor checked(const llama::SafetensorsFile& file, const std::string& name, const at::Tensor& wanted) {
  const auto* entry = file.find(name);
  if (!entry)
    throw std::runtime_error(
        fmt::format("{}: no tensor \"{}\": the state is of another model or precision", file.where(), name));
  const at::Tensor stored = file.tensor(*entry);
  if (stored.sizes() != wanted.sizes() || stored.scalar_type() != wanted.scalar_type())
    throw std::runtime_error(fmt::format("{}: tensor \"{}\" is {} of shape [{}], the model's is {} of [{}]",
                                         file.where(), name, c10::toString(stored.scalar_type()),
                                         fmt::join(stored.sizes(), ", "), c10::toString(wanted.scalar_type()),
                                         fmt::join(wanted.sizes(), ", ")));
  return stored;
}

}  // namespace

void AdamW::save(const std::filesystem::path& file) const {
  llama::NamedTensors all;
  for (const Group& group : groups_->groups)
    for (auto& item : named(group)) all.push_back(std::move(item));
  llama::write_safetensors(file, all);
}

void AdamW::load(const std::filesystem::path& path) {
  const torch::NoGradGuard no_grad;
  const llama::SafetensorsFile file(path);
  llama::NamedTensors all;
  for (const Group& group : groups_->groups)
    for (auto& item : named(group)) all.push_back(std::move(item));
  for (const auto& [name, wanted] : all) checked(file, name, wanted);  // all, before any is changed
  for (auto& [name, tensor] : all) tensor.copy_(checked(file, name, tensor));
}

}  // namespace ifstop::sft
