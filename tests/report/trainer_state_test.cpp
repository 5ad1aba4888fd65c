#include "ifstop/report/trainer_state.hpp"

#include <nlohmann/json.hpp>

#include "ifstop/report/event_log.hpp"
#include "support/catch.hpp"
#include "support/temp_folder.hpp"

using namespace ifstop;
using namespace ifstop::report;

namespace {

// IFS .2, .6, .5 and IFS_strict .1, .3, .4 at steps 0, 2, 4, eight examples a step; checkpoints from step 2
// on.
std::vector<Json> events(const ifstop_test::TempFolder& folder) {
  const std::int64_t ifs[] = {2, 6, 5}, strict[] = {1, 3, 4};
  EventLog log(folder.path() / "events.jsonl");
  for (std::int64_t step = 0; step <= 4; ++step) {
    const Moment at{step, 8 * step, 1};
    if (step > 0) log.train(at, {1.5, 1e-4, 0.7, 100 * step});
    if (step % 2 != 0) continue;
    Evaluation evaluation{.step = step, .examples = 8 * step};
    evaluation.scores["ifs"] = {{ifs[step / 2], 10, {}}, 0, 1};
    evaluation.scores["ifs_strict"] = {{strict[step / 2], 10, {}}, 0, 1};
    evaluation.values["eval_loss"] = 2.5;
    log.eval(evaluation);
    if (step > 0) log.checkpoint(at, "checkpoints/step-" + std::to_string(step));
  }
  return read_events(log.path());
}

}  // namespace

CATCH_TEST_CASE("the state has Hugging Face's keys, and a history of losses and evaluations") {
  const ifstop_test::TempFolder folder;
  const Json state = trainer_state(events(folder), {.global_step = 4,
                                                    .max_steps = 100,
                                                    .train_examples = 64,
                                                    .logging_steps = 2,
                                                    .checkpoint_prefix = "checkpoints/step-"});
  CATCH_CHECK(state["global_step"] == 4);
  CATCH_CHECK(state["epoch"] == 0.5);
  CATCH_CHECK(state["max_steps"] == 100);
  CATCH_CHECK(state["best_metric"] == 0.6);
  CATCH_CHECK(state["best_global_step"] == 2);
  CATCH_CHECK(state["best_model_checkpoint"] == "checkpoints/step-2");
  CATCH_CHECK(state["num_input_tokens_seen"] == 400);
  CATCH_REQUIRE(state["log_history"].size() == 5);  // evaluations 0, 2, 4 and the losses of steps 2 and 4
  CATCH_CHECK(to_line(state["log_history"][1]) ==
              R"({"epoch":0.25,"grad_norm":0.7,"learning_rate":0.0001,"loss":1.5,"step":2})");
  CATCH_CHECK(state["log_history"][2]["eval_ifs"] == 0.6);
  CATCH_CHECK(state["log_history"][2]["eval_loss"] == 2.5);
}

CATCH_TEST_CASE("of several metrics the lowest counts; a metric that was not measured gives no best") {
  const ifstop_test::TempFolder folder;
  const auto all = events(folder);
  const auto both = trainer_state(all, {.global_step = 4, .metric_for_best_model = "ifs, ifs_strict"});
  CATCH_CHECK(both["best_metric"] == 0.4);
  CATCH_CHECK(both["best_global_step"] == 4);
  CATCH_CHECK(both["best_model_checkpoint"].is_null());  // no prefix was given
  CATCH_CHECK(
      trainer_state(all, {.global_step = 4, .metric_for_best_model = "objecqa"})["best_metric"].is_null());
}

CATCH_TEST_CASE("a checkpoint's state knows nothing of later steps, nor of a checkpoint that was not saved") {
  const ifstop_test::TempFolder folder;
  const auto all = events(folder);
  const auto early = trainer_state(all, {.global_step = 1, .checkpoint_prefix = "checkpoints/step-"});
  CATCH_CHECK(early["best_metric"] == 0.2);
  CATCH_CHECK(early["best_model_checkpoint"].is_null());  // step 0 was never saved
  CATCH_CHECK(early["log_history"].size() == 2);
  CATCH_CHECK(early["epoch"].is_null());  // the epoch's length is not known
}
