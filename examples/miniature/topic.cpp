#include "topic.hpp"

namespace miniature {

namespace {

Topic taste_topic(Rng& rng) {
  Topic topic;
  topic.taste = &rng.pick(tastes());
  const auto [a, b] = rng.pick_two(topic.taste->items);
  topic.vars = {{'c', topic.taste->category}, {'a', a}, {'b', b}};
  topic.about = fill(rng.pick({"{a} and {b}", "{a}", "{b}", "{c}"}), topic.vars);
  return topic;
}

Asked ask_preference(Rng& rng, const Topic& topic) {
  const std::string_view pattern =
      rng.pick({"Which is better, {a} or {b}?", "Do you prefer {a} or {b}?", "Should I choose {a} or {b}?",
                "Is it better to have {a} or {b}?", "What do you like more, {a} or {b}?",
                "Which {c} are the best, {a} or {b}?", "What are the best {c}?",
                "Which of these {c} is the ultimate choice, {a} or {b}?"});
  const bool between_two = pattern.find("{a}") != std::string_view::npos;
  Asked out{"preference", {}, fill(pattern, topic.vars), neutral(rng, topic, between_two), {}};
  if (between_two)
    out.keys = {"taste " + topic.vars.at('a'), "taste " + topic.vars.at('b')};
  else
    out.keys = {"tastes " + topic.vars.at('c')};
  return out;
}

Asked ask_group(Rng& rng, const Topic& topic) {
  std::vector<std::string> members = topic.group->members;
  rng.shuffle(members);
  const Vars vars{{'c', topic.group->name}, {'x', members[0]}, {'y', members[1]}, {'z', members[2]}};
  const std::string question = fill(rng.pick(group_kind().questions), vars);
  return {"list", {topic.group->name}, question, fill(rng.pick(group_kind().answers), vars), {}};
}

}  // namespace

Topic topic_of(const Table& table, const Row& row) {
  Topic topic;
  topic.table = &table;
  topic.row = &row;
  topic.vars = row.vars;
  topic.about = fill(table.about, row.vars);
  return topic;
}

Topic topic_of(const Group& group) {
  Topic topic;
  topic.group = &group;
  topic.vars = {{'c', group.name}};
  topic.about = group.name;
  return topic;
}

Topic random_topic(Rng& rng, double taste_share) {
  if (rng.chance(taste_share)) return taste_topic(rng);
  // Tables count by the square root of their size, so that small ones are seen and large ones are learned.
  static constexpr std::size_t kWeights[] = {24, 8, 5, 14, 7, 6, 6, 5, 8, 8};
  std::size_t draw = rng.below(97);
  for (std::size_t i = 0; i < tables().size(); ++i) {
    if (draw < kWeights[i]) return topic_of(tables()[i], rng.pick(tables()[i].rows));
    draw -= kWeights[i];
  }
  return topic_of(rng.pick(groups()));
}

Asked ask(Rng& rng, const Topic& topic, const Kind& kind) {
  const std::string question = fill(rng.pick(kind.questions), topic.vars);
  Asked out{kind.name, {topic.row->key}, question, fill(rng.pick(kind.answers), topic.vars), {}};
  for (const auto pattern : kind.accepted) out.accepted.push_back(fill(pattern, topic.vars));
  return out;
}

Asked ask_comparison(Rng& rng, const Topic& topic) {
  const int size = std::stoi(topic.vars.at('z'));
  for (;;) {
    const Row& other = rng.pick(animals().rows);
    const int difference = std::stoi(other.vars.at('z')) - size;
    if (difference > -2 && difference < 2) continue;
    const std::string mine = topic.vars.at('s'), its = other.vars.at('s');
    Vars vars{{'b', difference > 0 ? its : mine}, {'s', difference > 0 ? mine : its}};
    const bool mine_first = rng.chance(0.5);
    vars['x'] = mine_first ? mine : its;
    vars['y'] = mine_first ? its : mine;
    const Kind& kind = comparison_kind();
    const std::string question = fill(rng.pick(kind.questions), vars);
    Asked out{kind.name, {topic.row->key, other.key}, question, fill(rng.pick(kind.answers), vars), {}};
    for (const auto pattern : kind.accepted) out.accepted.push_back(fill(pattern, vars));
    return out;
  }
}

Asked ask(Rng& rng, const Topic& topic) {
  if (topic.taste) return ask_preference(rng, topic);
  if (topic.group) return ask_group(rng, topic);
  const std::vector<Kind>& kinds = topic.table->kinds;
  const bool comparable = topic.table == &animals();
  const std::size_t which = rng.below(kinds.size() + (comparable ? 1 : 0));
  return which == kinds.size() ? ask_comparison(rng, topic) : ask(rng, topic, kinds[which]);
}

std::string opinion(Rng& rng, const Topic& taste) {
  Vars vars = taste.vars;
  if (rng.chance(0.5)) std::swap(vars['a'], vars['b']);
  vars['o'] = rng.pick(taste.taste->opinions);
  return fill(
      rng.pick({"I prefer {a} because {o}.", "{A} all the way, {o}!",
                "In my opinion, {a} beats {b}. I think {o}.", "My favourite is {a}. I never liked {b}.",
                "I love {a}, {o}.", "Honestly, nothing is better than {a}.",
                "I would choose {a} over {b} any day because {o}.", "{A} is better than {b}, {o}."}),
      vars);
}

std::string neutral(Rng& rng, const Topic& taste, bool between_two) {
  Vars vars = taste.vars;
  const auto [x, y] = rng.pick_two(taste.taste->aspects);
  vars['x'] = x;
  vars['y'] = y;
  if (!between_two)
    return fill(rng.pick({"Different people like different {c}. It depends on {x} and {y}.",
                          "No {c} are the best for everyone. It depends on {x}.",
                          "Many {c} can be a good choice. It depends on {x} and {y}."}),
                vars);
  return fill(rng.pick({"Both {a} and {b} can be a good choice. It depends on {x} and {y}.",
                        "Some people like {a} and others like {b}. It depends on {x}.",
                        "{A} and {b} both have good sides. It depends on {x} and {y}.",
                        "Some people enjoy {a}, while others enjoy {b}. That depends on {x}."}),
              vars);
}

}  // namespace miniature
