// ifstop: the command. Subcommands live in files of their names.
#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/standard_streams.hpp"

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

/// The arguments as CLI11 takes them, last first; names of options with dashes throughout (--top_p as
/// --top-p).
std::vector<std::string> arguments(int argc, char** argv) {
  std::vector<std::string> all;
  bool options = true;
  for (int i = 1; i < argc; ++i) {
    std::string argument = argv[i];
    options = options && argument != "--";
    if (options && argument.starts_with("--")) {
      const auto end =
          argument.begin() + static_cast<std::ptrdiff_t>(std::min(argument.find('='), argument.size()));
      std::replace(argument.begin(), end, '_', '-');
    }
    all.push_back(std::move(argument));
  }
  std::reverse(all.begin(), all.end());
  return all;
}

int run(int argc, char** argv) {
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
    app.parse(arguments(argc, argv));
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "ifstop: %s\n", error.what());
    return 2;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  ifstop::cli::occupy_closed_streams();
  const int code = run(argc, argv);
  return code == 0 ? ifstop::cli::with_all_written() : code;
}
