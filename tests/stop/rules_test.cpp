#include "ifstop/stop/rules.hpp"

#include "stop/points.hpp"
#include "support/catch.hpp"

using Catch::Matchers::Message;
using ifstop::make_rule;

CATCH_TEST_CASE("every rule is found by its name, options in the name or beside it") {
  for (const auto name : ifstop::rule_names) CATCH_CHECK_NOTHROW(make_rule(name));
  CATCH_CHECK(make_rule("default", "ifs")->name() == "saturation");
  CATCH_CHECK(make_rule("default")->name() == "default");  // both metrics: all of two
  const auto state =
      make_rule("patience:patience=1,min_delta=0.01,delta=relative,target=none", "ifs", {{"window", "2"}})
          ->state();
  CATCH_CHECK(state ==
              make_rule("patience", "ifs",
                        {{"patience", "1"}, {"min_delta", "0.01"}, {"delta", "relative"}, {"window", "2"}})
                  ->state());
  CATCH_CHECK(state.find("option.patience 1\n") != state.npos);
  CATCH_CHECK(state.find("option.min_delta 0.01\n") != state.npos);
}

CATCH_TEST_CASE("every option of a rule can be given as text") {
  // Each option line of a state, given back as text, makes the same rule: no option is missing from the
  // table.
  for (const std::string name :
       {"patience", "plateau", "saturation", "slope", "sequential", "threshold", "guard_rail"}) {
    const auto state = make_rule(name, "ifs")->state();
    ifstop::RuleOptions options;
    const ifstop::StateReader in(state);
    for (const auto& [key, value] : in.all())
      if (key.starts_with("option.") && key != "option.metric") options[key.substr(7)] = value;
    CATCH_CHECK(options.size() >= 3);
    CATCH_CHECK(make_rule(name, "ifs", options)->state() == state);
  }
}

CATCH_TEST_CASE("rules joined by + stop when any says so") {
  const auto rule = make_rule("default+guard_rail:metric=correct,fall=0.1", "ifs");
  CATCH_CHECK(rule->name() == "any_of");
  const auto state = rule->state();
  CATCH_CHECK(state.find("member.1.option.metric correct\n") != state.npos);
  CATCH_CHECK(state.find("member.0.option.metric ifs\n") != state.npos);
  CATCH_CHECK(make_rule("patience:min_delta=1e+0")->name() == "patience");  // a number, not two rules
}

CATCH_TEST_CASE("what is not known is named with what is") {
  CATCH_CHECK_THROWS_MATCHES(make_rule("magic"), std::invalid_argument,
                             Message("there is no rule \"magic\"; there are default, patience, plateau, "
                                     "saturation, slope, sequential, threshold, guard_rail"));
  CATCH_CHECK_THROWS_MATCHES(
      make_rule("threshold:limit=3", "ifs"), std::invalid_argument,
      Message("rule threshold has no option \"limit\"; it has direction, threshold, evaluations, bound"));
  CATCH_CHECK_THROWS_MATCHES(make_rule("patience:3"), std::invalid_argument,
                             Message("rule \"patience\": \"3\" is not option=value"));
  CATCH_CHECK_THROWS_MATCHES(make_rule("patience:patience=x"), std::invalid_argument,
                             Message("rule patience: patience = \"x\" is not a whole number"));
  CATCH_CHECK_THROWS_MATCHES(make_rule("patience:min_delta=1e"), std::invalid_argument,
                             Message("rule patience: min_delta = \"1e\" is not a number"));
  CATCH_CHECK_THROWS_MATCHES(make_rule("patience:direction=up"), std::invalid_argument,
                             Message("rule patience: direction = \"up\" is none of maximize, minimize"));
}
