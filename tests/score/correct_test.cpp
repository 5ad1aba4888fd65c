#include "ifstop/score/correct.hpp"

#include "support/catch.hpp"

namespace {
bool holds(std::string_view text, std::vector<std::string> accepted) {
  return ifstop::holds_answer(text, accepted);
}
}  // namespace

CATCH_TEST_CASE("an accepted answer counts as whole words, whatever its case and spacing") {
  CATCH_CHECK(holds("It is LISBON, of course.", {"Lisbon"}));
  CATCH_CHECK(holds("Lisbon", {"Porto", "lisbon"}));
  CATCH_CHECK_FALSE(holds("Lisbonne", {"Lisbon"}));
  CATCH_CHECK_FALSE(holds("unlisbon", {"Lisbon"}));
  CATCH_CHECK(holds("the  Dead\n Sea", {"dead sea"}));
  CATCH_CHECK(holds("a Lisbonne b lisbon", {"lisbon"}));  // a false start is not the end of the search
  CATCH_CHECK_FALSE(holds("", {"x"}));
  CATCH_CHECK_FALSE(holds("anything", {""}));
}

CATCH_TEST_CASE("a number is not found within a longer one") {
  CATCH_CHECK(holds("The sum is 12.", {"12"}));
  CATCH_CHECK(holds("12, maybe", {"12"}));
  CATCH_CHECK(holds("12.5 km", {"12.5"}));
  CATCH_CHECK(holds("a 3-4 split", {"4"}));
  for (const char* text : {"12.5", "1,200", "112", "0.12", "-12", "x12", "12,500"}) {
    CATCH_INFO(text);
    CATCH_CHECK_FALSE(holds(text, {"12"}));
  }
}

CATCH_TEST_CASE("other scripts: case, accents, words without spaces, and any bytes") {
  CATCH_CHECK(holds("ÖSTERREICH", {"Österreich"}));
  CATCH_CHECK(holds("Это МОСКВА.", {"Москва"}));
  CATCH_CHECK(holds("ΑΘΗΝΑ", {"αθηνα"}));
  CATCH_CHECK(holds("首都は東京です。", {"東京"}));
  CATCH_CHECK_FALSE(holds("Österreichs", {"Österreich"}));
  CATCH_CHECK_FALSE(holds("élan", {"lan"}));
  CATCH_CHECK(holds(std::string("\xFF ok \xC3", 6), {"ok"}));
}
