#include "ifstop/report/stop_report.hpp"

#include <nlohmann/json.hpp>

#include "support/catch.hpp"
#include "support/temp_folder.hpp"

using namespace ifstop;
using namespace ifstop::report;

CATCH_TEST_CASE("the report has exactly the documented keys and comes back") {
  const ifstop_test::TempFolder folder;
  const auto path = folder.path() / "stop_report.json";
  StopReport report{
      .stopped = true, .rule = "patience", .reason = "It rests.", .step = 9, .examples = 72, .best_step = 6};
  report.at_stop["ifs"] = {{9, 10, {}}, 0.6, 0.98};
  report.peers = {{"slope", false, 72}};
  write_stop_report(path, report);
  std::string keys;
  const Json json = read_json(path);
  for (const auto& item : json.items()) keys += item.key() + " ";
  CATCH_CHECK(keys ==
              "schema_version stopped rule reason step examples best_step probability_more_helps baseline "
              "at_stop peers ");
  CATCH_CHECK(json["probability_more_helps"].is_null());
  const StopReport back = read_stop_report(path);
  CATCH_CHECK(back.stopped);
  CATCH_CHECK(back.reason == "It rests.");
  CATCH_CHECK(std::tuple(back.step, back.examples, back.best_step) == std::tuple(9, 72, 6));
  CATCH_CHECK(back.at_stop.at("ifs").tally == report.at_stop.at("ifs").tally);
  CATCH_CHECK(back.peers == report.peers);
  CATCH_CHECK_FALSE(back.probability_more_helps.has_value());
}

CATCH_TEST_CASE("a file that is no stop report is refused") {
  const ifstop_test::TempFolder folder;
  const auto path = folder.write("stop_report.json", "{}");
  CATCH_CHECK_THROWS_WITH(read_stop_report(path), Catch::StartsWith(path.string() + ": not a stop report: "));
}
