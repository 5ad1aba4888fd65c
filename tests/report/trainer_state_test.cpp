#include "ifstop/report/trainer_state.hpp"

#include <nlohmann/json.hpp>

#include "ifstop/report/event_log.hpp"
#include "support/catch.hpp"
#include "support/temp_folder.hpp"

using namespace ifstop;
using namespace ifstop::report;

namespace {

// IFS .2, .6, .5 at steps 0, 2, 4, eight examples a step; the decisions of a rule that wants it low, or of
// none; checkpoints from step 2 on.
std::vector<Json> events(const ifstop_test::TempFolder& folder, bool decisions = true) {
  const std::int64_t ifs[] = {2, 6, 5}, best_step[] = {0, 2, 2};
  EventLog log(folder.path() / "events.jsonl");
  for (std::int64_t step = 0; step <= 4; ++step) {
    const Moment at{step, 8 * step, 1};
    if (step > 0) log.train(at, {1.5, 1e-4, 0.7, 100 * step});
    if (step % 2 != 0) continue;
    Evaluation evaluation{.step = step, .examples = 8 * step};
    evaluation.scores["ifs"] = {{ifs[step / 2], 10, {}}, 0, 1};
    evaluation.values["eval_loss"] = 2.5;
    log.eval(evaluation);
    Decision decision;
    decision.best = best_step[step / 2] == 0 ? 0.2 : 0.6;
    decision.best_step = best_step[step / 2];
    if (decisions) log.decision(at, decision);
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
  // Where Hugging Face's TrainerState.load_from_json takes it: an unknown key of its own stops that.
  CATCH_CHECK(state["stateful_callbacks"]["ifstop"]["schema_version"] == 1);
  CATCH_REQUIRE(state["log_history"].size() == 5);  // evaluations 0, 2, 4 and the losses of steps 2 and 4
  CATCH_CHECK(to_line(state["log_history"][1]) ==
              R"({"epoch":0.25,"grad_norm":0.7,"learning_rate":0.0001,"loss":1.5,"step":2})");
  CATCH_CHECK(state["log_history"][2]["eval_ifs"] == 0.6);
  CATCH_CHECK(state["log_history"][2]["eval_loss"] == 2.5);
}

CATCH_TEST_CASE(
    "the best is what the decisions say: a rule may want its metric low, and not every run decides") {
  const ifstop_test::TempFolder folder;
  auto all = events(folder);
  for (auto& event : all)
    if (event["kind"] == "decision") event["best"] = 0.2, event["best_step"] = 0;  // direction=minimize
  const auto lowest = trainer_state(all, {.global_step = 4, .checkpoint_prefix = "checkpoints/step-"});
  CATCH_CHECK(lowest["best_metric"] == 0.2);
  CATCH_CHECK(lowest["best_global_step"] == 0);
  CATCH_CHECK(lowest["best_model_checkpoint"].is_null());  // step 0 was never saved
  all.back() = Json{{"kind", "decision"}, {"step", 4}, {"best", nullptr}, {"best_step", 0}};
  CATCH_CHECK(trainer_state(all, {.global_step = 4})["best_metric"] ==
              0.2);  // it saw nothing; earlier ones did
  const ifstop_test::TempFolder other;
  const auto none = trainer_state(events(other, false), {.global_step = 4});
  CATCH_CHECK(none["best_metric"].is_null());
  CATCH_CHECK(none["best_global_step"].is_null());
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
