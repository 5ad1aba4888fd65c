#include "cli/tone_negatives.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace ifstop::cli {
namespace {

template <class... Text>
std::string one_of(Random& random, Text... texts) {
  const std::array<std::string_view, sizeof...(Text)> all{std::string_view(texts)...};
  return std::string(random.pick(all));
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words(1);
  for (char c : text) {
    if (c == ' ' || c == '\n')
      words.emplace_back();
    else
      words.back() += c;
  }
  std::erase(words, "");
  return words;
}

std::string join(const std::vector<std::string>& words, std::size_t first, std::size_t last) {
  std::string text;
  for (auto i = first; i < std::min(last, words.size()); ++i) text += (i > first ? " " : "") + words[i];
  return text;
}

/// Up to `limit` bytes, cut at a word.
std::string shortened(const std::string& text, std::size_t limit) {
  if (text.size() <= limit) return text;
  return text.substr(0, std::max<std::size_t>(text.rfind(' ', limit), 1));
}

const std::string& instruction(const Material& m, Random& random) {
  return random.pick(m.instructions);
}

/// Some words of the instruction that say what it is about.
std::string topic(const std::string& instruction, Random& random) {
  auto words = words_of(shortened(instruction, 200));
  if (words.size() < 4) return join(words, 0, words.size());
  const auto first = random.between(1, words.size() - 2);
  auto text = join(words, first, first + random.between(2, 5));
  while (!text.empty() && std::ispunct(static_cast<unsigned char>(text.back()))) text.pop_back();
  return text;
}

std::string user_name(Random& random) {
  static const std::array<std::string_view, 24> names{
      "alex",  "Marta", "jdoe",     "Sunny", "kev",    "Priya", "tomcat", "Lena",
      "user",  "Raj",   "bluefish", "Mia",   "greg",   "Yuki",  "Omar",   "nightowl",
      "Petra", "sam",   "Diego",    "Ines",  "walter", "zed",   "Noor",   "guest"};
  std::string name(random.pick(names));
  if (random.chance(0.5)) name += std::to_string(random.between(1, 2022));
  return name;
}

std::string date(Random& random) {
  static const std::array<std::string_view, 12> months{"Jan",  "Feb", "March", "April", "May",      "June",
                                                       "July", "Aug", "Sept",  "Oct",   "November", "Dec"};
  const auto day = random.between(1, 28), year = random.between(2004, 2023);
  const std::string month(random.pick(months));
  switch (random.below(5)) {
    case 0:
      return fmt::format("{} {}, {}", month, day, year);
    case 1:
      return fmt::format("{:02}/{:02}/{}", random.between(1, 12), day, year);
    case 2:
      return fmt::format("{}-{:02}-{:02} {:02}:{:02}", year, random.between(1, 12), day,
                         random.between(0, 23), random.between(0, 59));
    case 3:
      return fmt::format("{} {} '{:02} at {}:{:02}", month, day, year % 100, random.between(0, 23),
                         random.between(0, 59));
    default:
      return fmt::format("{} {} ago", random.between(2, 30),
                         one_of(random, "years", "days", "hours", "months"));
  }
}

std::string gap(Random& random) {
  return one_of(random, "", " ", "\n", "\n\n", "\n", " ", "\n\n\n", "  ");
}

/// A sentence or two as the one who asked would go on.
std::string asker(const std::string& about, Random& random) {
  const auto t = topic(about, random);
  const auto need = [&] {
    return one_of(random, "I want to learn how to do this because", "I have been trying this for weeks and",
                  "I am new to this, so", "I need it for my class and", "I am working on a project where",
                  "My friend told me that", "I have read that", "I would like to know because",
                  "I'm a beginner and", "I was thinking about this last night and",
                  "I found a page that says", "I have no experience with this but", "I am asking since",
                  "We have a discussion at home and", "I already tried a few things but");
  };
  const auto rest = [&] {
    return one_of(random, "I don't understand the difference.", "nothing works so far.",
                  "I would really appreciate any help.", "my teacher could not explain it.",
                  "I need to hand it in tomorrow.", "I can't find anything useful online.",
                  "it seems that everybody says something else.", "I do not know where to start.",
                  "my budget is small.", "I am afraid of doing it wrong.", "I want to do it at home.",
                  "I am not sure that it is right.", "it is confusing.");
  };
  const auto wish = [&] {
    return one_of(random, "Please keep it short.", "It should be at most 200 words.",
                  "Please use simple language.", "Make sure that it is original.", "Use bullet points.",
                  "Please give examples.", "Include at least three sources.", "Do not use any jargon.",
                  "The tone should be formal.", "It has to rhyme.", "Add a title as well.",
                  "Explain every step in detail.", "Assume that the reader knows nothing about it.",
                  "Please answer in complete sentences.", "Do it in less than 100 words.",
                  "Write it in the first person.", "Any help would be appreciated.", "Thanks in advance!",
                  "Thank you very much.", "Can anybody help me?", "Could you also tell me how long it takes?",
                  "Is there a better way?", "What am I missing?", "Has anyone had the same problem?",
                  "Please help!", "I'd be glad to hear your ideas.", "Does that make sense?");
  };
  switch (random.below(8)) {
    case 0:
      return need() + " " + rest();
    case 1:
      return wish();
    case 2:
      return wish() + " " + wish();
    case 3:
      return need() + " " + rest() + " " + wish();
    case 4:
      return fmt::format("I am interested in {}. {}", t, wish());
    case 5:
      return fmt::format("And what about {}? {}", t, wish());
    case 6:
      return fmt::format("I mean {}, {} {}", t,
                         one_of(random, "not the other one.", "of course.", "to be precise.", "in general."),
                         wish());
    default:
      return fmt::format("My question is about {}. {} {}", t, need(), rest());
  }
}

LabelledPair pair(std::string prompt, std::string response, std::string_view source) {
  return {std::move(prompt), std::move(response), false, 1, source};
}

/// The paper's cut: the instruction goes on, and may be answered after that.
LabelledPair paper_cut(const Material& m, Random& random) {
  const auto which = random.below(m.instructions.size());
  const auto words = words_of(shortened(m.instructions[which], 600));
  if (words.size() < 4) return pair(m.instructions[which], gap(random) + m.instructions[which], "cut");
  const auto cut = random.between(words.size() / 3, words.size() - 1);
  auto response = (random.chance(0.85) ? " " : "") + join(words, cut, words.size());
  if (random.chance(0.4)) response += gap(random) + m.answers[which];
  return pair(join(words, 0, cut), response, "cut");
}

LabelledPair word_cut(const Material& m, Random& random) {
  const auto which = random.below(m.instructions.size());
  const auto text = shortened(m.instructions[which], 400);
  if (text.size() < 12) return pair(text, text, "word cut");
  auto cut = random.between(text.size() / 2, text.size() - 3);
  while (cut > 1 && !(std::isalpha(static_cast<unsigned char>(text[cut])) &&
                      std::isalpha(static_cast<unsigned char>(text[cut - 1]))))
    --cut;
  auto response = text.substr(cut);
  if (random.chance(0.3)) response += gap(random) + m.answers[which];
  return pair(text.substr(0, cut), response, "word cut");
}

/// A complete instruction, and the next ones of a list.
LabelledPair next_instruction(const Material& m, Random& random) {
  std::string response;
  const auto style = random.below(7);
  const auto number = random.between(2, 40);
  const auto count = random.between(1, 5);
  for (std::size_t i = 0; i < count; ++i) {
    const auto next = shortened(instruction(m, random), 250);
    const auto n = number + i;
    switch (style) {
      case 0:
        response += fmt::format("\n{}. {}", n, next);
        break;
      case 1:
        response += fmt::format("\n{}) {}", n, next);
        break;
      case 2:
        response += fmt::format("\n- {}", next);
        break;
      case 3:
        response += fmt::format("{}{}", i == 0 ? one_of(random, " ", "\n", "\n\n", "") : "\n", next);
        break;
      case 4:
        response += fmt::format("\n\n{}", next);
        break;
      case 5:
        response += fmt::format(" {}", next);
        break;
      default:
        response +=
            fmt::format("\n{} {}: {}", one_of(random, "Task", "Question", "Exercise", "Prompt"), n, next);
    }
  }
  if (random.chance(0.15)) response += "\n" + random.pick(m.answers);
  return pair(instruction(m, random), response, "next instruction");
}

LabelledPair forum_post(const Material& m, Random& random) {
  const auto& asked = instruction(m, random);
  const auto text = asker(asked, random);
  const auto name = user_name(random), when = date(random);
  std::string head;
  switch (random.below(11)) {
    case 0:
      head = fmt::format("Posted by {} on {}\n", name, when);
      break;
    case 1:
      head = fmt::format("by {} » {}\n", name, when);
      break;
    case 2:
      head = fmt::format("Asked {} Active {} Viewed {}k times\n", when, date(random), random.between(1, 90));
      break;
    case 3:
      head = fmt::format("{} asked in {} · {}\n{} Answers\n", name,
                         one_of(random, "Science", "Travel", "Computers", "Health"), when,
                         random.between(0, 20));
      break;
    case 4:
      head = fmt::format("{} wrote:\n", name);
      break;
    case 5:
      head = fmt::format("Re: {}\n", shortened(asked, 60));
      break;
    case 6:
      head = fmt::format("Thread starter {}\nStart date {}\n", name, when);
      break;
    case 7:
      head = fmt::format("({} votes, {} comments)\n", random.between(0, 400), random.between(0, 90));
      break;
    case 8:
      head = fmt::format("submitted {} by {}\n{} comments share save\n", when, name, random.between(1, 300));
      break;
    case 9:
      head = fmt::format("[closed]\n\n");
      break;
    default:
      head = fmt::format("Question posted {}\n", when);
  }
  return pair(asked, gap(random) + head + text, "forum");
}

std::string furniture(const std::string& asked, Random& random) {
  const auto n = random.between(1, 500);
  switch (random.below(16)) {
    case 0:
      return fmt::format("Home > {} > {}", one_of(random, "Forum", "Articles", "News", "Help", "Blog"),
                         shortened(asked, 60));
    case 1:
      return fmt::format("Share this: {}", one_of(random, "Facebook Twitter Email",
                                                  "Twitter | Reddit | Print", "Click to share"));
    case 2:
      return fmt::format("Tags: {}, {}", topic(asked, random), topic(asked, random));
    case 3:
      return fmt::format("Filed under: {} | {} Comments", topic(asked, random), n);
    case 4:
      return fmt::format("Copyright © {} {}. All rights reserved.", random.between(1999, 2023),
                         user_name(random));
    case 5:
      return fmt::format("Page {} of {}", n % 20 + 1, n % 20 + 8);
    case 6:
      return "Leave a Reply\nYour email address will not be published.";
    case 7:
      return fmt::format("Related questions\n{}", shortened(asked, 80));
    case 8:
      return fmt::format("Published {} | Updated {}", date(random), date(random));
    case 9:
      return fmt::format("{} views | {} min read", n, n % 12 + 1);
    case 10:
      return "Sign up or log in to reply";
    case 11:
      return fmt::format("Read more about {}", topic(asked, random));
    case 12:
      return fmt::format("Retrieved from \"https://www.{}.com/{}\"", user_name(random), n);
    case 13:
      return fmt::format("- {} - Wiki", shortened(asked, 60));
    case 14:
      return fmt::format("<h1>{}</h1>\n<p class=\"meta\">{}</p>", shortened(asked, 60), date(random));
    default:
      return fmt::format("| {} | {}", one_of(random, "Guide", "Ask an expert", "FAQ", "Community"),
                         date(random));
  }
}

LabelledPair page_furniture(const Material& m, Random& random) {
  const auto& asked = instruction(m, random);
  auto response = gap(random) + furniture(asked, random);
  for (std::size_t i = random.below(4); i > 0; --i) response += "\n" + furniture(asked, random);
  if (random.chance(0.3)) response += "\n\n" + shortened(random.pick(m.pages), 400);
  return pair(asked, response, "furniture");
}

LabelledPair user_turn(const Material& m, Random& random) {
  const auto& asked = instruction(m, random);
  const auto next = random.chance(0.5) ? asker(asked, random) : shortened(instruction(m, random), 200);
  const auto label = one_of(random, "User", "Human", "Q", "Question", "Comment", "Customer",
                            "### Instruction", "Me", "Student", "Interviewer");
  return pair(
      asked,
      fmt::format("{}{}: {}\n{}: {}", gap(random), label, next,
                  one_of(random, "Assistant", "A", "Bot", "Answer", "### Response"), random.pick(m.answers)),
      "user turn");
}

LabelledPair echo(const Material& m, Random& random) {
  const auto asked = shortened(instruction(m, random), 400);
  switch (random.below(6)) {
    case 0:
      return pair(asked, gap(random) + asked, "echo");
    case 1:
      return pair(asked, gap(random) + asked + "\n" + asked + "\n" + asked, "echo");
    case 2:
      return pair(asked, fmt::format("{}\"{}\"", gap(random), asked), "echo");
    case 3: {
      const auto words = words_of(asked);
      return pair(asked, gap(random) + join(words, words.size() / 3, words.size()), "echo");
    }
    case 4:
      return pair(asked, fmt::format("{}{}\n\n{}", gap(random), asked, asker(asked, random)), "echo");
    default: {
      const auto t = topic(asked, random);
      return pair(asked, fmt::format("{}{}\n{}\n{}\n{}", gap(random), t, t, t, t), "echo");
    }
  }
}

std::string scribble(Random& random) {
  std::string text;
  const auto style = random.below(11);
  const auto count = random.between(3, 40);
  const auto word =
      one_of(random, "the", "and", "of", "data", "//", "...", "x", "null", "_", "\\n", "100", "test");
  for (std::size_t i = 0; i < count; ++i) switch (style) {
      case 0:
        text += std::to_string(random.below(10));
        break;
      case 1:
        text += fmt::format("{}. ", i + 1);
        break;
      case 2:
        text += word + " ";
        break;
      case 3:
        text += static_cast<char>('!' + random.below(90));
        break;
      case 4:
        text += fmt::format("0.{:03} ", random.below(1000));
        break;
      case 5:
        text += random.chance(0.5) ? "\n" : " ";
        break;
      case 6:
        text += fmt::format("{}:{:02}:{:02} ", random.below(24), random.below(60), random.below(60));
        break;
      case 7:
        text += fmt::format("<{}></{}>", word, word);
        break;
      case 8:
        text += static_cast<char>('a' + random.below(26));
        text += random.chance(0.2) ? " " : "";
        break;
      case 9:
        text += fmt::format("{}\n", word);
        break;
      default:
        text += fmt::format("1{}0 ", random.below(1000));
    }
  return text;
}

LabelledPair garbage(const Material& m, Random& random) {
  auto response =
      random.chance(0.08) ? one_of(random, "", " ", "\n", "\n\n\n", "</s>") : gap(random) + scribble(random);
  if (random.chance(0.15)) response += "\n\n" + shortened(random.pick(m.pages), 200);
  return pair(instruction(m, random), response, "garbage");
}

LabelledPair asker_voice(const Material& m, Random& random) {
  const auto& asked = instruction(m, random);
  auto response = gap(random) + asker(asked, random);
  if (random.chance(0.6)) response += " " + asker(asked, random);
  if (random.chance(0.2)) response += gap(random) + random.pick(m.answers);
  return pair(asked, response, "asker");
}

LabelledPair exam(const Material& m, Random& random) {
  const auto& asked = instruction(m, random);
  const auto t = topic(asked, random), u = topic(instruction(m, random), random),
             v = topic(instruction(m, random), random);
  const auto n = random.between(2, 20);
  switch (random.below(6)) {
    case 0:
      return pair(asked, fmt::format("\n(a) {}\n(b) {}\n(c) {}\n(d) none of these\n", t, u, v), "exam");
    case 1:
      return pair(asked, fmt::format(" ({} points)\n{}. {}", n, n, shortened(instruction(m, random), 150)),
                  "exam");
    case 2:
      return pair(asked, fmt::format(" Explain your answer.\n\n{}", asker(asked, random)), "exam");
    case 3:
      return pair(asked, "\n______________________\n______________________\n", "exam");
    case 4:
      return pair(asked, fmt::format("\nA. {}\nB. {}\nC. {}\nAnswer key: page {}", t, u, v, n), "exam");
    default:
      return pair(
          asked,
          fmt::format(
              "\n\nInstructions: read the text about {} and answer the questions below. You have {} minutes.",
              t, n),
          "exam");
  }
}

LabelledPair page(const Material& m, Random& random) {
  return pair(instruction(m, random),
              gap(random) + shortened(random.pick(m.pages), random.between(100, 1200)), "page");
}

}  // namespace

const std::vector<NegativeKind>& negative_kinds() {
  static const std::vector<NegativeKind> kinds{{"cut", 0.16, paper_cut},
                                               {"word cut", 0.04, word_cut},
                                               {"next instruction", 0.14, next_instruction},
                                               {"forum", 0.11, forum_post},
                                               {"furniture", 0.09, page_furniture},
                                               {"user turn", 0.05, user_turn},
                                               {"echo", 0.09, echo},
                                               {"garbage", 0.10, garbage},
                                               {"asker", 0.14, asker_voice},
                                               {"exam", 0.05, exam},
                                               {"page", 0.03, page}};
  return kinds;
}

LabelledPair make_negative(const Material& material, Random& random) {
  double left = static_cast<double>(random.next() >> 11) * 0x1.0p-53;
  for (const auto& kind : negative_kinds()) {
    if (left < kind.share) return kind.make(material, random);
    left -= kind.share;
  }
  return negative_kinds().back().make(material, random);
}

LabelledPair make_clarification(const Material& material, Random& random) {
  const auto& asked = instruction(material, random);
  const auto words = words_of(shortened(asked, 300));
  const auto fragment =
      join(words, 0, random.between(words.size() / 3, std::max<std::size_t>(words.size(), 1)));
  const auto t = topic(asked, random);
  std::string reply;
  switch (random.below(9)) {
    case 0:
      reply = "It looks like your message was cut off. Could you please complete it?";
      break;
    case 1:
      reply = "I'm sorry, but I need more information to help you. What exactly would you like to know?";
      break;
    case 2:
      reply =
          fmt::format("Could you tell me a little more about {}? Then I can give you a better answer.", t);
      break;
    case 3:
      reply = "Your question seems to be incomplete. Please provide more details.";
      break;
    case 4:
      reply = "Sure, I can help with that. Can you clarify what you mean?";
      break;
    case 5:
      reply =
          fmt::format("I am not sure what you mean by \"{}\". Do you want an explanation or an example?", t);
      break;
    case 6:
      reply = "I do not have enough context to answer. Please finish your sentence.";
      break;
    case 7:
      reply = fmt::format("Certainly! What would you like me to do with {}?", t);
      break;
    default:
      reply = "It depends on what you need. Could you describe the situation in more detail?";
  }
  return {fragment, one_of(random, "", " ", "\n") + reply, true, 1, "clarification"};
}

}  // namespace ifstop::cli
