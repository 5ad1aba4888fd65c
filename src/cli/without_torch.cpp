// Subcommands that need LibTorch, in a build without it: they are listed and say what is missing.
#ifndef IFSTOP_WITH_TORCH
#include "cli/commands.hpp"
#include "cli/encoder.hpp"

namespace ifstop::cli {
namespace {

void add_missing(CLI::App& app, const std::string& name) {
  auto* command = app.add_subcommand(name, "(needs LibTorch, which this build is without)");
  command->allow_extras();
  command->callback([name] {
    throw UsageError(name +
                     " needs LibTorch, and this build is without; configure with `cmake --preset release`");
  });
}

[[noreturn]] void no_encoder() {
  throw UsageError(
      "--encoder needs LibTorch, and this build is without; configure with `cmake --preset release`");
}

}  // namespace

JudgeInfo train_encoder(const std::vector<LabelledPair>&, const std::vector<LabelledPair>&,
                        const EncoderTraining&) {
  no_encoder();
}
std::unique_ptr<Judge> load_encoder(const std::filesystem::path&) {
  no_encoder();
}

void add_generate(CLI::App& app) {
  add_missing(app, "generate");
}
void add_convert(CLI::App& app) {
  add_missing(app, "convert");
}
void add_logits(CLI::App& app) {
  add_missing(app, "logits");
}

}  // namespace ifstop::cli
#endif
