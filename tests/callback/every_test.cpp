#include "ifstop/callback/every.hpp"

#include "support/catch.hpp"

using Catch::Matchers::Message;
using ifstop::Every;
using ifstop::EveryUnit;
using ifstop::resolve;

CATCH_TEST_CASE("intervals are read as people write them elsewhere") {
  CATCH_CHECK(Every("50") == Every(50, EveryUnit::steps));
  CATCH_CHECK(Every("50ba") == Every(50, EveryUnit::steps));  // Composer's batches
  CATCH_CHECK(Every("256ex") == Every(256, EveryUnit::examples));
  CATCH_CHECK(Every("256sp") == Every(256, EveryUnit::examples));  // Composer's samples
  CATCH_CHECK(Every("10000tok") == Every(10000, EveryUnit::tokens));
  CATCH_CHECK(Every("30s") == Every(30, EveryUnit::seconds));
  CATCH_CHECK(Every("1.5sec") == Every(1.5, EveryUnit::seconds));
  CATCH_CHECK(Every("1ep") == Every(1, EveryUnit::epochs));
  CATCH_CHECK(Every("0.1") == Every(0.1, EveryUnit::share));     // Hugging Face's fraction of all steps
  CATCH_CHECK(Every("0.1dur") == Every(0.1, EveryUnit::share));  // Composer's
  CATCH_CHECK(Every("0.5ep") == Every(0.5, EveryUnit::epochs));  // the unit wins over the fraction
  CATCH_CHECK(Every("1") == Every(1, EveryUnit::steps));
  CATCH_CHECK(Every{} == Every("256ex"));
}

CATCH_TEST_CASE("what cannot be read says why and what can") {
  const std::string hint = "; write a number with a unit: 50 or 50ba, 256ex, 10000tok, 30s, 1ep, 0.1dur";
  CATCH_CHECK_THROWS_MATCHES(Every("often"), std::invalid_argument,
                             Message("interval \"often\" does not begin with a number" + hint));
  CATCH_CHECK_THROWS_MATCHES(Every(""), std::invalid_argument,
                             Message("interval \"\" does not begin with a number" + hint));
  CATCH_CHECK_THROWS_MATCHES(Every("0"), std::invalid_argument,
                             Message("interval \"0\" must be positive" + hint));
  CATCH_CHECK_THROWS_MATCHES(Every("-5ba"), std::invalid_argument,
                             Message("interval \"-5ba\" must be positive" + hint));
  CATCH_CHECK_THROWS_MATCHES(Every("nan"), std::invalid_argument,
                             Message("interval \"nan\" must be positive" + hint));
  CATCH_CHECK_THROWS_MATCHES(Every("5min"), std::invalid_argument,
                             Message("interval \"5min\" has an unknown unit \"min\"" + hint));
  CATCH_CHECK_THROWS_MATCHES(Every("1.5"), std::invalid_argument,
                             Message("interval \"1.5\" must be a whole number in this unit" + hint));
  CATCH_CHECK_THROWS_MATCHES(Every("2dur"), std::invalid_argument,
                             Message("interval \"2dur\" is more than the whole run" + hint));
}

CATCH_TEST_CASE("epochs and shares become whole steps, rounded up as Hugging Face rounds") {
  CATCH_CHECK(resolve("0.1", {.steps = 101}) == Every(11, EveryUnit::steps));
  CATCH_CHECK(resolve("1ep", {.steps_per_epoch = 30}) == Every(30, EveryUnit::steps));
  CATCH_CHECK(resolve("0.5ep", {.steps_per_epoch = 31}) == Every(16, EveryUnit::steps));
  CATCH_CHECK(resolve("64ex", {}) == Every(64, EveryUnit::examples));
  CATCH_CHECK_THROWS_MATCHES(resolve("1ep", {}), std::invalid_argument,
                             Message("an interval of 1 epochs needs Plan::steps_per_epoch, which is 0"));
  CATCH_CHECK_THROWS_MATCHES(resolve("0.5", {}), std::invalid_argument,
                             Message("an interval of 0.5 of the run needs Plan::steps, which is 0"));
}

CATCH_TEST_CASE("an interval is due where a multiple of it is crossed") {
  const Every every("10ex");
  const auto at = [](std::int64_t examples) { return ifstop::EveryPosition{.examples = examples}; };
  CATCH_CHECK_FALSE(crossed(every, at(0), at(9)));
  CATCH_CHECK(crossed(every, at(0), at(10)));
  CATCH_CHECK_FALSE(crossed(every, at(10), at(19)));
  CATCH_CHECK(crossed(every, at(8), at(16)));   // a batch of 8 overshoots 10
  CATCH_CHECK(crossed(every, at(16), at(24)));  // and the next point stays 20
  CATCH_CHECK(crossed(every, at(3), at(45)));   // several at once are one
}
