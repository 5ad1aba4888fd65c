#include "ifstop/report/html.hpp"

#include "support/catch.hpp"
#include "support/temp_folder.hpp"

using namespace ifstop;
using namespace ifstop::report;

namespace {

bool has(const std::string& text, const std::string& what) {
  return text.find(what) != std::string::npos;
}

Sample sample(const std::string& prompt, const std::string& response, bool strict) {
  Sample result{.kind = "full", .prompt = prompt, .response = response};
  result.strict = strict;
  return result;
}

// A run with a baseline and a stop at step 10.
void write_run(const std::filesystem::path& run) {
  EventLog log(run / "events.jsonl");
  log.start({}, {});
  for (const std::int64_t step : {0, 10}) {
    if (step > 0) log.train({step, 8 * step, 5}, {1.5, 1e-4, 0.5, 100});
    Evaluation evaluation{.step = step, .examples = 8 * step, .seconds = 5, .seconds_eval = 1};
    evaluation.scores["ifs"] = {{step == 0 ? 3 : 9, 10, {}}, 0.1, 0.99};
    log.eval(evaluation);
    write_samples(samples_path(run, step),
                  {sample("Say <b>hi</b>", step == 0 ? "<script>" : "hi & bye", step > 0)});
  }
  StopReport stop{
      .stopped = true, .rule = "patience", .reason = "It rests & stays < 1.", .step = 10, .examples = 80};
  stop.baseline["ifs"] = {{3, 10, {}}, 0.1, 0.6};
  stop.at_stop["ifs"] = {{9, 10, {}}, 0.6, 0.98};
  stop.peers = {{"slope", false, 80}};
  write_stop_report(run / "stop_report.json", stop);
}

}  // namespace

CATCH_TEST_CASE(
    "the page of a run: the decision, the curve with its stop, the table, the answers, other rules") {
  const ifstop_test::TempFolder folder;
  write_run(folder.path() / "my run");
  CATCH_CHECK(write_report(folder.path() / "my run") == folder.path() / "my run" / "report.html");
  const std::string page = folder.read("my run/report.html");
  for (const char* text :
       {"<h1>Stopped at 80 examples</h1>", "It rests &amp; stays &lt; 1.", "stop: 80", "before: 0.300",
        "<tr class=\"stop\"><td>80</td><td>0.900</td>", "Say &lt;b&gt;hi&lt;/b&gt;", "&lt;script&gt;",
        "hi &amp; bye", "<code>slope</code>"}) {
    CATCH_INFO(text);
    CATCH_CHECK(has(page, text));
  }
  CATCH_CHECK(std::filesystem::file_size(folder.path() / "my run/tensorboard/events.out.tfevents.0.ifstop") >
              100);
}

CATCH_TEST_CASE("the page needs no script and no network") {
  const ifstop_test::TempFolder folder;
  write_run(folder.path());
  const std::string page = html_report(read_run_folder(folder.path()));
  for (const char* text : {"<script", "http:", "https:", "src=", "@import", "url("}) {
    CATCH_INFO(text);
    CATCH_CHECK_FALSE(has(page, text));
  }
}

CATCH_TEST_CASE("a run that has only begun has a page too") {
  const ifstop_test::TempFolder folder;
  EventLog(folder.path() / "events.jsonl").start({}, {});
  const std::string page = html_report(read_run_folder(folder.path()));
  CATCH_CHECK(has(page, "Still running: 0 examples"));
  CATCH_CHECK_FALSE(has(page, "nan"));
}

CATCH_TEST_CASE("a folder that is no run says so") {
  const ifstop_test::TempFolder folder;
  CATCH_CHECK_THROWS_WITH(write_report(folder.path()),
                          Catch::EndsWith("no such file; is this a run's folder?"));
}
