#include "ifstop/report/event_log.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

#include "support/json_text.hpp"

namespace ifstop::report {
namespace {

// Keys of an eval event that are not metrics of the user's own.
constexpr std::string_view eval_keys[] = {"kind",    "step",   "examples",         "seconds", "seconds_eval",
                                          "prompts", "tokens", "planned_examples", "outcomes"};

bool is_metric(const std::string& key, const Json& value) {
  for (const auto known : eval_keys)
    if (key == known) return false;
  return value.is_number();
}

// The complete lines of a log, each with its end: what follows the last end was cut off by a kill.
std::vector<std::string> complete_lines(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    if (!std::filesystem::exists(path)) return {};
    throw FileError(fmt::format("{}: cannot read: {}", path.string(), std::strerror(errno)));
  }
  std::vector<std::string> lines;
  std::string line;
  while (std::getline(file, line) && !file.eof()) lines.push_back(line);
  return lines;
}

// Those that every reader takes for what they should be.
void check_values(const Json& event) {
  if (!event["kind"].is_string())
    throw std::invalid_argument(fmt::format("\"kind\" is {}, not a text", event["kind"].dump()));
  if (event["step"].is_null()) throw std::invalid_argument("\"step\" is null, not a whole number from 0 on");
  for (const auto* key : {"step", "examples", "tokens"}) count_at(event, key);
  for (const auto* key : {"seconds", "loss", "learning_rate", "grad_norm"}) number_at(event, key, 0);
}

std::vector<std::uint8_t> outcomes_of(const std::string& metric, const Json& values) {
  std::vector<std::uint8_t> outcomes;
  for (const auto& value : values) {
    if (value != 0 && value != 1)
      throw std::invalid_argument(
          fmt::format("\"outcomes\" of {} hold {}, neither 0 nor 1", metric, value.dump()));
    outcomes.push_back(value == 1);
  }
  return outcomes;
}

Json parse_event(const std::string& line, const std::filesystem::path& path, std::size_t number) {
  Json event;
  std::string wrong;
  try {
    event = support::parse_json<Json>(line);
    if (!event.is_object() || !event.contains("kind") || !event.contains("step"))
      wrong = "no \"kind\" or \"step\"";
    else
      check_values(event);
  } catch (const std::runtime_error& error) {
    wrong = error.what();
  } catch (const std::invalid_argument& error) {
    wrong = error.what();
  }
  if (!wrong.empty()) throw FileError(fmt::format("{}:{}: not an event: {}", path.string(), number, wrong));
  return event;
}

}  // namespace

EventLog::EventLog(std::filesystem::path path) : path_(std::move(path)) {
  if (path_.has_parent_path()) std::filesystem::create_directories(path_.parent_path());
  file_ = std::fopen(path_.c_str(), "ab");
  if (!file_)
    throw FileError(fmt::format("{}: cannot open for appending: {}", path_.string(), std::strerror(errno)));
}

EventLog::~EventLog() {
  if (file_) std::fclose(file_);
}

EventLog::EventLog(EventLog&& other) noexcept
    : path_(std::move(other.path_)), file_(std::exchange(other.file_, nullptr)) {}

void EventLog::append(std::string_view kind, const Moment& at, const Json& details) {
  Json event{{"kind", kind}, {"step", at.step}, {"examples", at.examples}, {"seconds", at.seconds}};
  if (details.is_object()) event.update(details);
  const std::string line = to_line(event) + "\n";
  if (std::fwrite(line.data(), 1, line.size(), file_) != line.size() || std::fflush(file_) != 0)
    throw FileError(fmt::format("{}: cannot write: {}", path_.string(), std::strerror(errno)));
}

void EventLog::start(const Moment& at, const Json& details) {
  Json all{{"schema_version", schema_version}};
  if (details.is_object()) all.update(details);
  append("start", at, all);
}

void EventLog::train(const Moment& at, const TrainStep& step) {
  append("train", at,
         {{"loss", step.loss},
          {"learning_rate", step.learning_rate},
          {"grad_norm", step.grad_norm},
          {"tokens", step.tokens}});
}

void EventLog::eval(const Evaluation& evaluation) {
  Json details = to_json(evaluation.scores);
  for (const auto& [name, value] : evaluation.values) details[name] = value;
  details["seconds_eval"] = evaluation.seconds_eval;
  details["prompts"] = evaluation.prompts;
  details["tokens"] = evaluation.tokens;
  details["planned_examples"] = evaluation.planned_examples;
  Json outcomes = Json::object();
  for (const auto& [name, score] : evaluation.scores)
    if (!score.tally.outcomes.empty()) outcomes[name] = score.tally.outcomes;
  if (!outcomes.empty()) details["outcomes"] = outcomes;
  append("eval", {evaluation.step, evaluation.examples, evaluation.seconds}, details);
}

void EventLog::decision(const Moment& at, const Decision& decision) {
  append("decision", at, to_json(decision));
}

void EventLog::checkpoint(const Moment& at, std::string_view path) {
  append("checkpoint", at, {{"path", path}});
}

void EventLog::end(const Moment& at, std::string_view status, const Json& details) {
  Json all{{"status", status}};
  if (details.is_object()) all.update(details);
  append("end", at, all);
}

bool cut_events_after(const std::filesystem::path& path, std::int64_t step) {
  const auto lines = complete_lines(path);
  std::size_t keep = 0;
  bool checkpoint_found = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Json event = parse_event(lines[i], path, i + 1);
    const auto at = event["step"].get<std::int64_t>();
    if (at > step || event["kind"] == "end") break;
    keep = i + 1;
    checkpoint_found = at == step && event["kind"] == "checkpoint";
    if (checkpoint_found) break;
  }
  std::string text;
  for (std::size_t i = 0; i < keep; ++i) text += lines[i] + "\n";
  write_atomically(path, text);
  return checkpoint_found;
}

std::vector<Json> read_events(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path))
    throw FileError(path.string() + ": no such file; is this a run's folder?");
  const auto lines = complete_lines(path);
  std::vector<Json> events;
  events.reserve(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) events.push_back(parse_event(lines[i], path, i + 1));
  return events;
}

Evaluation evaluation_from_json(const Json& event) {
  Evaluation evaluation;
  evaluation.step = count_at(event, "step");
  evaluation.examples = count_at(event, "examples");
  evaluation.tokens = count_at(event, "tokens");
  evaluation.planned_examples = count_at(event, "planned_examples");
  evaluation.seconds = number_at(event, "seconds", 0);
  evaluation.seconds_eval = number_at(event, "seconds_eval", 0);
  evaluation.prompts = count_at(event, "prompts");
  evaluation.scores = scores_from_json(event);
  for (const auto& [name, value] : event.items())
    if (is_metric(name, value)) evaluation.values[name] = value.get<double>();
  if (const auto outcomes = event.find("outcomes"); outcomes != event.end())
    for (const auto& [name, values] : outcomes->items())
      evaluation.scores[name].tally.outcomes = outcomes_of(name, values);
  return evaluation;
}

}  // namespace ifstop::report
