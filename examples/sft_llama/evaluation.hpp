// Joins the trainer's row of rooms and the stopper's: prompts, judges and rule, and the model as a Generate.
#pragma once
#include <memory>

#include "ifstop/callback/ifs_callback.hpp"
#include "inputs.hpp"
#include "options.hpp"

namespace sft_llama {

/// The callback that `options` describe; nullptr with eval_strategy = no. Keeps a reference to the model's
/// modules.
std::unique_ptr<ifstop::IfsCallback> make_callback(const Options& options, Inputs& inputs);

}  // namespace sft_llama
