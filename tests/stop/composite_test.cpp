#include "ifstop/stop/composite.hpp"

#include "ifstop/stop/all_of.hpp"
#include "ifstop/stop/any_of.hpp"
#include "ifstop/stop/threshold.hpp"
#include "stop/points.hpp"
#include "support/catch.hpp"

using namespace ifstop_test;
using Catch::Matchers::Message;

namespace {

ifstop::RulePtr reach(const std::string& metric, double threshold) {
  return std::make_unique<ifstop::Threshold>(ifstop::ThresholdOptions{
      .metric = metric, .threshold = threshold, .evaluations = 1, .bound = ifstop::Bound::value});
}

template <class Kind>
Kind both() {
  std::vector<ifstop::RulePtr> members;
  members.push_back(reach("ifs", .9)), members.push_back(reach("ifs_strict", .8));
  return Kind(std::move(members));
}

ifstop::Evaluation point(std::int64_t examples, double ifs, double strict) {
  auto e = value_at(examples, ifs);
  e.values["ifs_strict"] = strict;
  return e;
}

}  // namespace

CATCH_TEST_CASE("all_of stops when every member has said so, not necessarily at once") {
  auto rule = both<ifstop::AllOf>();
  CATCH_CHECK(rule.observe(point(8, .5, .3)).reason ==
              "ifs 0.5 is below the threshold 0.9; ifs_strict 0.3 is below the threshold 0.8");
  const auto one = rule.observe(point(16, .95, .7));  // ifs says stop and is remembered
  CATCH_CHECK_FALSE(one.stop);
  CATCH_CHECK(one.reason == "ifs_strict 0.7 is below the threshold 0.8");
  CATCH_CHECK(one.best == .7);  // the worse of the two is what "best" is about
  CATCH_CHECK(one.keep);
  const auto stop = rule.observe(point(24, .85, .8));
  CATCH_CHECK(stop.stop);
  CATCH_CHECK(stop.rule == "all_of");
  CATCH_CHECK(stop.reason ==
              "ifs 0.95 has reached the threshold 0.9: 1 of 1 in a row; ifs_strict 0.8 has reached the "
              "threshold 0.8: 1 of 1 in a row");
  CATCH_CHECK(stop.best_examples == 24);
  auto again = rule.observe(point(32, 0, 0));
  CATCH_CHECK(again.stop);
  CATCH_CHECK_FALSE(again.keep);
}

CATCH_TEST_CASE("any_of stops with the first member that says so") {
  auto rule = both<ifstop::AnyOf>();
  const auto on = rule.observe(point(8, .5, .3));
  CATCH_CHECK(on.rule == "any_of");
  CATCH_CHECK(on.reason == "ifs 0.5 is below the threshold 0.9");
  const auto stop = rule.observe(point(16, .6, .9));
  CATCH_CHECK(stop.stop);
  CATCH_CHECK(stop.rule == "any_of: threshold");
  CATCH_CHECK(stop.reason == "ifs_strict 0.9 has reached the threshold 0.8: 1 of 1 in a row");
  CATCH_CHECK(stop.best == .6);  // the main rule's
}

CATCH_TEST_CASE("a composite needs members") {
  CATCH_CHECK_THROWS_MATCHES(ifstop::AllOf({}), std::invalid_argument,
                             Message("all_of: members is empty; give it at least one rule"));
  std::vector<ifstop::RulePtr> null(1);
  CATCH_CHECK_THROWS_MATCHES(ifstop::AnyOf(std::move(null)), std::invalid_argument,
                             Message("any_of: a member is null"));
}
