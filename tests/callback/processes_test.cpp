// Several real processes, joined by sockets: the same decision on all, and a clear error where one is
// missing.
#include "ifstop/callback/processes.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>

#include "callback/fake_run.hpp"
#include "support/catch.hpp"

using namespace ifstop_test;
using ifstop::Processes;

namespace {

constexpr double timeout_seconds = 2;

void send_all(int socket, const void* data, std::size_t size, int peer) {
  for (auto* at = static_cast<const char*>(data); size > 0;) {
    const auto sent = ::send(socket, at, size, MSG_NOSIGNAL);
    if (sent <= 0) throw ifstop::MissingRank(peer, timeout_seconds);
    at += sent, size -= static_cast<std::size_t>(sent);
  }
}

void receive_all(int socket, void* data, std::size_t size, int peer) {
  for (auto* at = static_cast<char*>(data); size > 0;) {
    pollfd ready{socket, POLLIN, 0};
    const int answers = ::poll(&ready, 1, static_cast<int>(1000 * timeout_seconds));
    const auto got = answers > 0 ? ::recv(socket, at, size, 0) : 0;
    if (got <= 0) throw ifstop::MissingRank(peer, timeout_seconds);
    at += got, size -= static_cast<std::size_t>(got);
  }
}

/// Rank 0 has a socket to every other rank; the others have one, to rank 0, who answers each collective with
/// the rank that is missing (-1: none) and the result.
struct Star {
  int rank, world_size;
  std::vector<int> sockets;

  int socket(int peer) const { return sockets[rank == 0 ? static_cast<std::size_t>(peer) : 0]; }

  void answer(int missing, const void* data, std::size_t size) const {
    for (int peer = 1; peer < world_size; ++peer) {
      if (peer == missing) continue;
      send_all(socket(peer), &missing, sizeof missing, peer);
      if (missing < 0) send_all(socket(peer), data, size, peer);
    }
    if (missing >= 0) throw ifstop::MissingRank(missing, timeout_seconds);
  }
  void hear(void* data, std::size_t size) const {
    int missing = -1;
    receive_all(socket(0), &missing, sizeof missing, 0);
    if (missing >= 0) throw ifstop::MissingRank(missing, timeout_seconds);
    receive_all(socket(0), data, size, 0);
  }
  void sum(std::span<std::int64_t> numbers) const {
    if (rank != 0) {
      send_all(socket(0), numbers.data(), numbers.size_bytes(), 0);
      return hear(numbers.data(), numbers.size_bytes());
    }
    std::vector<std::int64_t> others(numbers.size());
    int missing = -1;
    for (int peer = 1; peer < world_size && missing < 0; ++peer) {
      try {
        receive_all(socket(peer), others.data(), numbers.size_bytes(), peer);
        for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] += others[i];
      } catch (const ifstop::MissingRank& error) {
        missing = error.rank;
      }
    }
    answer(missing, numbers.data(), numbers.size_bytes());
  }
  void broadcast(std::string& text) const {
    auto size = text.size();
    if (rank == 0)
      answer(-1, &size, sizeof size), answer(-1, text.data(), size);
    else
      hear(&size, sizeof size), text.resize(size), hear(text.data(), size);
  }
};

Processes joined(int rank, int world_size, std::vector<int> sockets) {
  const Star star{rank, world_size, std::move(sockets)};
  return {rank, world_size, [star](std::span<std::int64_t> numbers) { star.sum(numbers); },
          [star](std::string& text) { star.broadcast(text); }};
}

/// Runs body(processes) in `world_size` forked processes and gives what each returned. One that returns
/// "exit" ends without a word.
template <class Body>
std::vector<std::string> in_processes(int world_size, const Body& body) {
  std::vector<int> to_rank(static_cast<std::size_t>(world_size)), from_zero(to_rank), result(to_rank);
  std::vector<pid_t> children;
  for (std::size_t r = 1; r < to_rank.size(); ++r) {
    int pair[2];
    CATCH_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    to_rank[r] = pair[0], from_zero[r] = pair[1];
  }
  for (std::size_t r = 0; r < to_rank.size(); ++r) {
    int pipe[2];
    CATCH_REQUIRE(::pipe(pipe) == 0);
    result[r] = pipe[0];
    const pid_t child = ::fork();
    if (child == 0) {
      // Only this rank's ends stay open, so that a rank that is gone is seen to be gone.
      for (std::size_t peer = 1; peer < to_rank.size(); ++peer) {
        if (r != 0) ::close(to_rank[peer]);
        if (r != peer) ::close(from_zero[peer]);
      }
      std::string text;
      try {
        text =
            body(joined(static_cast<int>(r), world_size, r == 0 ? to_rank : std::vector<int>{from_zero[r]}));
      } catch (const std::exception& error) {
        text = std::string("error: ") + error.what();
      }
      const auto written = ::write(pipe[1], text.data(), text.size());
      ::_exit(written == static_cast<ssize_t>(text.size()) ? 0 : 1);
    }
    ::close(pipe[1]);
    children.push_back(child);
  }
  for (std::size_t r = 1; r < to_rank.size(); ++r) ::close(to_rank[r]), ::close(from_zero[r]);
  std::vector<std::string> results(to_rank.size());
  for (std::size_t r = 0; r < to_rank.size(); ++r) {
    char buffer[4096];
    for (ssize_t got = 0; (got = ::read(result[r], buffer, sizeof buffer)) > 0;)
      results[r].append(buffer, static_cast<std::size_t>(got));
    ::close(result[r]);
    ::waitpid(children[r], nullptr, 0);
  }
  return results;
}

ifstop::IfsOptions options_for(const Processes& processes) {
  ifstop::IfsOptions options;
  options.every = "16", options.max_overhead = 0, options.processes = processes;
  return options;
}

/// A run to its stop; what the process knows at the end, without times.
std::string run_to_stop(const Processes& processes, ifstop::IfsOptions options,
                        std::size_t* prompts_made = nullptr) {
  FakeRun run;
  run.seconds_eval = 1 + processes.rank;  // clocks differ
  options.processes = processes;
  auto callback = run.callback(options, "default", 101);
  bool stopped = callback.on_run_begin({.plan = {.steps = 1000}}).stop;
  while (!stopped && run.step < 1000) {
    run.step += 1, run.now += 1 + processes.rank;
    stopped = callback.on_step_end({.step = run.step, .examples = 8 * run.step}).stop;
  }
  if (prompts_made)
    for (const auto& request : run.requests) *prompts_made += request.prompts.size();
  std::string completions;
  for (const auto& c : callback.last()->completions) completions += c.text;
  std::string curve;
  for (const auto& e : callback.curve()) curve += fmt::format(" {}", e.scores.at("ifs").tally.successes);
  return fmt::format("{} {} {} {}\n{}\n{}", run.step, callback.decision().stop, callback.decision().reason,
                     curve, completions, callback.rule().state());
}

}  // namespace

CATCH_TEST_CASE("two and three processes come to the same decision as one, each making its share") {
  const auto alone = run_to_stop({}, options_for({}));
  CATCH_CHECK(alone.find("has reached its plateau") != std::string::npos);
  for (const int world_size : {2, 3}) {
    const auto results = in_processes(world_size, [](const Processes& p) {
      std::size_t made = 0;
      const auto text = run_to_stop(p, options_for(p), &made);
      return made > 0 && made % 101 != 0 ? text : "made all prompts or none";
    });
    for (const auto& result : results) CATCH_CHECK(result == alone);
  }
}

CATCH_TEST_CASE("options that are not the same on all ranks are an error on every rank, not a hang") {
  const auto results = in_processes(3, [](const Processes& p) {
    auto options = options_for(p);
    if (p.rank == 2) options.max_new_tokens = 7;
    FakeRun run;
    auto callback = run.callback(options);
    callback.on_run_begin({.plan = {.steps = 10}});
    return std::string("no error");
  });
  for (const auto& result : results)
    CATCH_CHECK(result.starts_with("error: the options on rank 2 are not those of rank 0"));
  CATCH_CHECK(results[2].find("option.max_new_tokens 7") != std::string::npos);
  CATCH_CHECK(results[2].find("there\n") != std::string::npos);
}

CATCH_TEST_CASE("schedules that depend on time are rank 0's") {
  const auto results = in_processes(2, [](const Processes& p) {
    auto options = options_for(p);
    options.max_overhead = .2;
    return run_to_stop(p, options);
  });
  CATCH_CHECK(results[0] == results[1]);
  CATCH_CHECK(results[0].find("has reached its plateau") != std::string::npos);
  const auto seconds = in_processes(2, [](const Processes& p) {
    auto options = options_for(p);
    options.every = "20s";
    return run_to_stop(p, options);
  });
  CATCH_CHECK(seconds[0] == seconds[1]);
}

CATCH_TEST_CASE("a Generate that throws on one rank is the same error on every rank") {
  const auto results = in_processes(2, [](const Processes& p) {
    auto options = options_for(p);
    FakeRun run;
    options.clock = run.clock();
    ifstop::Generate generate =
        [&](const ifstop::GenerateRequest& request) -> std::vector<ifstop::Completion> {
      if (p.rank == 1) throw std::runtime_error("no memory left for 7 rows");
      return run.generate()(request);
    };
    ifstop::IfsCallback callback(generate, prompts(9), ifstop::Scorer(judge()), ifstop::make_rule("default"),
                                 options);
    callback.on_run_begin({.plan = {.steps = 10}});
    return std::string("no error");
  });
  for (const auto& result : results)
    CATCH_CHECK(result ==
                "error: the evaluation at step 0 failed on rank 1: no memory left for 7 rows; nothing of it "
                "was recorded");
}

CATCH_TEST_CASE("a signal that reached one rank cancels the evaluation on all") {
  const auto results = in_processes(2, [](const Processes& p) {
    auto options = options_for(p);
    options.cancelled = [&] { return p.rank == 1; };
    FakeRun run;
    auto callback = run.callback(options);
    const auto decision = callback.on_run_begin({.plan = {.steps = 10}});
    return fmt::format("{} {}", callback.evaluated(), decision.reason);
  });
  for (const auto& result : results)
    CATCH_CHECK(
        result ==
        "false the evaluation at step 0 was cancelled: nothing of it was recorded, it will be made up for");
}

CATCH_TEST_CASE("a judge that fails on rank 0 is an error on every rank") {
  struct Broken : PrefixJudge {
    std::vector<double> probabilities(std::span<const ifstop::JudgePair>) const override {
      throw std::runtime_error("no weights");
    }
  };
  const auto results = in_processes(2, [](const Processes& p) {
    const Broken broken;
    auto options = options_for(p);
    FakeRun run;
    ifstop::IfsCallback callback(run.generate(), prompts(9), ifstop::Scorer(broken),
                                 ifstop::make_rule("default"), options);
    callback.on_run_begin({.plan = {.steps = 10}});
    return std::string("no error");
  });
  for (const auto& result : results)
    CATCH_CHECK(
        result ==
        "error: the evaluation at step 0 could not be scored: no weights; nothing of it was recorded");
}

CATCH_TEST_CASE("a process that has died is named by the others, and nobody hangs") {
  for (const int dead : {0, 1, 2}) {
    const auto results = in_processes(3, [&](const Processes& p) {
      FakeRun run;
      auto callback = run.callback(options_for(p));
      callback.on_run_begin({.plan = {.steps = 100}});
      while (run.step < 16) {
        run.step += 1;
        if (p.rank == dead && run.step == 10) ::_exit(9);
        callback.on_step_end({.step = run.step, .examples = 8 * run.step});
      }
      return std::string("no error");
    });
    for (int rank = 0; rank < 3; ++rank) {
      const auto& result = results[static_cast<std::size_t>(rank)];
      if (rank == dead)
        CATCH_CHECK(result.empty());
      else
        CATCH_CHECK(
            result ==
            fmt::format(
                "error: rank {} did not answer within 2 s: it has ended or hangs; look at its own log",
                dead));
    }
  }
}
