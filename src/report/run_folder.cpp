#include "ifstop/report/run_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace ifstop::report {
namespace {

std::vector<Sample> samples_if_any(const std::filesystem::path& run, std::int64_t step) {
  const auto path = samples_path(run, step);
  return std::filesystem::exists(path) ? read_samples(path) : std::vector<Sample>{};
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

struct Pair {
  const Sample* before;
  const Sample* after;

  // What a reader should see first: full prompts that went from not an answer to an answer, in other words.
  int rank() const {
    const bool changed = !before->strict.value_or(false) && after->strict.value_or(false);
    const bool same_words = trimmed(before->response) == trimmed(after->response);
    return (before->kind == "full" || before->kind.empty() ? 0 : 1) + (changed ? 0 : 2) +
           (same_words ? 4 : 0);
  }
};

std::string ending(const Sample& sample) {
  if (sample.finish_reason == FinishReason::turn || sample.run_on.value_or(false))
    return "goes on into another turn";
  return sample.finish_reason == FinishReason::length ? "cut off at the token limit" : "";
}

}  // namespace

RunFolder read_run_folder(const std::filesystem::path& run) {
  RunFolder folder;
  folder.name = std::filesystem::absolute(run).lexically_normal().filename().string();
  if (folder.name.empty()) folder.name = std::filesystem::absolute(run).parent_path().filename().string();
  folder.events = read_events(run / "events.jsonl");
  for (std::size_t i = 0; i < folder.events.size(); ++i) try {  // an event a line
      if (folder.events[i]["kind"] == "eval")
        folder.evaluations.push_back(evaluation_from_json(folder.events[i]));
    } catch (const std::exception& error) {
      throw FileError(fmt::format("{}:{}: {}", (run / "events.jsonl").string(), i + 1, error.what()));
    }
  if (std::filesystem::exists(run / "config.json")) folder.config = read_json(run / "config.json");
  if (std::filesystem::exists(run / "stop_report.json"))
    folder.stop = read_stop_report(run / "stop_report.json");
  if (folder.evaluations.empty()) return folder;
  folder.before = samples_if_any(run, folder.evaluations.front().step);
  folder.after = samples_if_any(run, folder.evaluations.back().step);
  return folder;
}

std::vector<BeforeAfter> before_and_after(const std::vector<Sample>& before, const std::vector<Sample>& after,
                                          std::size_t count) {
  std::map<std::pair<std::string, std::string>, const Sample*> by_prompt;
  for (const auto& sample : after) by_prompt.emplace(std::pair(sample.kind, sample.prompt), &sample);
  std::map<int, std::vector<Pair>> ranked;
  for (const auto& sample : before) {
    const auto found = by_prompt.find(std::pair(sample.kind, sample.prompt));
    if (found == by_prompt.end() || sample.kind == "preference") continue;
    const Pair pair{&sample, found->second};
    ranked[pair.rank()].push_back(pair);
  }
  std::vector<BeforeAfter> chosen;
  for (const auto& [rank, pairs] : ranked) {
    const std::size_t take = std::min(count - chosen.size(), pairs.size());
    for (std::size_t i = 0; i < take; ++i) {  // spread over the set
      const Pair& pair = pairs[i * pairs.size() / take];
      chosen.push_back({pair.before->prompt, pair.before->response, pair.after->response,
                        ending(*pair.before), ending(*pair.after)});
    }
  }
  return chosen;
}

}  // namespace ifstop::report
