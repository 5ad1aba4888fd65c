#include "ifstop/sft/checkpoint.hpp"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "ifstop/llama/companion_files.hpp"
#include "ifstop/llama/model.hpp"
#include "ifstop/sft/optimizer.hpp"
#include "llama/safetensors.hpp"

namespace ifstop::sft {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* state_file = "training_state.json";
constexpr const char* optimizer_file = "optimizer.safetensors";
constexpr const char* random_file = "random_state.safetensors";

/// The generators that LibTorch draws from, as names in the file.
std::vector<std::pair<std::string, at::Generator>> generators() {
  std::vector<std::pair<std::string, at::Generator>> all{
      {"cpu", at::globalContext().defaultGenerator(at::kCPU)}};
  const auto devices = static_cast<c10::DeviceIndex>(torch::cuda::device_count());
  for (c10::DeviceIndex i = 0; i < devices; ++i)
    all.emplace_back(fmt::format("cuda.{}", static_cast<int>(i)),
                     at::globalContext().defaultGenerator(at::Device(at::kCUDA, i)));
  return all;
}

void save_random_state(const fs::path& file) {
  llama::NamedTensors all;
  for (const auto& [name, generator] : generators()) all.emplace_back(name, generator.get_state());
  llama::write_safetensors(file, all);
}

void load_random_state(const fs::path& path) {
  const llama::SafetensorsFile file(path);
  for (auto& [name, generator] : generators())
    if (const auto* entry = file.find(name)) generator.set_state(file.tensor(*entry).clone());
}

Json to_json(const TrainingState& state) {
  return {{"schema_version", 1},       {"step", state.step},       {"examples", state.examples},
          {"tokens", state.tokens},    {"seconds", state.seconds}, {"epoch", state.data.epoch},
          {"batch", state.data.batch}, {"planned", state.planned}, {"data_options", state.data_options},
          {"stopper", state.stopper}};
}

void write_text(const fs::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.flush();
  if (!out) throw std::runtime_error(fmt::format("{}: cannot be written; is the disk full?", file.string()));
}

/// N of "step-N", or nothing.
std::optional<std::int64_t> step_of(const std::string& name) {
  std::int64_t step = 0;
  if (name.rfind("step-", 0) != 0) return std::nullopt;
  const auto [end, error] = std::from_chars(name.data() + 5, name.data() + name.size(), step);
  return error == std::errc{} && end == name.data() + name.size() ? std::optional(step) : std::nullopt;
}

}  // namespace

void save_checkpoint(const fs::path& folder, const Llama& model, const AdamW& optimizer,
                     const TrainingState& state, const CompanionFiles& companions,
                     const std::function<void(const fs::path&)>& fill) {
  write_folder(folder, [&](const fs::path& temporary) {
    model.save(temporary);
    write_companion_files(companions, temporary);
    optimizer.save(temporary / optimizer_file);
    save_random_state(temporary / random_file);
    write_text(temporary / state_file, to_json(state).dump(1) + "\n");
    if (fill) fill(temporary);
  });
}

TrainingState read_training_state(const fs::path& folder) {
  const fs::path file = folder / state_file;
  std::ifstream in(file);
  if (!in)
    throw std::runtime_error(
        fmt::format("{}: cannot be read; is this a checkpoint of sft_llama?", file.string()));
  try {
    const Json json = Json::parse(in);
    if (json.at("schema_version") != 1)
      throw std::runtime_error(fmt::format("{}: schema_version is {}, this program reads 1", file.string(),
                                           json.at("schema_version").dump()));
    TrainingState state;
    state.step = json.at("step").get<std::int64_t>();
    state.examples = json.at("examples").get<std::int64_t>();
    state.tokens = json.at("tokens").get<std::int64_t>();
    state.seconds = json.at("seconds").get<double>();
    state.data = {json.at("epoch").get<std::int64_t>(), json.at("batch").get<std::int64_t>()};
    state.planned = json.at("planned").get<bool>();
    state.data_options = json.at("data_options").get<std::string>();
    state.stopper = json.at("stopper").get<std::string>();
    return state;
  } catch (const Json::exception& error) {
    throw std::runtime_error(fmt::format("{}: {}", file.string(), error.what()));
  }
}

void load_optimizer(const fs::path& folder, AdamW& optimizer) {
  optimizer.load(folder / optimizer_file);
  load_random_state(folder / random_file);
}

fs::path checkpoint_path(const fs::path& checkpoints, std::int64_t step) {
  return checkpoints / fmt::format("step-{}", step);
}

std::vector<std::int64_t> saved_steps(const fs::path& checkpoints) {
  std::vector<std::int64_t> steps;
  if (!fs::is_directory(checkpoints)) return steps;
  for (const auto& entry : fs::directory_iterator(checkpoints))
    if (const auto step = step_of(entry.path().filename().string());
        step && fs::exists(entry.path() / state_file))
      steps.push_back(*step);
  std::sort(steps.begin(), steps.end());
  return steps;
}

void prune_checkpoints(const fs::path& checkpoints, std::int64_t limit,
                       const std::vector<std::int64_t>& kept) {
  if (!fs::is_directory(checkpoints)) return;
  std::vector<fs::path> leftovers;
  for (const auto& entry : fs::directory_iterator(checkpoints))
    if (entry.path().filename().string().rfind(".step-", 0) == 0) leftovers.push_back(entry.path());
  for (const fs::path& path : leftovers) fs::remove_all(path);
  if (limit <= 0) return;
  const auto steps = saved_steps(checkpoints);
  auto left = static_cast<std::int64_t>(steps.size());
  for (std::size_t i = 0; i + 1 < steps.size() && left > limit; ++i) {
    if (std::find(kept.begin(), kept.end(), steps[i]) != kept.end()) continue;
    fs::remove_all(checkpoint_path(checkpoints, steps[i]));
    --left;
  }
}

}  // namespace ifstop::sft
