#include "options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>

#include "config_file.hpp"

namespace sft_llama {
namespace {

using Json = nlohmann::ordered_json;

/// Calls visit(key, value, help) for every option: the one table behind command line, file and config.json.
template <class Opts, class Visit>
void each_option(Opts& o, Visit visit) {
  visit("model_name_or_path", o.model_name_or_path, "Hugging Face folder of the base model (needed)");
  visit("train_file", o.train_file,
        "Alpaca, ShareGPT, OpenAI messages or prompt/response rows, JSON or JSON Lines (needed)");
  visit("output_dir", o.output_dir, "the run folder (needed)");
  visit("overwrite_output_dir", o.overwrite_output_dir, "delete a run that output_dir holds");
  visit("template", o.template_name,
        "bare, paper, suffix, alpaca, llama2-chat, chatml, or a text with {instruction}");
  visit("max_seq_length", o.max_seq_length,
        "tokens of an example, the rest is cut off; 0 = the model's limit (not with packing)");
  visit("skip_bad", o.skip_bad, "leave bad rows of train_file out and count them, instead of stopping");
  visit("packing", o.packing, "fill batches up to per_device_train_batch_size x max_seq_length tokens");
  visit("per_device_train_batch_size", o.per_device_train_batch_size, "examples in a batch");
  visit("gradient_accumulation_steps", o.gradient_accumulation_steps, "batches in an optimiser step");
  visit("num_train_epochs", o.num_train_epochs, "passes over the data; a fraction is allowed");
  visit("max_steps", o.max_steps, "optimiser steps; 0 = num_train_epochs decides");
  visit("learning_rate", o.learning_rate, "the peak, after the warm-up");
  visit("lr_scheduler_type", o.lr_scheduler_type, "constant, constant_with_warmup, linear or cosine");
  visit("warmup_steps", o.warmup_steps, "optimiser steps; 0 = warmup_ratio decides");
  visit("warmup_ratio", o.warmup_ratio, "share of the planned steps");
  visit("weight_decay", o.weight_decay, "of matrices, never of norms");
  visit("adam_beta1", o.adam_beta1, "AdamW's first decay");
  visit("adam_beta2", o.adam_beta2, "AdamW's second decay");
  visit("adam_epsilon", o.adam_epsilon, "AdamW's epsilon");
  visit("max_grad_norm", o.max_grad_norm, "gradients are clipped to this global norm; 0 = off");
  visit("eval_strategy", o.eval_strategy, "steps, or no: never evaluate, never stop");
  visit("eval_steps", o.eval_steps,
        "interval: 50 (steps), 256ex (examples), 10000tok, 30s, 1ep, 0.1 (of the run)");
  visit("eval_on_start", o.eval_on_start, "evaluate before the first step");
  visit(
      "prompts_file", o.prompts_file,
      "evaluation prompts, JSON Lines of id, prompt, kind (full, partial, preference), parent (of a partial "
      "prompt: the id of the full one), accepted; \"\" = the built-in set");
  visit("eval_prompts", o.eval_prompts, "how many of them, a balanced sample; 0 = all");
  visit("eval_max_new_tokens", o.eval_max_new_tokens, "token limit of a completion");
  visit("eval_temperature", o.eval_temperature, "0 = greedy");
  visit("eval_batch_size", o.eval_batch_size, "prompts decoded together");
  visit("max_overhead", o.max_overhead, "share of the planned run that evaluating may take; 0 = no limit");
  visit("early_stopping", o.early_stopping, "on, or off: evaluate but never stop");
  visit("early_stopping_rule", o.early_stopping_rule,
        "as in ifstop replay --rule; with options: patience:window=3");
  visit("early_stopping_patience", o.early_stopping_patience,
        "evaluations without improvement: selects the rule patience");
  visit("early_stopping_threshold", o.early_stopping_threshold,
        "what counts as improvement: selects the rule patience");
  visit("metric_for_best_model", o.metric_for_best_model, "metrics that must all have stopped rising");
  visit("save_strategy", o.save_strategy,
        "steps; best: at the best evaluation and the end; no: at the end alone");
  visit("save_steps", o.save_steps, "optimiser steps between checkpoints");
  visit("save_total_limit", o.save_total_limit, "checkpoints that stay, the best always among them; 0 = all");
  visit("resume_from_checkpoint", o.resume_from_checkpoint,
        "true: the newest of output_dir, if there is one; or its path");
  visit("resume_with_new_options", o.resume_with_new_options,
        "go on although options of evaluating or stopping (eval_steps, patience, max_overhead …) are others "
        "than those the run was begun with");
  visit("device", o.device, "auto, cpu, cuda, cuda:1");
  visit("dtype", o.dtype, "type of the weights: float32, bfloat16");
  visit("bf16", o.bf16, "compute in bfloat16, keep the weights in dtype");
  visit("num_threads", o.num_threads, "threads of the CPU; 0 = LibTorch's choice");
  visit("seed", o.seed, "of the data's order and of sampling in evaluations");
}

std::vector<std::string> arguments(int argc, char** argv) {
  std::vector<std::string> all;
  for (int i = 1; i < argc; ++i) {
    std::string argument = argv[i];
    if (argument.rfind("--", 0) == 0) {
      const std::size_t end = std::min(argument.find('='), argument.size());
      argument = "--" + with_underscores(argument.substr(2, end - 2)) + argument.substr(end);
    }
    all.push_back(argument);
  }
  std::reverse(all.begin(), all.end());  // as CLI11 takes them
  return all;
}

void need(bool good, const char* key, const std::string& value, const char* wanted) {
  if (!good) throw UsageError(fmt::format("{} = {}: must be {}", key, value, wanted));
}

void one_of(const char* key, const std::string& value, const std::vector<std::string>& choices) {
  need(std::find(choices.begin(), choices.end(), value) != choices.end(), key, "\"" + value + "\"",
       fmt::format("{}", fmt::join(choices, " or ")).c_str());
}

void check(const Options& o) {
  const auto given = [](const char* key, const std::string& value) {
    if (value.empty())
      throw UsageError(
          fmt::format("{} is missing: give it in the configuration file or as --{} VALUE", key, key));
  };
  given("model_name_or_path", o.model_name_or_path);
  given("train_file", o.train_file);
  given("output_dir", o.output_dir);
  one_of("eval_strategy", o.eval_strategy, {"steps", "no"});
  one_of("early_stopping", o.early_stopping, {"on", "off"});
  one_of("save_strategy", o.save_strategy, {"steps", "best", "no"});
  const auto at_least = [](std::int64_t least, const char* key, std::int64_t value) {
    need(value >= least, key, std::to_string(value), least == 0 ? "0 or more" : "1 or more");
  };
  at_least(1, "per_device_train_batch_size", o.per_device_train_batch_size);
  at_least(1, "gradient_accumulation_steps", o.gradient_accumulation_steps);
  at_least(1, "save_steps", o.save_steps);
  at_least(1, "eval_max_new_tokens", o.eval_max_new_tokens);
  at_least(1, "eval_batch_size", o.eval_batch_size);
  at_least(0, "save_total_limit", o.save_total_limit);
  at_least(0, "eval_prompts", o.eval_prompts);
  at_least(0, "num_threads", o.num_threads);
  at_least(0, "seed", o.seed);
  if (o.packing && o.max_seq_length == 0)
    throw UsageError(
        "packing = true: needs max_seq_length; a batch holds per_device_train_batch_size x max_seq_length "
        "tokens");
  one_of("dtype", o.dtype,
         {"float32", "bfloat16"});  // float16 would need its loss scaled: small gradients vanish in it
  if (o.overwrite_output_dir && !o.resume_from_checkpoint.empty() && o.resume_from_checkpoint == "true")
    throw UsageError(
        "overwrite_output_dir = true and resume_from_checkpoint = true: one deletes the run that the other "
        "goes on "
        "with; leave one out");
  need(o.max_grad_norm >= 0, "max_grad_norm", fmt::format("{}", o.max_grad_norm), "0 (off) or more");
}

/// "ifs, ifs_strict" -> "ifs,ifs_strict"
std::string without_blanks(std::string list) {
  list.erase(std::remove_if(list.begin(), list.end(), [](char c) { return c == ' ' || c == '\t'; }),
             list.end());
  return list;
}

bool on_command_line(const std::vector<std::string>& arguments, const std::string& key) {
  return std::any_of(arguments.begin(), arguments.end(), [&](const std::string& argument) {
    return argument == "--" + key || argument.rfind("--" + key + "=", 0) == 0;
  });
}

void parse(CLI::App& app, const std::vector<std::string>& given, const ConfigFile& file, Options& options) {
  const auto file_name = [&] { return app.get_config_ptr()->as<std::string>(); };
  const auto locate = [&] {
    for (const auto& [key, line] : file.lines())
      if (!on_command_line(given, key)) options.origins[key] = fmt::format("{}:{}", file_name(), line);
  };
  try {
    app.parse(std::vector<std::string>(given));
    locate();
  } catch (const CLI::CallForHelp&) {
    std::cout << app.help();
    throw HelpShown();
  } catch (const ConfigError& error) {
    throw UsageError(fmt::format("{}:{}: {}", file_name(), error.line, error.what()));
  } catch (const CLI::ParseError& error) {
    locate();
    throw UsageError(
        located(fmt::format("{}; sft_llama --help lists all keys", error.what()), options.origins));
  }
}

}  // namespace

Options parse_options(int argc, char** argv) {
  Options options;
  CLI::App app{
      "Tunes a LLaMA on instructions and stops where the Instruction Following Score has reached its "
      "plateau.\n"
      "Exit codes: 0 done or stopped early, 1 failed on the way, 2 usage or bad input, 3 diverged, "
      "75 pre-empted with a checkpoint.",
      "sft_llama"};
  std::set<std::string> known;
  each_option(options, [&](const char* key, auto& value, const char* help) {
    known.insert(key);
    app.add_option(std::string("--") + key, value, help)->capture_default_str();
  });
  const auto file = std::make_shared<ConfigFile>(known);
  app.config_formatter(file);
  app.set_config("--config", "", "TOML file with any of these keys; the command line wins");
  parse(app, arguments(argc, argv), *file, options);
  if (options.max_steps == -1) options.max_steps = 0;  // Hugging Face's way to say it
  options.metric_for_best_model = without_blanks(options.metric_for_best_model);
  try {
    check(options);
  } catch (const UsageError& error) {
    throw UsageError(located(error.what(), options.origins));
  }
  return options;
}

std::string located(const std::string& text, const std::map<std::string, std::string>& origins) {
  std::size_t first = text.npos;
  const std::string* origin = nullptr;
  const auto in_word = [&](std::size_t at) {
    return at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) != 0 || text[at] == '_');
  };
  for (const auto& [key, where] : origins) {
    const std::size_t at = text.find(key);
    if (at == text.npos || at >= first || in_word(at + key.size()) || (at > 0 && in_word(at - 1))) continue;
    first = at;
    origin = &where;
  }
  const bool about_it = first != text.npos && (first == 0 || text.substr(0, first).find("--") != text.npos);
  return about_it ? *origin + ": " + text : text;
}

Json to_json(const Options& options) {
  Json json;
  each_option(options, [&](const char* key, const auto& value, const char*) {
    if constexpr (requires { value.has_value(); })
      json[key] = value ? Json(*value) : Json();
    else
      json[key] = value;
  });
  return json;
}

}  // namespace sft_llama
