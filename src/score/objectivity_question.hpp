// What the server is asked about an answer, and what its reply means.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace ifstop::server {

/// Raised with every change of the words: verdicts under another scheme are not comparable.
inline constexpr std::string_view scheme = "two-shot 1";

/// The body of a chat completion request: the definition, one example of each kind, the answer.
std::string request_body(std::string_view model, std::string_view answer, int max_tokens);

/// The reply's text in a chat completion. Throws std::runtime_error saying what is wrong with the body.
std::string reply_text(std::string_view body);

/// True for objective, false for subjective, nothing where the reply has neither word or both.
std::optional<bool> verdict_of(std::string_view reply);

/// What a server says is wrong, from the body of an error; its beginning where it has no "message".
std::string error_text(std::string_view body);

}  // namespace ifstop::server
