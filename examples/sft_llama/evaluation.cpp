#include "evaluation.hpp"

#include <fmt/format.h>

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

}  // namespace

std::unique_ptr<IfsCallback> make_callback(const Options& options, Inputs& inputs) {
  if (!options.evaluates()) return nullptr;
  const Generator generator(inputs.model, inputs.tokenizer, {.max_batch = options.eval_batch_size});
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
  return std::make_unique<IfsCallback>(guarded(inputs.model.module(), generator), prompts_of(options), scorer,
                                       rule_of(options), std::move(ifs));
}

}  // namespace sft_llama
