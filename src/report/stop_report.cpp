#include "ifstop/report/stop_report.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace ifstop::report {

void write_stop_report(const std::filesystem::path& path, const StopReport& report) {
  Json peers = Json::array();
  for (const auto& peer : report.peers)
    peers.push_back({{"rule", peer.rule}, {"stopped", peer.stopped}, {"examples", peer.examples}});
  const Json json{{"schema_version", schema_version},
                  {"stopped", report.stopped},
                  {"rule", report.rule},
                  {"reason", report.reason},
                  {"step", report.step},
                  {"examples", report.examples},
                  {"best_step", report.best_step},
                  {"probability_more_helps",
                   report.probability_more_helps ? Json(*report.probability_more_helps) : Json()},
                  {"baseline", to_json(report.baseline)},
                  {"at_stop", to_json(report.at_stop)},
                  {"peers", peers}};
  write_atomically(path, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

StopReport read_stop_report(const std::filesystem::path& path) {
  const Json json = read_json(path);
  try {
    StopReport report;
    report.stopped = json.at("stopped").get<bool>();
    report.rule = json.at("rule").get<std::string>();
    report.reason = json.at("reason").get<std::string>();
    report.step = json.at("step").get<std::int64_t>();
    report.examples = json.at("examples").get<std::int64_t>();
    report.best_step = json.at("best_step").get<std::int64_t>();
    if (const auto& more = json.at("probability_more_helps"); !more.is_null())
      report.probability_more_helps = more.get<double>();
    report.baseline = scores_from_json(json.at("baseline"));
    report.at_stop = scores_from_json(json.at("at_stop"));
    for (const auto& peer : json.at("peers"))
      report.peers.push_back(
          {peer.at("rule"), peer.at("stopped").get<bool>(), peer.at("examples").get<std::int64_t>()});
    return report;
  } catch (const std::exception& error) {
    throw FileError(fmt::format("{}: not a stop report: {}", path.string(), error.what()));
  }
}

}  // namespace ifstop::report
