#include "ifstop/stop/peers.hpp"

#include "stop/points.hpp"
#include "support/catch.hpp"

using namespace ifstop_test;
using Catch::Matchers::Message;

CATCH_TEST_CASE("each peer's default, on one curve") {
  //                                     8   16  24  32  40   48   56   64   72   80   88
  const auto evaluations = values({.2, .5, .7, .9, .89, .93, .93, .92, .91, .93, .925});
  const auto peers = ifstop::peer_decisions(evaluations);
  const auto stop_of = [&](const std::string& whose) {
    for (const auto& peer : peers)
      if (peer.rule.starts_with(whose)) return peer.stopped ? peer.examples : -peer.examples;
    return std::int64_t{0};
  };
  CATCH_CHECK(stop_of("Hugging Face") == 40);  // .89 is one miss
  CATCH_CHECK(stop_of("Keras") == 40);
  CATCH_CHECK(stop_of("Lightning") == 72);  // .93, .92, .91 after .93
  CATCH_CHECK(stop_of("often used") == 72);
  CATCH_CHECK(stop_of("Ray Tune") == 72);  // .93 .93 .92 .91 deviate by .0083
  CATCH_CHECK(peers.size() == 5);
  for (const auto& peer : ifstop::peer_decisions(values({.1, .2, .3}))) {
    CATCH_CHECK_FALSE(peer.stopped);
    CATCH_CHECK(peer.examples == 24);
  }
  CATCH_CHECK_FALSE(ifstop::peer_decisions({}).front().stopped);
}

CATCH_TEST_CASE("the deviation rule gives reasons and survives a resume") {
  ifstop::Deviation rule({.grace_evaluations = 6});
  std::string state = rule.state();
  bool stop = false;
  for (const auto& e : values({.5, .9, .9, .9, .9, .9})) {
    ifstop::Deviation next({.grace_evaluations = 6});
    next.restore(state);
    CATCH_CHECK_FALSE(stop);  // not before the grace period is over
    stop = next.observe(e).stop;
    state = next.state();
  }
  CATCH_CHECK(stop);
  CATCH_CHECK(rule.observe(value_at(8, .5)).reason == "ifs 0.5: 1 of 4 values");
  for (int i = 2; i < 4; ++i) rule.observe(value_at(8 * i, .5));
  CATCH_CHECK(rule.observe(value_at(32, .7)).reason ==
              "ifs 0.7: the last 4 values deviate by 0.0866, limit 0.01");
  CATCH_CHECK_THROWS_MATCHES(ifstop::Deviation({.window = 1}), std::invalid_argument,
                             Message("deviation: window = 1 must be 2 or more"));
  CATCH_CHECK_THROWS_MATCHES(ifstop::Deviation({.deviation = -1}), std::invalid_argument,
                             Message("deviation: deviation = -1 must be 0 or more"));
}
