#include "ifstop/prompts/fragments.hpp"

#include <set>

#include "support/catch.hpp"

using ifstop::Cut;
using ifstop::cut;
using ifstop::fragment;
using ifstop::FragmentStyle;
using ifstop::PromptKind;

namespace {

/// Whether text is whole UTF-8 characters.
bool whole(std::string_view text) {
  std::size_t need = 0;
  for (char each : text) {
    const auto c = static_cast<unsigned char>(each);
    if (need > 0) {
      if ((c & 0xC0U) != 0x80U) return false;
      --need;
    } else if (c >= 0x80) {
      if ((c & 0xC0U) == 0x80U) return false;
      need = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : 1;
    }
  }
  return need == 0;
}

}  // namespace

CATCH_TEST_CASE("the paper's cuts and their labels") {
  CATCH_CHECK(cut("Name a river.", "The Po.", 0) == Cut{"Name a river.", "The Po.", PromptKind::full, true});
  CATCH_CHECK(cut("Name a river.", "The Po.", -4) ==
              Cut{"Name a ri", "ver.\nThe Po.", PromptKind::partial, false});
  CATCH_CHECK(cut("Name a river.", "The Po.", -4, false) ==
              Cut{"Name a ri", "ver.", PromptKind::partial, false});
  CATCH_CHECK(cut("Name a river.", "The Po.", 4) ==
              Cut{"Name a river.\nThe ", "Po.", PromptKind::full, false});
  CATCH_CHECK_THROWS_WITH(cut("Hi.", "Yes", -3),
                          "cut: shift -3 leaves nothing of the instruction (at most 2 characters)");
  CATCH_CHECK_THROWS_WITH(cut("Hi.", "Yes", 3),
                          "cut: shift 3 leaves nothing of the response (at most 2 characters)");
  CATCH_CHECK_THROWS_WITH(cut("", "Yes", 0), "cut: instruction and response must not be empty");
}

CATCH_TEST_CASE("a shift counts characters, not bytes") {
  CATCH_CHECK(cut("Où vit le phoque\xC3\xA9?", "Là", -2).prompt == "Où vit le phoque");
  CATCH_CHECK(cut("日本の首都は？", "東京です", 1) ==
              Cut{"日本の首都は？\n東", "京です", PromptKind::full, false});
}

CATCH_TEST_CASE("random cuts: all three kinds, the same for the same seed, parts that add up") {
  std::set<int> kinds;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto a = ifstop::random_cut("Explain tides briefly.", "The moon pulls the sea.", seed);
    CATCH_CHECK(a == ifstop::random_cut("Explain tides briefly.", "The moon pulls the sea.", seed));
    CATCH_CHECK_FALSE(a.prompt.empty());
    CATCH_CHECK_FALSE(a.response.empty());
    kinds.insert(a.kind == PromptKind::partial ? (a.response.find('\n') == std::string::npos ? 3 : 2)
                                               : a.answer_like);
  }
  CATCH_CHECK(kinds == std::set<int>{0, 1, 2, 3});
}

CATCH_TEST_CASE("fragments by style") {
  const std::string text = "Write a letter to my landlord, who never repairs the heating.";
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const auto word = fragment(text, seed, FragmentStyle::word);
    const auto phrase = fragment(text, seed, FragmentStyle::phrase);
    const auto clause = fragment(text, seed, FragmentStyle::clause);
    for (const auto& each : {word, phrase, clause}) {
      CATCH_CHECK(text.compare(0, each.size(), each) == 0);
      CATCH_CHECK(each.size() * 3 >= text.size());
    }
    CATCH_CHECK((std::isalpha(word.back()) && std::isalpha(text[word.size()])));
    CATCH_CHECK((std::isalpha(phrase.back()) && text[phrase.size()] == ' '));
    CATCH_CHECK(
        (clause == "Write a letter to my landlord," || clause == "Write a letter to my landlord, who"));
    CATCH_CHECK(word == fragment(text, seed, FragmentStyle::word));
  }
  CATCH_CHECK(fragment("Name three rivers", 1, FragmentStyle::clause) ==
              "Name three");  // no clause: the phrase
  CATCH_CHECK_THROWS_WITH(fragment("?", 1), "\"?\" is too short to be cut into a fragment");
  CATCH_CHECK_THROWS_WITH(fragment("  ", 1), "\"\" is too short to be cut into a fragment");
}

CATCH_TEST_CASE("fragments are whole characters in any script, and keep accents and joined emoji together") {
  const std::vector<std::string> texts{"¿Cómo se prepara un buen café de puchero?",
                                       "日本の四季について説明してください", "Объясни, почему небо голубое",
                                       "cafe\xCC\x81s",
                                       "hi \xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x94\xAC there"};
  for (const auto& text : texts)
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
      const auto part = fragment(text, seed);
      CATCH_INFO(part);
      CATCH_CHECK(whole(part));
      CATCH_CHECK(part.size() < text.size());
      CATCH_CHECK(text.compare(part.size(), 2, "\xCC\x81") != 0);      // not before the accent
      CATCH_CHECK(text.compare(part.size(), 3, "\xE2\x80\x8D") != 0);  // not inside the emoji
    }
}

CATCH_TEST_CASE("bytes that are no UTF-8 are cut without a crash") {
  const std::string text("\xFF\xFE\x80 a\xC3 b\xE2\x80", 9);
  for (std::uint64_t seed = 0; seed < 20; ++seed) CATCH_CHECK(fragment(text, seed).size() < text.size());
}
