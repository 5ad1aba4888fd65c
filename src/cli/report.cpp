// ifstop report RUN: the page and the TensorBoard files of a run, made again from its folder.
#include <cstdio>
#include <memory>

#include "cli/commands.hpp"
#include "ifstop/report/html.hpp"

namespace ifstop::cli {
namespace {

void run_report(const std::string& folder) {
  try {
    std::puts(report::write_report(folder).c_str());
  } catch (const report::FileError& error) {
    throw UsageError(error.what());
  }
}

}  // namespace

void add_report(CLI::App& app) {
  auto* command = app.add_subcommand("report", "Write report.html and tensorboard/ of a run folder again");
  const auto folder = std::make_shared<std::string>();
  command->add_option("RUN", *folder, "The run's folder, with events.jsonl in it")->required();
  command->callback([folder] { run_report(*folder); });
}

}  // namespace ifstop::cli
