// ifstop: the command. Subcommands live in files of their names.
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/commands.hpp"

namespace {

/// Empty, or what is wrong with the first word where it is no command: CLI11 only says that one is missing.
std::string unknown_command(const CLI::App& app, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return "";
  std::vector<std::string> names;
  for (const auto* command : app.get_subcommands({})) {
    names.push_back(command->get_name());
    if (names.back() == argv[1]) return "";
  }
  return fmt::format("there is no command \"{}\"; there are {} (ifstop --help)", argv[1],
                     fmt::join(names, ", "));
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Score generated text, and stop fine-tuning at the plateau of the Instruction Following Score.",
      "ifstop"};
  app.require_subcommand(1);
  app.set_version_flag("--version", "ifstop " IFSTOP_VERSION);
  ifstop::cli::add_prompts(app);
  ifstop::cli::add_score(app);
  ifstop::cli::add_compare(app);
  ifstop::cli::add_tone(app);
  ifstop::cli::add_replay(app);
  ifstop::cli::add_report(app);
  ifstop::cli::add_generate(app);
  ifstop::cli::add_convert(app);
  ifstop::cli::add_logits(app);
  // ifstop::cli::add_plan(app);
  if (const auto wrong = unknown_command(app, argc, argv); !wrong.empty()) {
    std::fprintf(stderr, "ifstop: %s\n", wrong.c_str());
    return 2;
  }
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
