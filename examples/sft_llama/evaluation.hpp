// Joins the trainer's row of rooms and the stopper's: prompts, judges and rule, and the model as a Generate.
#pragma once
#include <memory>
#include <string>

#include "ifstop/callback/ifs_callback.hpp"
#include "inputs.hpp"
#include "options.hpp"

namespace sft_llama {

/// The callback that `options` describe; nullptr with eval_strategy = no. Keeps a reference to the model's
/// modules. Throws where an option is wrong, a metric that no prompt measures included.
std::unique_ptr<ifstop::IfsCallback> make_callback(const Options& options, Inputs& inputs);

/// The rule as early_stopping_rule takes it, with all its options: "patience:delta=absolute,patience=3". Of
/// rules for several metrics that of the first: they differ in the metric alone.
std::string rule_text(const ifstop::Rule& rule);

}  // namespace sft_llama
