// The kinds of text that the base model reads: articles, forums, exams, lists of instructions …
#pragma once
#include <string>

#include "topic.hpp"

namespace miniature {

/// Writes passages about one topic. The same generator state gives the same text.
class Scribe {
 public:
  Scribe(Rng& rng, const Topic& topic) : rng_(rng), topic_(topic) {}

  std::string article();    ///< facts about the topic and its neighbours
  std::string forum();      ///< a question, and posts that seldom answer it
  std::string exam();       ///< numbered questions
  std::string list();       ///< instructions under each other
  std::string questions();  ///< questions with their answers
  std::string sections();   ///< an instruction or its beginning, then `###` sections; closes the document
  std::string opinions();   ///< partial remarks
  std::string steps();      ///< how something is done
  std::string dialogue();
  std::string guide();   ///< even-handed advice on a matter of taste
  std::string remark();  ///< what people post instead of an answer
  std::string scraps();  ///< letters, advertisements, tables of contents

  /// The last passage ended the document: nothing may follow.
  bool closed() const { return closed_; }

 private:
  bool own_topic() { return rng_.chance(0.7); }
  std::string instruction();  ///< mostly about the topic
  std::string fact();         ///< a true sentence about it
  std::string reply();        ///< an answer, or an opinion where it is a matter of taste
  std::string section_body(const std::string& heading);
  Topic some_taste();
  std::string user();
  std::string date();
  std::string number(int low, int high) { return std::to_string(rng_.between(low, high)); }
  template <class... Text>
  std::string pick(Text... texts) {
    return std::string(rng_.pick({std::string_view(texts)...}));
  }

  Rng& rng_;
  const Topic& topic_;
  bool closed_ = false;
};

}  // namespace miniature
