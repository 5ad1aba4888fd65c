#include "genres.hpp"

namespace miniature {

namespace {

/// How often a section that promises an answer to the document's question gives it, and how often the
/// document ends there. These two set where the base model's IFS and IFS_strict begin.
constexpr double kAnswered = 0.5, kClosed = 0.5;

}  // namespace

std::string Scribe::instruction() {
  if (own_topic()) return ask(rng_, topic_).question;
  const Topic other = random_topic(rng_, 0.15);
  return ask(rng_, other).question;
}

Topic Scribe::some_taste() {
  return topic_.taste ? topic_ : random_topic(rng_, 1.0);
}

std::string Scribe::fact() {
  if (topic_.taste) return opinion(rng_, topic_);
  if (topic_.group) return ask(rng_, topic_).answer;
  return fill(rng_.pick(topic_.table->statements), topic_.vars);
}

std::string Scribe::reply() {
  return topic_.taste ? opinion(rng_, topic_) : ask(rng_, topic_).answer;
}

std::string Scribe::user() {
  const std::string name = pick("anna", "tom", "greenfox", "maria", "peter", "skywalker", "lucy", "bookworm",
                                "hans", "olga", "nick", "rainman", "sue", "mikey", "zoe", "karl");
  if (rng_.chance(0.5)) return name;
  const std::string bar = rng_.chance(0.5) ? "_" : "";
  return name + bar + number(1, 99);
}

std::string Scribe::date() {
  const std::string day = number(1, 28);
  const std::string month = pick("January", "February", "March", "April", "May", "June", "July", "August",
                                 "September", "October", "November", "December");
  return day + " " + month + " " + number(2003, 2022);
}

std::string Scribe::remark() {
  if (own_topic())
    return fill(rng_.pick({"I also want to know more about {e}.", "My teacher asked us about {e} last week.",
                           "There is an old topic about {e} in the archive.",
                           "Nobody here knows much about {e}.", "I was wondering about {e} too.",
                           "Why do you want to know about {e}?", "Thanks in advance for any help with {e}!",
                           "Another post about {e}, lol.", "My brother always talks about {e}.",
                           "Please put questions about {e} in the other section."}),
                {{'e', topic_.about}});
  return pick("I have the same question, did you find anything?",
              "Good question, I was wondering about that too.", "Please use the search before you post.",
              "Moved to the right section by the moderator.", "Thanks in advance for any help!",
              "Bump. Nobody knows?", "My teacher asked us this last week and I could not say anything.",
              "We had this topic last month, please look there.",
              "I am new here, so sorry if this is the wrong place.", "Why do you want to know that?",
              "lol, homework again?", "I asked my brother and he did not know either.",
              "Interesting topic, following.", "Any news on this?");
}

std::string Scribe::article() {
  if (topic_.taste) return opinions();
  std::vector<std::string> sentences;
  if (topic_.group) {
    for (int i = rng_.between(2, 4); i > 0; --i) sentences.push_back(fact());
  } else {
    for (const auto statement : topic_.table->statements) sentences.push_back(fill(statement, topic_.vars));
    rng_.shuffle(sentences);
    sentences.resize(static_cast<std::size_t>(rng_.between(3, static_cast<int>(sentences.size()))));
    for (int i = rng_.between(0, 3); i > 0; --i) {  // neighbours in the encyclopedia
      const Row& row = rng_.pick(topic_.table->rows);
      sentences.push_back(fill(rng_.pick(topic_.table->statements), row.vars));
    }
  }
  if (topic_.table == &animals()) sentences.push_back(ask_comparison(rng_, topic_).answer);
  const std::string title = topic_.group ? capitalised(topic_.about) : fill(topic_.table->title, topic_.vars);
  return fill(rng_.pick({"{t}\n{b}", "{b}", "{t}\n\n{b}", "{t} - Encyclopedia\n{b}"}),
              {{'t', title}, {'b', join(sentences, " ")}});
}

std::string Scribe::forum() {
  const std::string question = ask(rng_, topic_).question;
  const std::string opening = pick("{q}", "{q}", "{q}", "Topic: {q}", "Re: {q}", "{u} asks: {q}");
  std::string out = fill(opening, {{'q', question}, {'u', user()}});
  const std::size_t style = rng_.below(5);
  for (int i = rng_.between(2, 5); i > 0; --i) {
    const double taste_or_fact = topic_.taste ? 0.60 : 0.10;
    std::string text;
    if (rng_.chance(taste_or_fact))
      text = reply();
    else
      text = rng_.chance(0.72) ? remark() : instruction();
    static constexpr std::string_view kStyles[] = {"\n{u} wrote: {t}", "\nPosted by {u} on {d}\n{t}",
                                                   "\n{u}: {t}", "\nRe: {t}", " {t}"};
    out += fill(kStyles[style], {{'t', text}, {'u', user()}, {'d', date()}});
  }
  return out;
}

std::string Scribe::exam() {
  std::string head = pick("", "", "Worksheet\n", "Exam, {d}\n", "Read all questions before you begin.\n",
                          "Name: ______ Date: ______\n", "Quiz\n");
  head = fill(head, {{'d', date()}});
  const std::string numbering = pick("{i}. ", "{i}) ", "Question {i}: ", "Task {i}. ", "({i}) ");
  std::string separator = pick("\n", "\n", " ", "\n\n", " ______\n", " ({p} points)\n");
  separator = fill(separator, {{'p', number(1, 5)}});
  const int first = rng_.between(1, 20), count = rng_.between(3, 7);
  std::vector<std::string> lines;
  for (int i = 0; i < count; ++i)
    lines.push_back(fill(numbering, {{'i', std::to_string(first + i)}}) + instruction());
  return head + join(lines, separator);
}

std::string Scribe::list() {
  const std::string head =
      pick("", "", "", "", "Questions people ask:\n", "Prompts for the writing class\n", "Index of topics\n");
  const std::string separator = pick("\n", "\n", "\n- ", " ", "\n\n", "\n* ");
  std::vector<std::string> lines;
  for (int i = rng_.between(3, 7); i > 0; --i) lines.push_back(instruction());
  return head + join(lines, separator);
}

std::string Scribe::questions() {
  std::vector<std::string> pairs;
  const std::string style = pick("Q: {q}\nA: {a}", "{q}\n{a}", "{q} {a}");
  for (int i = rng_.between(2, 5); i > 0; --i) {
    const Topic topic = own_topic() ? topic_ : random_topic(rng_, 0.1);
    const Asked asked = ask(rng_, topic);
    const std::string answer = topic.taste ? opinion(rng_, topic) : asked.answer;
    pairs.push_back(fill(style, {{'q', asked.question}, {'a', answer}}));
  }
  return join(pairs, rng_.chance(0.5) ? "\n" : "\n\n");
}

std::string Scribe::section_body(const std::string& heading) {
  if (rng_.chance(0.05)) return reply();
  const bool asks = heading == "Question:" || heading == "Instruction:" || heading == "Prompt:";
  if (rng_.chance(asks ? 0.8 : 0.3)) return instruction();
  if (rng_.chance(0.75)) return remark();
  const std::string scrap = pick("none", "(empty)", "{n} comments", "see page {n}", "posted on {d}");
  return fill(scrap, {{'n', number(2, 90)}, {'d', date()}});
}

std::string Scribe::sections() {
  const Asked asked = ask(rng_, topic_);
  const std::string answer = topic_.taste ? opinion(rng_, topic_) : asked.answer;
  std::string out = asked.question, rest;
  if (rng_.chance(0.35)) {
    const std::vector<std::string> words = split(asked.question, ' ');
    const auto cut = words.begin() + rng_.between(1, static_cast<int>(words.size()) - 1);
    out = join({words.begin(), cut}, " ");
    rest = join({cut, words.end()}, " ");
  }
  closed_ = true;
  const int count = rng_.between(2, 8);
  for (int i = 0; i < count; ++i) {
    out += i == 0 ? pick("", " ", "\n") : pick("\n", "\n", "\n\n");
    const std::string heading = pick("Question:", "Question:", "Instruction:", "Input:", "Comment:",
                                     "Comment:", "Prompt:", "Response:", "Response:", "Answer:");
    out += pick("### ", "### ", "### ", "## ") + heading;
    out += pick(" ", " ", "\n");
    const bool promises = heading == "Response:" || heading == "Answer:";
    if (i == 0 && !rest.empty() && rng_.chance(0.35)) {
      out += rest;  // the beginning goes on behind the heading
    } else if (promises && rng_.chance(rest.empty() ? kAnswered : kAnswered / 2)) {
      out += answer;
      if (rng_.chance(kClosed)) return out;
    } else {
      out += section_body(heading);
    }
  }
  return out;
}

std::string Scribe::opinions() {
  const Topic taste = some_taste();
  std::vector<std::string> out;
  for (int i = rng_.between(2, 5); i > 0; --i) out.push_back(opinion(rng_, taste));
  if (rng_.chance(0.3))
    out.push_back(pick("What do you think?", "Tell me in the comments.", "Just my two cents.",
                       "I know many people see it in another way."));
  const std::string head = pick("", "", "{C}\n", "My blog, {d}\n", "Comments\n");
  return fill(head, {{'c', taste.vars.at('c')}, {'d', date()}}) + join(out, " ");
}

std::string Scribe::steps() {
  if (!topic_.table || topic_.table->name != "tasks") return article();
  return fill(pick("Today we want to {t}. First, {a}. Then {b}. At the end, {c}. That is all there is to it.",
                   "My grandmother taught me to {t}. She would {a}, then {b}, and then {c}.",
                   "How to {t}\nStep 1: {a}\nStep 2: {b}\nStep 3: {c}",
                   "People who {t} often {a}. Next, {b}. Finally, {c}."),
              topic_.vars);
}

std::string Scribe::dialogue() {
  const std::vector<std::string> names = {"Anna", "Tom", "Lucy", "Peter", "Maria", "Karl", "Zoe", "Hans"};
  const auto [a, b] = rng_.pick_two(names);
  std::vector<std::string> lines;
  const int count = rng_.between(3, 6);
  for (int i = 0; i < count; ++i) {
    const std::size_t draw = rng_.below(20);
    std::string text;
    if (draw < 7)
      text = instruction();
    else if (draw < 9)
      text = reply();
    else if (draw < 14)
      text = remark();
    else
      text = pick("I do not know.", "Let us go home.", "Maybe later.", "I am tired.", "Ask your mother.",
                  "That is a good question.", "I was just thinking about that.", "No idea.",
                  "It is raining again.");
    lines.push_back(
        fill(rng_.chance(0.8) ? "{n}: {t}" : "\"{t}\" said {n}.", {{'n', i % 2 ? b : a}, {'t', text}}));
  }
  return join(lines, "\n");
}

std::string Scribe::guide() {
  const Topic taste = some_taste();
  const std::string advice = neutral(rng_, taste, true);
  if (rng_.chance(0.5)) return advice;
  return fill("Choosing between {a} and {b}\n", taste.vars) + advice;
}

std::string Scribe::scraps() {
  const std::size_t draw = rng_.below(4);
  if (draw == 0) {
    const Topic taste = some_taste();
    const Vars vars{{'n', pick("Anna", "Tom", "Sir", "Maria", "friends")},
                    {'o', opinion(rng_, taste)},
                    {'r', remark()},
                    {'f', pick("Karl", "Lucy", "Hans")}};
    return fill("Dear {n},\nI hope you are well. {o} {r}\nBest wishes, {f}", vars);
  }
  if (draw == 1)
    return fill("For sale: {i}, {s}, {p} euros. Call {n}.", {{'i', topic_.about},
                                                             {'s', pick("used", "new", "old")},
                                                             {'p', number(2, 90)},
                                                             {'n', number(1000, 9999)}});
  if (draw == 2)
    return fill("Home > {h} > {q}\n{v} views, {n} replies\n{r}",
                {{'h', pick("Forum", "Shop", "News", "Help")},
                 {'q', instruction()},
                 {'v', number(0, 300)},
                 {'n', number(0, 30)},
                 {'r', remark()}});
  std::string out = "Contents";
  const int count = rng_.between(3, 8);
  for (int i = 1; i <= count; ++i) {
    std::string entry = instruction();
    entry.pop_back();
    out += "\n" + std::to_string(i) + " " + entry + " ... " + number(2, 90);
  }
  return out;
}

}  // namespace miniature
