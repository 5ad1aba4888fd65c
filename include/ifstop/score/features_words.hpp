// Words that tell who speaks: the lists behind the judges' hand-made features. English; other languages fall
// back on the hashed pieces.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include "ifstop/turn_marks.hpp"

namespace ifstop {

/// What a word may be; a set of bits.
enum WordClass : std::uint32_t {
  question_word = 1U << 0,
  yes_no_verb = 1U << 1,
  imperative = 1U << 2,
  asker_word = 1U << 3,
  helper_word = 1U << 4,
  forum_word = 1U << 5,
  first_person = 1U << 6,
  second_person = 1U << 7,
  yes_word = 1U << 8,
  no_word = 1U << 9,
  sorry_word = 1U << 10,
  sure_word = 1U << 11,
  here_word = 1U << 12,
  there_word = 1U << 13,
  article_word = 1U << 14,
  it_word = 1U << 15,
  we_word = 1U << 16,
  because_word = 1U << 17,
  joining_word = 1U << 18,
  thanks_word = 1U << 19,
  wish_verb = 1U << 20,  ///< after "I": the asker speaks
  stop_word = 1U << 21,  ///< too common to count as shared with the prompt
  meta_word = 1U << 22,  ///< speaks about the conversation instead of taking part in it
};

/// FNV-1a of the word in lower case (ASCII).
constexpr std::uint32_t hash_word(std::string_view word) {
  std::uint32_t hash = 0x811C9DC5U;
  for (char c : word) hash = (hash ^ static_cast<unsigned char>(turn_detail::lower(c))) * 0x01000193U;
  return hash;
}

namespace features_detail {

struct WordList {
  std::uint32_t bits;
  std::initializer_list<std::string_view> words;
};

inline std::vector<std::pair<std::uint32_t, std::uint32_t>> build_word_table() {
  const WordList lists[] = {
      {question_word | stop_word,
       {"what", "why", "how", "who", "whom", "whose", "when", "where", "which", "what's", "who's", "how's"}},
      {yes_no_verb | stop_word,
       {"is",     "are",    "was",   "were",    "do",    "does",      "did",     "can",  "could",
        "should", "would",  "will",  "has",     "have",  "am",        "may",     "must", "shall",
        "isn't",  "aren't", "don't", "doesn't", "can't", "shouldn't", "wouldn't"}},
      {imperative,
       {"write",     "list",      "explain",    "describe",  "give",      "tell",    "name",     "create",
        "generate",  "make",      "provide",    "summarize", "translate", "find",    "compare",  "calculate",
        "define",    "identify",  "suggest",    "rewrite",   "edit",      "convert", "classify", "design",
        "develop",   "discuss",   "compose",    "imagine",   "show",      "help",    "add",      "consider",
        "construct", "draft",     "implement",  "evaluate",  "analyze",   "outline", "solve",    "subtract",
        "propose",   "pretend",   "act",        "assume",    "answer",    "choose",  "sort",     "arrange",
        "count",     "recommend", "brainstorm", "prepare",   "state",     "mention"}},
      {asker_word, {"want",   "need",     "looking", "wondering", "trying",      "help",    "please",
                    "thanks", "thank",    "anyone",  "advance",   "appreciated", "curious", "my",
                    "me",     "somebody", "someone", "plz",       "tried",       "wanted",  "understand"}},
      {helper_word,
       {"sorry", "sure", "certainly", "here", "depends", "hope", "recommend", "typically", "generally",
        "usually", "however", "important", "several", "firstly", "additionally", "overall", "therefore",
        "ultimately", "various"}},
      {meta_word,
       {"user",         "users",     "user's",   "assistant", "assistant's", "bot",         "chatbot",
        "response",     "responses", "prompt",   "input",     "output",      "answer",      "answers",
        "question",     "questions", "sentence", "following", "above",       "text",        "instruction",
        "instructions", "task",      "reply",    "asker",     "dialogue",    "conversation"}},
      {forum_word,
       {"posted",    "wrote",     "comment",  "comments",  "reply",     "replies", "views",     "thread",
        "forum",     "post",      "answered", "asked",     "asks",      "votes",   "upvotes",   "share",
        "edited",    "moderator", "topic",    "subscribe", "login",     "click",   "page",      "copyright",
        "tags",      "category",  "related",  "bump",      "lol",       "blog",    "homepage",  "retrieved",
        "permalink", "joined",    "admin",    "member",    "reactions", "archive", "editor",    "author",
        "published", "exercise",  "points",   "homework",  "exam",      "quiz",    "worksheet", "chapter",
        "section",   "questions", "question", "user",      "users"}},
      {first_person | stop_word, {"i", "i'm", "i've", "i'd", "i'll", "my"}},
      {second_person | stop_word, {"you", "your", "you're", "you'll"}},
      {yes_word, {"yes", "yeah", "yep", "correct", "true"}},
      {no_word, {"no", "nope", "not", "false", "never"}},
      {sorry_word, {"sorry", "unfortunately", "apologies", "i'm sorry"}},
      {sure_word,
       {"sure", "certainly", "absolutely", "ok", "okay", "of course", "great", "hello", "hi", "hey"}},
      {here_word, {"here", "below", "here's"}},
      {there_word | stop_word, {"there", "there's"}},
      {article_word | stop_word, {"the", "a", "an", "some", "one", "many", "most"}},
      {it_word | stop_word,
       {"it", "this", "that", "these", "it's", "that's", "they", "he", "she", "both", "its"}},
      {we_word | stop_word, {"we", "our", "let's", "us"}},
      {because_word, {"because", "since", "due"}},
      {joining_word | stop_word,
       {"and", "or", "but", "with", "of", "to", "for", "in", "on", "at", "by", "from", "as", "than", "if",
        "into", "about"}},
      {thanks_word, {"thanks", "thank", "thx"}},
      {wish_verb,
       {"want", "need", "wanted", "tried", "wonder", "was", "would", "wish", "am", "have", "heard", "know"}},
      {stop_word,
       {"be", "been", "not", "also", "so", "such", "more", "their", "them", "his", "her", "other", "any",
        "all"}},
  };
  std::vector<std::pair<std::uint32_t, std::uint32_t>> entries;
  for (const auto& list : lists)
    for (auto word : list.words) entries.emplace_back(hash_word(word), list.bits);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> table(
      1024, {0, 0});  // open addressing, at most a third full
  for (auto [hash, bits] : entries) {
    auto slot = hash & 1023U;
    while (table[slot].second != 0 && table[slot].first != hash) slot = (slot + 1) & 1023U;
    table[slot] = {hash, table[slot].second | bits};
  }
  return table;
}

}  // namespace features_detail

/// The classes of a word by its hash_word; 0 for a word of no list.
inline std::uint32_t word_classes(std::uint32_t hash) {
  static const auto table = features_detail::build_word_table();
  for (auto slot = hash & 1023U;; slot = (slot + 1) & 1023U) {
    if (table[slot].second == 0) return 0;
    if (table[slot].first == hash) return table[slot].second;
  }
}

/// How a sentence opens, from its first two words.
enum class Opening {
  question_word,
  yes_no_verb,
  imperative,
  i_asker,
  i_other,
  yes,
  no,
  sorry,
  sure,
  here_is,
  there_is,
  article,
  it_this,
  you,
  we,
  because,
  number,
  joining,
  thanks,
  other
};
inline constexpr std::uint32_t openings = 20;

inline Opening opening_of(std::uint32_t first, std::uint32_t second, bool number) {
  if (number) return Opening::number;
  if (first & thanks_word) return Opening::thanks;
  if (first & first_person)
    return second & wish_verb ? Opening::i_asker : second & sorry_word ? Opening::sorry : Opening::i_other;
  constexpr std::array<std::pair<std::uint32_t, Opening>, 16> order{{{question_word, Opening::question_word},
                                                                     {yes_no_verb, Opening::yes_no_verb},
                                                                     {sorry_word, Opening::sorry},
                                                                     {sure_word, Opening::sure},
                                                                     {here_word, Opening::here_is},
                                                                     {yes_word, Opening::yes},
                                                                     {no_word, Opening::no},
                                                                     {imperative, Opening::imperative},
                                                                     {there_word, Opening::there_is},
                                                                     {article_word, Opening::article},
                                                                     {it_word, Opening::it_this},
                                                                     {second_person, Opening::you},
                                                                     {we_word, Opening::we},
                                                                     {because_word, Opening::because},
                                                                     {joining_word, Opening::joining},
                                                                     {asker_word, Opening::imperative}}};
  for (auto [bits, opening] : order)
    if (first & bits) return opening;
  return Opening::other;
}

}  // namespace ifstop
