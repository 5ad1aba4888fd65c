#include "ifstop/report/run_config.hpp"

#include <cmath>

#include "support/catch.hpp"
#include "support/temp_folder.hpp"

using namespace ifstop::report;

CATCH_TEST_CASE("options stand at the top level, beside what the scores depend on") {
  const ifstop_test::TempFolder folder;
  const auto path = folder.path() / "config.json";
  RunConfig config;
  config.options = {{"learning_rate", 5e-5}, {"seed", 1}};
  config.prompt_set = "builtin";
  config.prompt_set_version = "1";
  config.prompt_set_hash = "00ff";
  config.prompts = 300;
  config.judges = {{.name = "tone",
                    .version = "2",
                    .threshold = 0.5,
                    .auc = 0.99,
                    .sensitivity = std::nan(""),
                    .specificity = 1}};
  write_run_config(path, config);
  const Json json = read_run_config(path);
  CATCH_CHECK(json["schema_version"] == 1);
  CATCH_CHECK(json["ifstop_version"].get<std::string>().find('.') != std::string::npos);
  CATCH_CHECK(json["learning_rate"] == 5e-5);
  CATCH_CHECK(to_line(json["prompt_set"]) ==
              R"({"name":"builtin","version":"1","hash":"00ff","prompts":300})");
  CATCH_CHECK(
      to_line(json["judges"]) ==
      R"([{"name":"tone","version":"2","threshold":0.5,"auc":0.99,"sensitivity":null,"specificity":1.0,"positives":0,"negatives":0}])");
}
