// What sft_llama can be told, by the keys of its configuration file and command line.
#pragma once
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <stdexcept>
#include <string>

namespace sft_llama {

/// Usage or bad input: exit code 2.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Keys and defaults are Hugging Face's where it has them. What each means: each_option() in options.cpp,
/// printed by --help.
struct Options {
  std::string model_name_or_path, train_file, output_dir;
  bool overwrite_output_dir = false;

  std::string template_name = "alpaca";
  std::int64_t max_seq_length = 0;
  bool skip_bad = false;
  bool packing = false;
  std::int64_t per_device_train_batch_size = 8;
  std::int64_t gradient_accumulation_steps = 1;
  double num_train_epochs = 3;
  std::int64_t max_steps = 0;

  double learning_rate = 5e-5;
  std::string lr_scheduler_type = "linear";
  std::int64_t warmup_steps = 0;
  double warmup_ratio = 0;
  double weight_decay = 0, adam_beta1 = 0.9, adam_beta2 = 0.999, adam_epsilon = 1e-8;
  double max_grad_norm = 1.0;

  std::string eval_strategy = "steps";
  std::string eval_steps = "256ex";
  bool eval_on_start = true;
  std::string prompts_file;
  std::int64_t eval_prompts = 0;
  std::int64_t eval_max_new_tokens = 128;
  double eval_temperature = 0;
  std::int64_t eval_batch_size = 64;
  double max_overhead = 0.03;

  std::string early_stopping = "on";
  std::string early_stopping_rule = "default";
  std::optional<std::int64_t> early_stopping_patience;
  std::optional<double> early_stopping_threshold;
  std::string metric_for_best_model = "ifs,ifs_strict";

  std::string save_strategy = "steps";
  std::int64_t save_steps = 500;
  std::int64_t save_total_limit = 0;
  std::string resume_from_checkpoint;
  bool resume_with_new_options = false;

  std::string device = "auto";
  std::string dtype = "float32";
  bool bf16 = false;
  std::int64_t num_threads = 0;
  std::int64_t seed = 42;

  std::map<std::string, std::string> origins;  ///< of keys that a file set: "FILE:LINE"; not a key itself

  bool evaluates() const { return eval_strategy != "no"; }
};

/// Reads --config FILE (TOML) and then the command line, which wins. Keys may be written with '-' or '_'.
/// Throws UsageError naming key and value; HelpShown where --help has printed.
Options parse_options(int argc, char** argv);

struct HelpShown {};

/// An error's text, behind the "FILE:LINE: " of the key that it is about where a file set that key.
std::string located(const std::string& text, const std::map<std::string, std::string>& origins);

/// Every key with its value, for config.json.
nlohmann::ordered_json to_json(const Options& options);

}  // namespace sft_llama
