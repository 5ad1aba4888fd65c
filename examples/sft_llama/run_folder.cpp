#include "run_folder.hpp"

#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <string_view>

#include "ifstop/report/samples.hpp"
#include "ifstop/sft/checkpoint.hpp"

namespace sft_llama {
namespace {

namespace fs = std::filesystem;

constexpr const char* files_of_a_run[] = {"config.json",      "events.jsonl",       "samples",
                                          "stop_report.json", "trainer_state.json", "checkpoints",
                                          "report.html",      "tensorboard",        "set_aside"};

/// The first thing in a folder that a run writes too; "" where there is none.
std::string found_in(const fs::path& folder) {
  for (const char* name : files_of_a_run)
    if (fs::exists(folder / name)) return name;
  return "";
}

/// Whether events.jsonl is a log of sft_llama's, if only one that was just opened.
bool has_own_log(const fs::path& folder) {
  std::ifstream file(folder / "events.jsonl", std::ios::binary);
  std::string line;
  if (!file) return false;
  return !std::getline(file, line) || line.rfind(R"({"kind":"start")", 0) == 0;
}

/// Something in checkpoints/ that is no checkpoint of sft_llama, nor left over from writing one.
std::optional<fs::path> foreign_checkpoint(const fs::path& folder) {
  if (!fs::is_directory(folder / "checkpoints")) return std::nullopt;
  for (const auto& entry : fs::directory_iterator(folder / "checkpoints"))
    if (entry.path().filename().string().rfind(".step-", 0) != 0 &&
        !fs::exists(entry.path() / "training_state.json"))
      return entry.path();
  return std::nullopt;
}

/// Throws where a run that begins anew would delete or overwrite what is none of ours.
void check_may_clear(const fs::path& folder) {
  const std::string found = found_in(folder);
  if (found.empty()) return;
  const auto refuse = [&](const std::string& what) {
    throw UsageError(fmt::format(
        "output_dir = {}: {}, which no run of sft_llama wrote: nothing there is deleted or overwritten. "
        "Choose another folder",
        folder.string(), what));
  };
  if (!has_own_log(folder)) refuse(fmt::format("it holds {}", found));
  if (const auto foreign = foreign_checkpoint(folder)) refuse(fmt::format("it holds {}", foreign->string()));
}

/// Throws where one of the run's own inputs lies in what would be deleted.
void check_keeps_inputs(const Options& options) {
  const fs::path folder = fs::weakly_canonical(options.output_dir);
  const auto check = [&](const char* key, const std::string& input) {
    const fs::path inside =
        input.empty() ? fs::path() : fs::weakly_canonical(input).lexically_relative(folder);
    for (const char* name : files_of_a_run)
      if (!inside.empty() && *inside.begin() == name)
        throw UsageError(
            fmt::format("{} = {}: it lies in output_dir, where it would be deleted to begin anew. Choose "
                        "another output_dir, or move it away",
                        key, input));
  };
  check("model_name_or_path", options.model_name_or_path);
  check("train_file", options.train_file);
  check("prompts_file", options.prompts_file);
}

/// Only what a run writes: a folder given by mistake keeps everything else.
void clear(const fs::path& folder) {
  for (const char* name : files_of_a_run) fs::remove_all(folder / name);
}

/// A checkpoint of the run that output_dir holds, whose log then goes on.
Beginning from_own(const fs::path& checkpoint, const fs::path& folder) {
  const fs::path log = folder / "events.jsonl";
  if (fs::exists(log) && !has_own_log(folder))
    throw UsageError(
        fmt::format("{}: no log of sft_llama's, although checkpoints/ beside it is. Choose "
                    "another output_dir, or move the file away",
                    log.string()));
  return {checkpoint, true};
}

Beginning from_newest(const fs::path& folder) {
  const auto steps = ifstop::sft::saved_steps(folder / "checkpoints");
  if (!steps.empty())
    return from_own(ifstop::sft::checkpoint_path(folder / "checkpoints", steps.back()), folder);
  check_may_clear(folder);
  return {};
}

Beginning from_path(const Options& options) {
  const fs::path wanted = options.resume_from_checkpoint, folder = options.output_dir;
  if (!fs::exists(wanted / "training_state.json"))
    throw UsageError(
        fmt::format("resume_from_checkpoint = {}: no training_state.json there; give a folder such as "
                    "{}/checkpoints/step-100, or true for the newest",
                    wanted.string(), folder.string()));
  const fs::path parent = fs::canonical(wanted).parent_path();
  if (parent == fs::weakly_canonical(folder / "checkpoints")) return from_own(wanted, folder);
  const std::string found = found_in(folder);
  const bool set_aside = parent.string().rfind(fs::weakly_canonical(folder / "set_aside").string(), 0) == 0;
  if (set_aside || (!found.empty() && !options.overwrite_output_dir))
    throw UsageError(
        fmt::format("resume_from_checkpoint = {}: it is none of {}/checkpoints/, and output_dir holds {} of "
                    "another run: the two would mix. Give a checkpoint of that run, or another output_dir",
                    wanted.string(), folder.string(), found));
  check_may_clear(folder);
  check_keeps_inputs(options);
  return {wanted, false};
}

/// N of "step-N" and "step-N.jsonl"; -1 of other names.
std::int64_t step_in(const fs::path& path) {
  const std::string name = path.stem().string();
  std::int64_t step = -1;
  if (name.rfind("step-", 0) == 0) std::from_chars(name.data() + 5, name.data() + name.size(), step);
  return step;
}

std::vector<fs::path> after(std::int64_t step, const fs::path& folder) {
  std::vector<fs::path> later;
  if (!fs::is_directory(folder)) return later;
  for (const auto& entry : fs::directory_iterator(folder))
    if (step_in(entry.path()) > step) later.push_back(entry.path());
  return later;
}

/// RUN/set_aside/1, or the first number that is free.
fs::path free_place(const fs::path& folder) {
  for (int number = 1;; ++number) {
    const fs::path place = folder / "set_aside" / std::to_string(number);
    if (!fs::exists(place)) return place;
  }
}

void move_into(const fs::path& place, const std::vector<fs::path>& paths) {
  if (paths.empty()) return;
  fs::create_directories(place);
  for (const fs::path& path : paths) fs::rename(path, place / path.filename());
}

/// Undoes what came after `step`, so that nothing of it is taken for the run that goes on.
std::vector<std::string> undo_after(std::int64_t step, const fs::path& folder) {
  const auto checkpoints = after(step, folder / "checkpoints"), samples = after(step, folder / "samples");
  for (const char* report : {"stop_report.json", "report.html"}) fs::remove(folder / report);
  if (checkpoints.empty() && samples.empty()) return {};
  if (checkpoints.empty()) {
    for (const fs::path& file : samples) fs::remove(file);
    return {fmt::format("{} evaluations after step {} are made again", samples.size(), step)};
  }
  const fs::path place = free_place(folder);
  fs::create_directories(place);
  if (fs::exists(folder / "events.jsonl")) fs::copy_file(folder / "events.jsonl", place / "events.jsonl");
  move_into(place / "samples", samples);
  move_into(place / "checkpoints", checkpoints);
  return {fmt::format(
      "{} checkpoints and {} samples after step {} were moved to {}, with a copy of events.jsonl; "
      "delete it when you need them no more",
      checkpoints.size(), samples.size(), step, place.string())};
}

}  // namespace

Beginning find_beginning(const Options& options) {
  const std::string& wanted = options.resume_from_checkpoint;
  if (wanted == "true") return from_newest(options.output_dir);
  if (!wanted.empty() && wanted != "false") return from_path(options);
  if (has_own_log(options.output_dir) && !options.overwrite_output_dir)
    throw UsageError(fmt::format(
        "output_dir = {}: it holds a run. Go on with it (resume_from_checkpoint = true), delete it "
        "(overwrite_output_dir = true), or choose another folder",
        options.output_dir));
  check_may_clear(options.output_dir);
  check_keeps_inputs(options);
  return {};
}

std::vector<std::string> open_run_folder(const Options& options, const Beginning& beginning,
                                         std::int64_t step) {
  if (beginning.own) return undo_after(step, options.output_dir);
  clear(options.output_dir);
  fs::create_directories(options.output_dir);
  return {};
}

}  // namespace sft_llama
