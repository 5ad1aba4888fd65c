#include "ifstop/score/server_judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "score/http.hpp"
#include "score/objectivity_question.hpp"
#include "score/verdict_cache.hpp"

namespace ifstop {
namespace {

using namespace server;

[[noreturn]] void bad_option(const std::string& what) {
  throw std::invalid_argument("ServerJudgeOptions: " + what);
}

ServerJudgeOptions checked(ServerJudgeOptions o) {
  if (o.url.rfind("http://", 0) != 0 && o.url.rfind("https://", 0) != 0)
    bad_option(fmt::format("url \"{}\" does not begin with http:// or https://", o.url));
  if (o.model.empty()) bad_option("model is empty: the server must be told which of its models to ask");
  if (!(o.timeout_seconds > 0 && o.timeout_seconds <= 86400))
    bad_option(fmt::format("timeout_seconds = {} is not above 0 and at most a day", o.timeout_seconds));
  if (o.retries < 0) bad_option(fmt::format("retries = {} is negative", o.retries));
  if (!(o.wait_seconds >= 0 && o.wait_seconds <= 3600))
    bad_option(fmt::format("wait_seconds = {} is not between 0 and an hour", o.wait_seconds));
  if (o.parallel < 1) bad_option(fmt::format("parallel = {} is below 1", o.parallel));
  if (o.max_tokens < 0) bad_option(fmt::format("max_tokens = {} is negative", o.max_tokens));
  while (o.url.back() == '/') o.url.pop_back();
  return o;
}

/// What one request came to: a verdict, or why there is none and whether that may pass.
struct Outcome {
  std::optional<bool> objective;
  std::string problem;
  bool may_pass = true;
};

Outcome outcome_of(const HttpReply& reply) {
  if (reply.status == 0) return {std::nullopt, reply.failure};
  if (reply.status < 200 || reply.status > 299) {
    const bool busy =
        reply.status == 408 || reply.status == 409 || reply.status == 429 || reply.status >= 500;
    return {std::nullopt, fmt::format("HTTP {}: {}", reply.status, error_text(reply.body)), busy};
  }
  try {
    const auto text = reply_text(reply.body);
    if (const auto verdict = verdict_of(text)) return {verdict, ""};
    return {std::nullopt,
            fmt::format("it replied \"{}\", which is neither objective nor subjective", text.substr(0, 100))};
  } catch (const std::runtime_error& error) {
    return {std::nullopt, error.what()};
  }
}

}  // namespace

struct ServerJudge::State {
  explicit State(ServerJudgeOptions given) : options(std::move(given)), cache(options.cache, options.model) {
    info.name = "server " + options.model;
    info.version = std::string(scheme);
    info.auc = info.sensitivity = info.specificity = std::nan("");
  }

  /// Asks once about each; what has a verdict then goes to the cache. Returns the others, with the last
  /// problem seen and the longest wait that the server asks for.
  std::vector<std::string> ask(const std::vector<std::string>& answers, std::string& problem, double& wait) {
    std::vector<std::string> bodies, open;
    for (const auto& answer : answers)
      bodies.push_back(request_body(options.model, answer, options.max_tokens));
    const auto replies = post_all(
        {options.url + "/chat/completions", options.api_key, options.timeout_seconds, options.parallel},
        bodies);
    requests += bodies.size();
    bool hopeless = false;
    for (std::size_t i = 0; i < replies.size(); ++i) {
      const auto outcome = outcome_of(replies[i]);
      if (outcome.objective) {
        cache.add(answers[i], *outcome.objective);
        continue;
      }
      open.push_back(answers[i]);
      wait = std::max(wait, replies[i].retry_after_seconds);
      if (hopeless) continue;
      problem = outcome.problem;
      hopeless = !outcome.may_pass;
    }
    if (hopeless) fail(problem, "");
    return open;
  }

  [[noreturn]] void fail(const std::string& problem, const std::string& effort) const {
    throw std::runtime_error(fmt::format(
        "judge server {}: {}{}. Is the address right, and the server running with model \"{}\"? Verdicts "
        "so far are kept{}; without a server the built-in judge of objectivity is used",
        options.url, problem, effort, options.model,
        options.cache.empty() ? " for this run only" : " in " + options.cache.string()));
  }

  const ServerJudgeOptions options;
  JudgeInfo info;
  VerdictCache cache;
  std::size_t requests = 0;
  std::mutex one_at_a_time;
};

ServerJudge::ServerJudge(ServerJudgeOptions options)
    : state_(std::make_unique<State>(checked(std::move(options)))) {}
ServerJudge::~ServerJudge() = default;

const JudgeInfo& ServerJudge::info() const {
  return state_->info;
}

std::size_t ServerJudge::requests() const {
  const std::lock_guard lock(state_->one_at_a_time);
  return state_->requests;
}

std::vector<double> ServerJudge::probabilities(std::span<const JudgePair> pairs) const {
  constexpr double longest_wait_seconds = 300;
  auto& state = *state_;
  const std::lock_guard lock(state.one_at_a_time);
  const auto is_blank = [](std::string_view text) { return text.find_first_not_of(" \t\r\n") == text.npos; };
  std::set<std::string> unknown;
  for (const auto& pair : pairs)
    if (!is_blank(pair.response) && !state.cache.find(std::string(pair.response)))
      unknown.insert(std::string(pair.response));
  std::vector<std::string> open(unknown.begin(), unknown.end());
  double wait = state.options.wait_seconds;
  for (int attempt = 0; !open.empty(); ++attempt, wait *= 2) {
    std::string problem;
    double asked = 0;
    open = state.ask(open, problem, asked);
    if (open.empty()) break;
    if (attempt == state.options.retries)
      state.fail(problem, fmt::format(" ({} of {} answers without a verdict after {} attempt{})", open.size(),
                                      unknown.size(), attempt + 1, attempt == 0 ? "" : "s"));
    std::this_thread::sleep_for(
        std::chrono::duration<double>(std::min(std::max(wait, asked), longest_wait_seconds)));
  }
  std::vector<double> result;
  for (const auto& pair : pairs)
    result.push_back(!is_blank(pair.response) && *state.cache.find(std::string(pair.response)) ? 1 : 0);
  return result;
}

}  // namespace ifstop
