#include "ifstop/score/server_judge.hpp"

#include <cmath>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "ifstop/score/builtin_judges.hpp"
#include "ifstop/score/scorer.hpp"
#include "score/objectivity_question.hpp"
#include "server/local_server.hpp"
#include "support/catch.hpp"
#include "support/temp_folder.hpp"

using ifstop::JudgePair;
using ifstop::ServerJudge;
using ifstop::ServerJudgeOptions;
using ifstop_test::LocalServer;
using ifstop_test::Request;

namespace {

std::string says(const std::string& reply) {
  return LocalServer::response("200 OK",
                               nlohmann::json{{"choices", {{{"message", {{"content", reply}}}}}}}.dump());
}

/// Calls objective what holds the word "depends".
std::string sensible(const Request& request) {
  const auto body = nlohmann::json::parse(request.body);
  const auto answer = body["messages"].back()["content"].get<std::string>();
  return says(answer.find("depends") != answer.npos ? "Objective." : " subjective\n");
}

ServerJudgeOptions options(const std::string& url) {
  return {.url = url, .model = "judge-7b", .timeout_seconds = 10, .retries = 2, .wait_seconds = 0};
}

const std::vector<JudgePair> pairs{{"Tea or coffee?", "It depends."},
                                   {"Tea or coffee?", "Tea!"},
                                   {"Dogs or cats?", "Tea!"},
                                   {"Dogs or cats?", "That depends on you."}};

std::string message_of(const ServerJudge& judge) {
  try {
    judge.probabilities(pairs);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

CATCH_TEST_CASE("answers are judged by the server, each different one once") {
  const LocalServer server(sensible);
  auto o = options(server.url() + "/");
  o.api_key = "secret";
  const ServerJudge judge(o);
  CATCH_CHECK(judge.probabilities(pairs) == std::vector<double>{1, 0, 0, 1});
  CATCH_CHECK(judge.requests() == 3);
  CATCH_CHECK(judge.probabilities(pairs) == std::vector<double>{1, 0, 0, 1});
  CATCH_CHECK(judge.requests() == 3);  // nothing is asked twice
  CATCH_CHECK(judge.probabilities({}).empty());
  const std::vector<JudgePair> blank{{"Tea or coffee?", ""}, {"Tea or coffee?", " \n"}};
  CATCH_CHECK(judge.probabilities(blank) == std::vector<double>{0, 0});
  CATCH_CHECK(judge.requests() == 3);
  const auto request = server.requests().front();
  CATCH_CHECK(request.head.find("POST /v1/chat/completions HTTP/1.1") == 0);
  CATCH_CHECK(request.head.find("Authorization: Bearer secret") != request.head.npos);
  const auto body = nlohmann::json::parse(request.body);
  CATCH_CHECK(body["model"] == "judge-7b");
  CATCH_CHECK(body["temperature"] == 0);
  CATCH_CHECK(body["max_tokens"] == 16);
  std::vector<std::string> roles;
  for (const auto& message : body["messages"]) roles.push_back(message["role"]);
  CATCH_CHECK(roles == std::vector<std::string>{"system", "user", "assistant", "user", "assistant", "user"});
  CATCH_CHECK(body["messages"][2]["content"] == "objective");
  CATCH_CHECK(body["messages"][4]["content"] == "subjective");
}

CATCH_TEST_CASE("it works as the objectivity judge of a scorer") {
  const LocalServer server(sensible);
  const ServerJudge judge(options(server.url()));
  const std::vector<ifstop::Prompt> prompts{{"q1", "Tea or coffee?", ifstop::PromptKind::preference, "", {}},
                                            {"f1", "Name a river.", ifstop::PromptKind::full, "", {}}};
  const std::vector<ifstop::Completion> completions{{"It depends on you.\nUser: Thanks!"}, {"The Po."}};
  const auto scored = ifstop::Scorer(ifstop::builtin_tone_judge(), &judge).score(prompts, completions);
  CATCH_CHECK(scored.rows[0].objective == true);
  CATCH_CHECK(scored.scores.at("objecqa").value() == 1);
  CATCH_REQUIRE(server.requests().size() == 1);  // preference prompts alone, and the first turn alone
  CATCH_CHECK(nlohmann::json::parse(server.requests()[0].body)["messages"].back()["content"] ==
              "It depends on you.\n");
  CATCH_CHECK(judge.info().name == "server judge-7b");
  CATCH_CHECK(judge.info().version == "two-shot 1");
  CATCH_CHECK(std::isnan(judge.info().auc));
}

CATCH_TEST_CASE("what may pass is tried again: a busy server, a broken reply, a connection that ends") {
  int calls = 0;
  const LocalServer server([&](const Request& request) {
    switch (++calls) {
      case 1:
        return LocalServer::response("503 Service Unavailable", "loading");
      case 2:
        return LocalServer::response("429 Too Many Requests", "{}");
      case 3:
        return std::string("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"choi");
      case 4:
        return says("As an AI, I cannot tell.");
      default:
        return sensible(request);
    }
  });
  auto o = options(server.url());
  o.parallel = 1;
  const ServerJudge judge(o);
  CATCH_CHECK(judge.probabilities(pairs) == std::vector<double>{1, 0, 0, 1});
  CATCH_CHECK(judge.requests() == 3 + 3 + 1);  // all three failed, then the first of them once more
}

CATCH_TEST_CASE("a server that stays down, slow or odd is named, with what to try") {
  std::string gone;
  {
    const LocalServer server(sensible);
    gone = server.url();
  }
  CATCH_CHECK(
      message_of(ServerJudge(options(gone))) ==
      "judge server " + gone +
          ": Couldn't connect to server (3 of 3 answers without a verdict after 3 attempts). Is the address "
          "right, and the server running with model \"judge-7b\"? Verdicts so far are kept for this run "
          "only; "
          "without a server the built-in judge of objectivity is used");
  const LocalServer silent([](const Request&) { return ""; });
  auto o = options(silent.url());
  o.timeout_seconds = 0.05;
  o.retries = 0;
  CATCH_CHECK_THAT(message_of(ServerJudge(o)),
                   Catch::Contains("Timeout was reached (3 of 3 answers without a verdict after 1 attempt)"));
  const LocalServer odd([](const Request&) { return says("objective or subjective?"); });
  CATCH_CHECK_THAT(
      message_of(ServerJudge(options(odd.url()))),
      Catch::Contains("it replied \"objective or subjective?\", which is neither objective nor subjective"));
}

CATCH_TEST_CASE("what will not pass is told at once, in the server's words") {
  const LocalServer server([](const Request&) {
    return LocalServer::response("404 Not Found",
                                 R"({"error": {"message": "no model judge-7b", "code": 404}})");
  });
  const ServerJudge judge(options(server.url()));
  CATCH_CHECK_THAT(message_of(judge), Catch::Contains("HTTP 404: no model judge-7b. Is the address right"));
  CATCH_CHECK(judge.requests() == 3);  // no retries
}

CATCH_TEST_CASE("verdicts are kept in a file: a second run asks nothing, another model asks anew") {
  const ifstop_test::TempFolder folder;
  const LocalServer server(sensible);
  auto o = options(server.url());
  o.cache = folder.path() / "verdicts.jsonl";
  CATCH_CHECK(ServerJudge(o).probabilities(pairs) == std::vector<double>{1, 0, 0, 1});
  std::ofstream(o.cache, std::ios::app) << "{\"scheme\": \"two-sh";  // a run was killed while it wrote
  const ServerJudge again(o);
  CATCH_CHECK(again.probabilities(pairs) == std::vector<double>{1, 0, 0, 1});
  CATCH_CHECK(again.requests() == 0);
  auto other = o;
  other.model = "judge-70b";
  const ServerJudge larger(other);
  CATCH_CHECK(larger.probabilities(pairs) == std::vector<double>{1, 0, 0, 1});
  CATCH_CHECK(larger.requests() == 3);
  std::ifstream file(o.cache);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  CATCH_CHECK(std::count(text.begin(), text.end(), '\n') == 6);
  std::ofstream(o.cache, std::ios::app) << "{\"prompt\": \"x\"}\n";
  CATCH_CHECK_THROWS_WITH(ServerJudge(o),
                          o.cache.string() + ":7: no verdict of a judge server; is this another file?");
  o.cache = folder.path() / "none" / "verdicts.jsonl";
  CATCH_CHECK_THROWS_WITH(ServerJudge(o),
                          o.cache.string() + ": cannot write verdicts there; does its folder exist?");
}

CATCH_TEST_CASE("verdicts of a run that failed half-way are kept") {
  const ifstop_test::TempFolder folder;
  bool down = true;
  const LocalServer server([&](const Request& request) {
    if (down && request.body.find("Tea!") != request.body.npos) return LocalServer::response("500 Oops", "");
    return sensible(request);
  });
  auto o = options(server.url());
  o.cache = folder.path() / "verdicts.jsonl";
  CATCH_CHECK_THAT(
      message_of(ServerJudge(o)),
      Catch::Contains("HTTP 500: (no text) (1 of 3 answers without a verdict after 3 attempts)"));
  down = false;
  const ServerJudge judge(o);
  CATCH_CHECK(judge.probabilities(pairs) == std::vector<double>{1, 0, 0, 1});
  CATCH_CHECK(judge.requests() == 1);
}

CATCH_TEST_CASE("bad options are refused by name and value") {
  const auto fails = [](ServerJudgeOptions o, const char* message) {
    CATCH_CHECK_THROWS_WITH(ServerJudge(o), std::string("ServerJudgeOptions: ") + message);
  };
  fails({.url = "localhost:8000", .model = "m"},
        "url \"localhost:8000\" does not begin with http:// or https://");
  fails({.model = ""}, "model is empty: the server must be told which of its models to ask");
  fails({.model = "m", .timeout_seconds = 0}, "timeout_seconds = 0 is not above 0 and at most a day");
  fails({.model = "m", .retries = -1}, "retries = -1 is negative");
  fails({.model = "m", .wait_seconds = -1}, "wait_seconds = -1 is not between 0 and an hour");
  fails({.model = "m", .parallel = 0}, "parallel = 0 is below 1");
  fails({.model = "m", .max_tokens = -1}, "max_tokens = -1 is negative");
}

CATCH_TEST_CASE("replies: one of the two words, in any dress") {
  using ifstop::server::verdict_of;
  CATCH_CHECK(verdict_of("objective") == true);
  CATCH_CHECK(verdict_of("**Subjective.**") == false);
  CATCH_CHECK(verdict_of("Classification: OBJECTIVE") == true);
  CATCH_CHECK(verdict_of("neither") == std::nullopt);
  CATCH_CHECK(verdict_of("Not subjective but objective") == std::nullopt);
  CATCH_CHECK(verdict_of("") == std::nullopt);
}
