#include "ifstop/report/event_log.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "support/catch.hpp"
#include "support/temp_folder.hpp"

using namespace ifstop;
using namespace ifstop::report;

namespace {

// A run of `steps` steps that evaluates and saves at every second.
void write_run(const std::filesystem::path& path, std::int64_t steps) {
  EventLog log(path);
  log.start({}, {{"model", "tiny"}});
  for (std::int64_t step = 1; step <= steps; ++step) {
    const Moment at{step, 8 * step, 0.5 * static_cast<double>(step)};
    log.train(at, {1.0 / static_cast<double>(step), 1e-4, 0.7, 100 * step});
    if (step % 2 != 0) continue;
    Evaluation evaluation{.step = step, .examples = 8 * step, .seconds = at.seconds};
    evaluation.scores["ifs"] = {{step, 10, {}}, 0, 1};
    log.eval(evaluation);
    log.decision(at, {.rule = "patience", .reason = "still rising"});
    log.checkpoint(at, "checkpoints/step-" + std::to_string(step));
  }
}

std::string last_kind(const std::filesystem::path& path) {
  return read_events(path).back()["kind"];
}

}  // namespace

CATCH_TEST_CASE("each kind of event has kind, step, examples and seconds first, then its own") {
  const ifstop_test::TempFolder folder;
  EventLog log(folder.path() / "run" / "events.jsonl");  // the folder is made
  log.start({}, {{"seed", 1}});
  log.train({3, 24, 1.5}, {0.1, 5e-5, std::nan(""), 300});
  log.checkpoint({3, 24, 2}, "checkpoints/step-3");
  log.end({3, 24, 2.5}, "stopped", {});
  CATCH_CHECK(folder.read("run/events.jsonl") ==
              R"({"kind":"start","step":0,"examples":0,"seconds":0.0,"schema_version":1,"seed":1}
{"kind":"train","step":3,"examples":24,"seconds":1.5,"loss":0.1,"learning_rate":5e-05,"grad_norm":null,"tokens":300}
{"kind":"checkpoint","step":3,"examples":24,"seconds":2.0,"path":"checkpoints/step-3"}
{"kind":"end","step":3,"examples":24,"seconds":2.5,"status":"stopped"}
)");
}

CATCH_TEST_CASE("an evaluation comes back exactly: scores, outcomes of single prompts, other metrics") {
  const ifstop_test::TempFolder folder;
  Evaluation evaluation{.step = 5,
                        .examples = 40,
                        .tokens = 999,
                        .planned_examples = 800,
                        .seconds = 0.1 + 0.2,
                        .seconds_eval = 1.0 / 3.0,
                        .prompts = 4};
  evaluation.scores["ifs"] = {{3, 4, {1, 0, 1, 1}}, 0.3, 0.95};
  evaluation.scores["mine"] = {{0, 4, {}}, 0, 0.6};
  evaluation.values["eval_loss"] = 2.0 / 3.0;
  EventLog(folder.path() / "events.jsonl").eval(evaluation);
  const Evaluation back = evaluation_from_json(read_events(folder.path() / "events.jsonl").at(0));
  CATCH_CHECK(back.scores.at("ifs").tally == evaluation.scores.at("ifs").tally);
  CATCH_CHECK(back.scores.at("mine").tally == evaluation.scores.at("mine").tally);
  CATCH_CHECK_FALSE(back.scores.at("objecqa").measured());  // named although not measured
  CATCH_CHECK(back.values == evaluation.values);
  CATCH_CHECK(back.seconds == evaluation.seconds);
  CATCH_CHECK(back.seconds_eval == evaluation.seconds_eval);
  CATCH_CHECK(std::tuple(back.step, back.examples, back.tokens, back.planned_examples, back.prompts) ==
              std::tuple(5, 40, 999, 800, 4));
}

CATCH_TEST_CASE("a log is appended to, never begun anew") {
  const ifstop_test::TempFolder folder;
  const auto path = folder.path() / "events.jsonl";
  EventLog(path).start({}, {});
  EventLog(path).end({}, "done", {});
  CATCH_CHECK(read_events(path).size() == 2);
}

CATCH_TEST_CASE("a log cut at a checkpoint and written on equals one that was never interrupted") {
  const ifstop_test::TempFolder folder;
  const auto whole = folder.path() / "whole.jsonl", cut = folder.path() / "cut.jsonl";
  write_run(whole, 4);
  write_run(cut, 7);  // went on to step 7 after the checkpoint of step 4, then was killed
  CATCH_CHECK(cut_events_after(cut, 4));
  CATCH_CHECK(folder.read("cut.jsonl") == folder.read("whole.jsonl"));
}

CATCH_TEST_CASE("killed while writing a line: the half line goes, and the rest stays") {
  const ifstop_test::TempFolder folder;
  const auto path = folder.path() / "events.jsonl";
  write_run(path, 3);
  const std::string whole = folder.read("events.jsonl");
  folder.write("events.jsonl", whole + R"({"kind":"train","st)");
  CATCH_CHECK(read_events(path).size() == 7);
  CATCH_CHECK(cut_events_after(path, 3) == false);  // no checkpoint was saved at step 3
  CATCH_CHECK(folder.read("events.jsonl") == whole);
}

CATCH_TEST_CASE("killed between a checkpoint and its event: what came before it stays") {
  const ifstop_test::TempFolder folder;
  const auto path = folder.path() / "events.jsonl";
  write_run(path, 4);
  std::string text = folder.read("events.jsonl");
  text.erase(text.rfind("{\"kind\":\"checkpoint\""));
  folder.write("events.jsonl", text);
  CATCH_CHECK_FALSE(cut_events_after(path, 4));
  CATCH_CHECK(folder.read("events.jsonl") == text);
  CATCH_CHECK(last_kind(path) == "decision");
}

CATCH_TEST_CASE("an end after the checkpoint is cut too: a resumed run writes its own") {
  const ifstop_test::TempFolder folder;
  const auto path = folder.path() / "events.jsonl";
  write_run(path, 2);
  EventLog(path).end({2, 16, 9}, "preempted", {});
  CATCH_CHECK(cut_events_after(path, 2));
  CATCH_CHECK(last_kind(path) == "checkpoint");
}

CATCH_TEST_CASE("cutting at step 0 keeps the baseline; a missing log becomes an empty one") {
  const ifstop_test::TempFolder folder;
  const auto path = folder.path() / "events.jsonl";
  write_run(path, 2);
  CATCH_CHECK_FALSE(cut_events_after(path, 0));
  CATCH_CHECK(last_kind(path) == "start");
  CATCH_CHECK_FALSE(cut_events_after(folder.path() / "none.jsonl", 3));
  CATCH_CHECK(folder.read("none.jsonl").empty());
}

CATCH_TEST_CASE("what is no event is named with file and line") {
  const ifstop_test::TempFolder folder;
  const auto path = folder.write("events.jsonl", "{\"kind\":\"start\",\"step\":0}\nnonsense\n");
  CATCH_CHECK_THROWS_WITH(
      read_events(path), Catch::StartsWith(path.string() + ":2: not an event: not valid JSON: syntax error"));
  CATCH_CHECK_THROWS_WITH(read_events(folder.write("b.jsonl", "[]\n")),
                          Catch::EndsWith("b.jsonl:1: not an event: no \"kind\" or \"step\""));
  const auto refused = [&](const char* line, const std::string& text) {
    CATCH_CHECK_THROWS_WITH(read_events(folder.write("c.jsonl", std::string(line) + "\n")),
                            Catch::EndsWith("c.jsonl:1: not an event: " + text));
  };
  refused(R"({"kind": "eval", "step": "one"})", "\"step\" is \"one\", not a whole number from 0 on");
  refused(R"({"kind": "eval", "step": null})", "\"step\" is null, not a whole number from 0 on");
  refused(R"({"kind": "eval", "step": 1e300})", "\"step\" is 1e+300, more than 9007199254740992");
  refused(R"({"kind": "eval", "step": 1, "examples": -1})",
          "\"examples\" is -1, not a whole number from 0 on");
  refused(R"({"kind": "train", "step": 1, "loss": "low"})", "\"loss\" is \"low\", not a number");
  refused(R"({"kind": 1, "step": 1})", "\"kind\" is 1, not a text");
  CATCH_CHECK_THROWS_WITH(read_events(folder.path() / "none"),
                          Catch::EndsWith("none: no such file; is this a run's folder?"));
}
