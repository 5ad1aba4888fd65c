#include "evaluation.hpp"

#include <fmt/format.h>

#include <set>
#include <sstream>

#include "ifstop/llama/generator.hpp"
#include "ifstop/llama/guard.hpp"
#include "ifstop/report/read_prompts.hpp"
#include "ifstop/score/builtin_judges.hpp"
#include "ifstop/sft/signals.hpp"
#include "ifstop/stop/rules.hpp"

namespace sft_llama {
namespace {

using namespace ifstop;

PromptSet prompts_of(const Options& options) {
  const PromptSet all =
      options.prompts_file.empty() ? PromptSet::builtin() : report::read_prompts(options.prompts_file);
  return options.eval_prompts > 0 ? all.subset(static_cast<std::size_t>(options.eval_prompts)) : all;
}

/// The scores that these prompts give a value.
std::set<std::string> scores_of(const PromptSet& prompts) {
  std::set<std::string> names;
  for (const Prompt& prompt : prompts.prompts) {
    if (prompt.kind == PromptKind::preference) {
      names.insert("objecqa");
      continue;
    }
    names.insert({"ifs", "ifs_strict", "run_on", "eos", "truncated"});
    names.insert(prompt.kind == PromptKind::partial ? "ifs_partial" : "ifs_full");
    if (!prompt.accepted.empty()) names.insert("correct");
  }
  return names;
}

/// A rule that waits for a score that never comes would never stop.
void check_metrics(const Options& options, const PromptSet& prompts) {
  const auto known = scores_of(prompts);
  std::istringstream list(options.metric_for_best_model);
  for (std::string name; std::getline(list, name, ',');)
    if (!known.count(name))
      throw UsageError(
          fmt::format("metric_for_best_model = \"{}\": \"{}\" is no score of the prompt set {}; "
                      "there are {}",
                      options.metric_for_best_model, name, prompts.name, fmt::join(known, ", ")));
}

/// A prompt without room for an answer is said now, not at the first evaluation.
void check_room(const Options& options, const PromptSet& prompts, const Template& form,
                const Inputs& inputs) {
  const auto positions = inputs.model.config().max_position_embeddings;
  for (const Prompt& prompt : prompts.prompts) {
    const auto tokens = static_cast<std::int64_t>(inputs.tokenizer.encode(form.apply(prompt.text)).size());
    if (tokens + options.eval_max_new_tokens > positions)
      throw UsageError(
          fmt::format("{}: prompt \"{}\" has {} tokens in its template, and {} more "
                      "(eval_max_new_tokens) do not fit the model's {} positions",
                      options.prompts_file.empty() ? "the built-in prompts" : options.prompts_file, prompt.id,
                      tokens, options.eval_max_new_tokens, positions));
  }
}

RulePtr rule_of(const Options& options) {
  const bool patience = options.early_stopping_patience || options.early_stopping_threshold;
  if (!patience) return make_rule(options.early_stopping_rule, options.metric_for_best_model);
  if (options.early_stopping_rule != "default" && options.early_stopping_rule.rfind("patience", 0) != 0)
    throw UsageError(fmt::format(
        "early_stopping_rule = {}: early_stopping_patience and early_stopping_threshold belong to the "
        "rule patience; leave one or the other out",
        options.early_stopping_rule));
  RuleOptions given;
  if (options.early_stopping_patience)
    given["patience"] = fmt::format("{}", *options.early_stopping_patience);
  if (options.early_stopping_threshold)
    given["min_delta"] = fmt::format("{}", *options.early_stopping_threshold);
  const bool named = options.early_stopping_rule != "default";
  return make_rule(named ? options.early_stopping_rule : "patience", options.metric_for_best_model, given);
}

/// The rule whose state this is, as early_stopping_rule takes it.
std::string rule_text(const StateReader& state) {
  const std::string& name = state.text("rule");
  if (state.has("member.0.rule")) {
    std::string all = rule_text(StateReader(state.nested("member.0.")));
    if (name == "any_of") all += "+" + rule_text(StateReader(state.nested("member.1.")));
    return all;  // else one rule a metric: they differ in the metric alone
  }
  std::string options;
  for (const auto& [key, value] : state.all()) {
    if (key.rfind(option_prefix, 0) != 0) continue;
    const std::string option = key.substr(option_prefix.size());
    if (option == "metric" && name != "guard_rail") continue;  // metric_for_best_model says it
    options += fmt::format("{}{}={}", options.empty() ? ":" : ",", option, value);
  }
  return name + options;
}

}  // namespace

std::unique_ptr<IfsCallback> make_callback(const Options& options, Inputs& inputs) {
  if (!options.evaluates()) return nullptr;
  const Generator generator(inputs.model, inputs.tokenizer, {.max_batch = options.eval_batch_size});
  const PromptSet prompts = prompts_of(options);
  check_metrics(options, prompts);
  check_room(options, prompts, Template::from(options.template_name), inputs);
  const Scorer scorer(builtin_tone_judge(), &builtin_objectivity_judge());
  IfsOptions ifs;
  ifs.every = Every::parse(options.eval_steps);
  ifs.max_overhead = options.max_overhead;
  ifs.eval_on_start = options.eval_on_start;
  ifs.early_stopping = options.early_stopping == "on";
  ifs.prompt_template = Template::from(options.template_name);
  ifs.max_new_tokens = options.eval_max_new_tokens;
  ifs.temperature = options.eval_temperature;
  ifs.seed = static_cast<std::uint64_t>(options.seed);
  ifs.cancelled = sft::SignalGuard::requested;
  return std::make_unique<IfsCallback>(guarded(inputs.model.module(), generator), prompts, scorer,
                                       rule_of(options), std::move(ifs));
}

std::string rule_text(const Rule& rule) {
  return rule_text(StateReader(rule.state()));
}

}  // namespace sft_llama
