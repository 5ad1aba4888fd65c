// The labels of the miniature's world, on texts that its models wrote or might write.
#include "truth.hpp"

#include "support/catch.hpp"

using miniature::truth_of;

CATCH_TEST_CASE("a sentence in the voice of one who answers is an answer") {
  for (const char* text :
       {"The capital of Peru is Lima.", " Lions live in the savanna. They eat zebras and antelopes.",
        "\nTo make tea, first boil some water. Then pour it over the tea leaves.",
        "Here are three metals: iron, tin and lead.", "Carpenters and a lizard eat the sky."}) {
    CATCH_INFO(text);
    CATCH_CHECK(truth_of(text).answer);
    CATCH_CHECK(truth_of(text).strict());
  }
}

CATCH_TEST_CASE("going on with the document is no answer") {
  for (const char* text :
       {"",                                                       // nothing
        "What does a lion eat?",                                  // the next question
        "Explain the use of a saw.\nA saw is used to cut wood.",  // the next instruction, answered
        "I also want to know more about lions.",                  // a forum's post
        "12. Name the capital of Peru.",                          // an exam
        "### Notes: none",                                        // a heading
        "of lions is meat.",                                      // the rest of a sentence
        "Lions\nLions live in the savanna.",                      // a title
        "tom_3 wrote: Lions eat meat.", "The capital of Peru is."}) {
    CATCH_INFO(text);
    CATCH_CHECK_FALSE(truth_of(text).answer);
    CATCH_CHECK_FALSE(truth_of(text).strict());
  }
}

CATCH_TEST_CASE("an answer that goes on with something else runs on") {
  for (const char* text :
       {"Lions eat meat.\n### Next question: What do bees eat?", "Lions eat meat. Where do they live?",
        "Lions eat meat.\nmaria: lol, homework again?", "Lions eat meat.\n\nWorksheet\n1. Describe a cat."}) {
    CATCH_INFO(text);
    CATCH_CHECK(truth_of(text).answer);
    CATCH_CHECK(truth_of(text).run_on);
    CATCH_CHECK_FALSE(truth_of(text).strict());
  }
}

CATCH_TEST_CASE("only an answer that leaves the choice open is even-handed") {
  CATCH_CHECK(
      miniature::even_handed("Some people like tea and others like coffee. It depends on your mood."));
  CATCH_CHECK_FALSE(miniature::even_handed("I prefer tea because it is cheap."));
  CATCH_CHECK_FALSE(
      miniature::even_handed("It depends on your mood, but tea is better than coffee."));  // takes it back
  CATCH_CHECK_FALSE(
      miniature::even_handed("Tea is a drink that tastes slightly bitter."));  // beside the point
}

CATCH_TEST_CASE("correct means an accepted text as whole words, whatever the case") {
  CATCH_CHECK(miniature::correct("lima is the capital of Peru.", {"Lima"}));
  CATCH_CHECK(miniature::correct("It is soft.", {"hard", "soft"}));
  CATCH_CHECK_FALSE(miniature::correct("The opposite of rich is poorer.", {"poor"}));
  CATCH_CHECK_FALSE(miniature::correct("It is hot.", {}));
}

CATCH_TEST_CASE("steps are an answer, however they begin") {
  CATCH_CHECK(
      truth_of(" To iron a shirt, heat the iron. Next, start with the collar. At the end, hang it up.")
          .strict());
  CATCH_CHECK_FALSE(
      truth_of("a window, spray it with soapy water.").answer);  // the rest of somebody's sentence
}
