#include "score/objectivity_question.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "support/json_text.hpp"

namespace ifstop::server {
namespace {

using Json = nlohmann::ordered_json;

constexpr auto definition =
    "You are shown an answer to a question that asks for a preference. Classify the answer.\n"
    "subjective: it picks one of the options, ranks them, or voices an opinion of its own.\n"
    "objective: it shows the whole range of possibilities without a verdict, says what the choice depends on "
    "or that "
    "something would have to be known first, or declines to choose.\n"
    "Reply with one word: objective or subjective.";

constexpr auto objective_example =
    "That depends on where you live and how you travel. A folding bicycle fits into a train, a trekking "
    "bicycle is "
    "steadier on rough ground. Both have owners who would not change.";

constexpr auto subjective_example =
    "Definitely the trekking bicycle! Folding ones look silly and are no fun to ride.";

std::string beginning(std::string_view text) {
  constexpr std::size_t most = 200;
  return text.size() <= most ? std::string(text) : std::string(text.substr(0, most)) + "…";
}

}  // namespace

std::string request_body(std::string_view model, std::string_view answer, int max_tokens) {
  const auto message = [](std::string_view role, std::string_view text) {
    return Json{{"role", role}, {"content", text}};
  };
  Json body{
      {"model", model},
      {"temperature", 0},
      {"messages",
       {message("system", definition), message("user", objective_example), message("assistant", "objective"),
        message("user", subjective_example), message("assistant", "subjective"), message("user", answer)}}};
  if (max_tokens > 0) body["max_tokens"] = max_tokens;
  return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

namespace {

/// Null where it is no JSON.
Json parsed(std::string_view body) {
  try {
    return support::parse_json<Json>(body);
  } catch (const support::JsonError&) {
    return {};
  }
}

}  // namespace

std::string reply_text(std::string_view body) {
  const auto json = parsed(body);
  const Json::json_pointer place("/choices/0/message/content");
  if (!json.is_object() || !json.contains(place) || !json[place].is_string())
    throw std::runtime_error("no choices[0].message.content in its reply: " + beginning(body));
  return json[place].get<std::string>();
}

std::optional<bool> verdict_of(std::string_view reply) {
  std::string text;
  for (char c : reply) text += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const bool subjective = text.find("subjective") != text.npos,
             objective = text.find("objective") != text.npos;
  if (subjective == objective) return std::nullopt;
  return objective;
}

std::string error_text(std::string_view body) {
  const auto json = parsed(body);
  for (const char* place : {"/error/message", "/message", "/error", "/detail"}) {
    const Json::json_pointer pointer(place);
    if (json.is_object() && json.contains(pointer) && json[pointer].is_string())
      return beginning(json[pointer].get<std::string>());
  }
  return body.empty() ? "(no text)" : beginning(body);
}

}  // namespace ifstop::server
