// ifstop: the command. Subcommands live in files of their names.
#include <cstdio>
#include <exception>

#include "cli/commands.hpp"

int main(int argc, char** argv) {
  CLI::App app{
      "Score generated text, and stop fine-tuning at the plateau of the Instruction Following Score.",
      "ifstop"};
  app.require_subcommand(1);
  app.set_version_flag("--version", "ifstop 0.1.0");
  ifstop::cli::add_score(app);
  ifstop::cli::add_compare(app);
  ifstop::cli::add_tone(app);
  ifstop::cli::add_replay(app);
  ifstop::cli::add_report(app);
  ifstop::cli::add_generate(app);
  ifstop::cli::add_convert(app);
  ifstop::cli::add_logits(app);
  // ifstop::cli::add_plan(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const ifstop::cli::UsageError& error) {
    std::fprintf(stderr, "ifstop: %s\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "ifstop: %s\n", error.what());
    return 2;
  }
  return 0;
}
