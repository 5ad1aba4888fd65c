#include "ifstop/report/json.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

#include "support/atomic_file.hpp"
#include "support/json_text.hpp"

namespace ifstop::report {
namespace {

constexpr std::size_t always_written = 8;  // of score_names: all but `correct`

Json optional_json(const std::optional<double>& value) {
  return value ? Json(*value) : Json();
}

std::optional<double> optional_number(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || found->is_null()) return std::nullopt;
  return found->get<double>();
}

bool is_score(const Json& json) {
  return json.is_object() && json.contains("value") && json.contains("trials");
}

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

FileError file_error(const std::filesystem::path& path, std::string_view what) {
  return FileError(fmt::format("{}: {}: {}", path.string(), what, std::strerror(errno)));
}

std::string read_text(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path)) throw FileError(path.string() + ": is a folder, not a file");
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    if (file && std::filesystem::is_regular_file(path)) return "";  // rdbuf() of an empty file sets failbit
    throw file_error(path, "cannot read");
  }
  return text.str();
}

}  // namespace

Json to_json(const Score& score) {
  if (!score.measured())
    return {
        {"value", nullptr}, {"low", nullptr}, {"high", nullptr}, {"successes", nullptr}, {"trials", nullptr}};
  return {{"value", score.value()},
          {"low", score.low},
          {"high", score.high},
          {"successes", score.tally.successes},
          {"trials", score.tally.trials}};
}

Score score_from_json(const Json& json) {
  if (!json.is_object()) throw std::invalid_argument("a score is not an object");
  Score score;
  score.tally.successes = count_at(json, "successes");
  score.tally.trials = count_at(json, "trials");
  if (score.tally.successes > score.tally.trials)
    throw std::invalid_argument(
        fmt::format("{} successes of {} trials", score.tally.successes, score.tally.trials));
  score.low = number_at(json, "low", not_a_number);
  score.high = number_at(json, "high", not_a_number);
  return score;
}

Json to_json(const Scores& scores) {
  Json json = Json::object();
  for (std::size_t i = 0; i < score_names.size(); ++i) {
    const auto found = scores.find(score_names[i]);
    if (found != scores.end())
      json[std::string(score_names[i])] = to_json(found->second);
    else if (i < always_written)
      json[std::string(score_names[i])] = to_json(Score{});
  }
  for (const auto& [name, score] : scores)
    if (!json.contains(name)) json[name] = to_json(score);
  return json;
}

Scores scores_from_json(const Json& json) {
  Scores scores;
  for (const auto& [name, value] : json.items()) try {
      if (is_score(value)) scores[name] = score_from_json(value);
    } catch (const std::invalid_argument& error) {
      throw std::invalid_argument(fmt::format("\"{}\": {}", name, error.what()));
    }
  return scores;
}

Json to_json(const Decision& decision) {
  return {{"stopped", decision.stop},
          {"rule", decision.rule},
          {"reason", decision.reason},
          {"keep", decision.keep},
          {"best", optional_json(decision.best)},
          {"best_step", decision.best_step},
          {"best_examples", decision.best_examples},
          {"probability_more_helps", optional_json(decision.probability_more_helps)},
          {"gain", optional_json(decision.gain)},
          {"gain_low", optional_json(decision.gain_low)},
          {"gain_high", optional_json(decision.gain_high)},
          {"gain_examples", decision.gain_examples ? Json(*decision.gain_examples) : Json()}};
}

Decision decision_from_json(const Json& json) {
  Decision decision;
  decision.stop = json.value("stopped", false);
  decision.keep = json.value("keep", false);
  decision.rule = json.value("rule", "");
  decision.reason = json.value("reason", "");
  decision.best = optional_number(json, "best");
  decision.best_step = count_at(json, "best_step");
  decision.best_examples = count_at(json, "best_examples");
  decision.probability_more_helps = optional_number(json, "probability_more_helps");
  decision.gain = optional_number(json, "gain");
  decision.gain_low = optional_number(json, "gain_low");
  decision.gain_high = optional_number(json, "gain_high");
  if (const auto found = json.find("gain_examples"); found != json.end() && !found->is_null())
    decision.gain_examples = found->get<std::int64_t>();
  return decision;
}

std::int64_t count_at(const Json& object, const char* key, std::int64_t otherwise) {
  constexpr std::int64_t most = std::int64_t{1} << 53;  // up to here every whole number is a double
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return otherwise;
  const double value = found->is_number() ? found->get<double>() : -1;
  if (!(value >= 0) || std::floor(value) != value)
    throw std::invalid_argument(
        fmt::format("\"{}\" is {}, not a whole number from 0 on", key, found->dump()));
  if (value > static_cast<double>(most))
    throw std::invalid_argument(fmt::format("\"{}\" is {}, more than {}", key, found->dump(), most));
  return static_cast<std::int64_t>(value);
}

double number_at(const Json& object, const char* key, double otherwise) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return otherwise;
  if (!found->is_number())
    throw std::invalid_argument(fmt::format("\"{}\" is {}, not a number", key, found->dump()));
  return found->get<double>();
}

std::string to_line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<Json> read_json_lines(const std::filesystem::path& path) {
  std::istringstream text(read_text(path));
  std::vector<Json> records;
  std::string line;
  for (std::size_t number = 1; std::getline(text, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    try {
      records.push_back(support::parse_json<Json>(line));
    } catch (const support::JsonError& error) {
      throw FileError(fmt::format("{}:{}: {}", path.string(), number, error.what()));
    }
  }
  return records;
}

Json read_json(const std::filesystem::path& path) {
  try {
    return support::parse_json<Json>(read_text(path));
  } catch (const support::JsonError& error) {
    throw FileError(fmt::format("{}: {}", path.string(), error.what()));
  }
}

void write_atomically(const std::filesystem::path& path, std::string_view text) {
  if (path.has_parent_path()) {
    std::error_code code;
    std::filesystem::create_directories(path.parent_path(), code);
    if (code)
      throw FileError(
          fmt::format("{}: cannot make the folder: {}", path.parent_path().string(), code.message()));
  }
  try {
    support::write_file(path, text);
  } catch (const std::runtime_error& error) {
    throw FileError(error.what());
  }
}

}  // namespace ifstop::report
