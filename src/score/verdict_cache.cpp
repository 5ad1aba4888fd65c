#include "score/verdict_cache.hpp"

#include <fmt/format.h>

#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "score/objectivity_question.hpp"
#include "support/json_text.hpp"

namespace ifstop::server {
namespace {

using Json = nlohmann::ordered_json;

bool is_text(const Json& row, const char* key) {
  return row.contains(key) && row[key].is_string();
}

bool is_verdict(const Json& row) {
  return row.is_object() && is_text(row, "scheme") && is_text(row, "model") && is_text(row, "answer") &&
         row.contains("objective") && row["objective"].is_boolean();
}

}  // namespace

VerdictCache::VerdictCache(const std::filesystem::path& path, std::string model)
    : model_(std::move(model)), path_(path) {
  if (path_.empty()) return;
  std::ifstream in(path_, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto whole = text.rfind('\n') + 1;  // 0 where there is no line at all
  std::size_t line = 0;
  for (std::size_t begin = 0; begin < whole;) {
    const auto end = text.find('\n', begin);
    Json row;
    try {
      row = support::parse_json<Json>(std::string_view(text).substr(begin, end - begin));
    } catch (const support::JsonError&) {  // no verdict: told below
    }
    begin = end + 1;
    ++line;
    if (!is_verdict(row))
      throw std::runtime_error(
          fmt::format("{}:{}: no verdict of a judge server; is this another file?", path_.string(), line));
    if (row["scheme"] == scheme && row["model"] == model_) verdicts_[row["answer"]] = row["objective"];
  }
  if (whole < text.size()) std::filesystem::resize_file(path_, whole);
  file_.open(path_, std::ios::binary | std::ios::app);
  if (!file_)
    throw std::runtime_error(path_.string() + ": cannot write verdicts there; does its folder exist?");
}

std::optional<bool> VerdictCache::find(const std::string& answer) const {
  const auto found = verdicts_.find(answer);
  return found == verdicts_.end() ? std::nullopt : std::optional(found->second);
}

void VerdictCache::add(const std::string& answer, bool objective) {
  verdicts_[answer] = objective;
  if (path_.empty()) return;
  const Json row{{"scheme", scheme}, {"model", model_}, {"answer", answer}, {"objective", objective}};
  file_ << row.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n" << std::flush;
  if (!file_) throw std::runtime_error(path_.string() + ": writing verdicts failed; is the disk full?");
}

}  // namespace ifstop::server
