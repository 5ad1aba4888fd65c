// report.html: one self-contained page with the curves, for people.
#pragma once
#include <filesystem>
#include <string>

#include "ifstop/report/run_folder.hpp"

namespace ifstop::report {

/// The page: curves as SVG, the stop, the table, answers before and after. No scripts, no network.
std::string html_report(const RunFolder& run);

/// Reads RUN, writes RUN/report.html and RUN/tensorboard/. Returns the page's path. Throws FileError.
std::filesystem::path write_report(const std::filesystem::path& run);

}  // namespace ifstop::report
