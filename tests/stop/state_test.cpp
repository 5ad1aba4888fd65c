#include "ifstop/stop/state.hpp"

#include <cmath>
#include <limits>

#include "support/catch.hpp"

using Catch::Matchers::Message;
using ifstop::StateReader;
using ifstop::StateWriter;

CATCH_TEST_CASE("what is written is read back exactly") {
  StateWriter out;
  out.put("text", "two lines\nand a \\ backslash");
  out.put("empty", "");
  out.put("third", 1.0 / 3);
  out.put("tiny", std::numeric_limits<double>::denorm_min());
  out.put("nan", std::nan(""));
  out.put("infinite", -std::numeric_limits<double>::infinity());
  out.put("count", std::numeric_limits<std::int64_t>::min());
  out.put("seed", std::numeric_limits<std::uint64_t>::max());
  out.put("yes", true);
  out.put("unset", std::optional<double>{});
  out.put("zero", std::optional<double>{0.0});
  const StateReader in(out.text());
  CATCH_CHECK(in.text("text") == "two lines\nand a \\ backslash");
  CATCH_CHECK(in.text("empty").empty());
  CATCH_CHECK(in.real("third") == 1.0 / 3);
  CATCH_CHECK(in.real("tiny") == std::numeric_limits<double>::denorm_min());
  CATCH_CHECK(std::isnan(in.real("nan")));
  CATCH_CHECK(in.real("infinite") == -std::numeric_limits<double>::infinity());
  CATCH_CHECK(in.integer("count") == std::numeric_limits<std::int64_t>::min());
  CATCH_CHECK(in.natural("seed") == std::numeric_limits<std::uint64_t>::max());
  CATCH_CHECK(in.boolean("yes"));
  CATCH_CHECK_FALSE(in.optional_real("unset"));
  CATCH_CHECK(in.optional_real("zero") == 0.0);  // 0 is a value, not "unset"
}

CATCH_TEST_CASE("states nest under a prefix") {
  StateWriter inner, out;
  inner.put("a", "x\ny"), inner.option("b", 2);
  out.nest("inner.", inner.text());
  out.put("c", 3);
  CATCH_CHECK(StateReader(StateReader(out.text()).nested("inner.")).text("a") == "x\ny");
  CATCH_CHECK(StateReader(StateReader(out.text()).nested("inner.")).integer("option.b") == 2);
}

CATCH_TEST_CASE("a state that is malformed says where") {
  const auto reads = [](const char* text) { return StateReader(text); };
  CATCH_CHECK_THROWS_MATCHES(reads("a 1\nb"), std::invalid_argument, Message("state: line 2 is cut off"));
  CATCH_CHECK_THROWS_MATCHES(reads("a 1\nword\n"), std::invalid_argument,
                             Message("state: line 2 \"word\" is not `key value`"));
  CATCH_CHECK_THROWS_MATCHES(reads("a 1\na 2\n"), std::invalid_argument,
                             Message("state: line 2 repeats \"a\""));
  CATCH_CHECK_THROWS_MATCHES(reads("a \\\n"), std::invalid_argument,
                             Message("state: line 1 ends in a backslash"));
  const StateReader in("a one\n");
  CATCH_CHECK_THROWS_MATCHES(in.integer("a"), std::invalid_argument,
                             Message("state: a = \"one\" is not a whole number"));
  CATCH_CHECK_THROWS_MATCHES(in.real("a"), std::invalid_argument,
                             Message("state: a = \"one\" is not a number"));
  CATCH_CHECK_THROWS_MATCHES(in.boolean("a"), std::invalid_argument,
                             Message("state: a = \"one\" is neither true nor false"));
  CATCH_CHECK_THROWS_MATCHES(in.text("b"), std::invalid_argument, Message("state: \"b\" is missing"));
}

CATCH_TEST_CASE("options are compared, every difference is named, and can be left out on purpose") {
  StateWriter saved, present;
  saved.option("patience", 3), saved.option("window", 1), saved.put("misses", 2);
  present.option("patience", 5), present.option("window", 2), present.put("misses", 0);
  CATCH_CHECK_THROWS_MATCHES(
      compare_options("rule", StateReader(saved.text()), StateReader(present.text())), std::invalid_argument,
      Message("rule: the saved state has other options: patience was 3, is 5; window was 1, is 2. Use the "
              "saved ones, start anew, "
              "or pass the state through without_options() to go on under the new ones"));
  CATCH_CHECK(ifstop::without_options(saved.text()) == "misses 2\n");
  CATCH_CHECK_NOTHROW(compare_options("rule", StateReader(ifstop::without_options(saved.text())),
                                      StateReader(present.text())));
}
