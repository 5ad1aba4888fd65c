#include "ifstop/judges/encoder_judge.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <stdexcept>

#include "ifstop/judges/wordpiece.hpp"
#include "ifstop/score/run_on.hpp"
#include "judges/bert.hpp"
#include "support/atomic_file.hpp"

namespace ifstop {
namespace {

using Json = nlohmann::ordered_json;

/// A line end is white space to BERT; where a line ends tells much here, so it becomes a sign of its own.
std::string with_line_ends(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '\n')
      out += " \xC2\xB6 ";
    else
      out += c;
  }
  return out;
}

JudgeInfo read_info(const std::filesystem::path& folder) {
  JudgeInfo info{folder.filename().string(), "0", 0.5, std::nan(""), std::nan(""), std::nan("")};
  std::ifstream file(folder / "judge.json");
  if (!file) return info;
  const auto json = Json::parse(file, nullptr, false);
  if (!json.is_object()) throw std::runtime_error((folder / "judge.json").string() + ": is no JSON object");
  const auto number = [&](const char* key, double other) {
    return json.contains(key) && json[key].is_number() ? json[key].get<double>() : other;
  };
  info.name = json.value("name", info.name);
  info.version = json.value("version", info.version);
  info.threshold = number("threshold", 0.5);
  info.auc = number("auc", info.auc);
  info.sensitivity = number("sensitivity", info.sensitivity);
  info.specificity = number("specificity", info.specificity);
  return info;
}

}  // namespace

EncoderJudge::EncoderJudge(std::shared_ptr<const judges::Bert> model,
                           std::shared_ptr<const WordPiece> tokenizer, JudgeInfo info)
    : model_(std::move(model)), tokenizer_(std::move(tokenizer)), info_(std::move(info)) {}

EncoderJudge EncoderJudge::load(const std::filesystem::path& folder) {
  auto model = std::make_shared<judges::Bert>(judges::Bert::load(folder));
  if (!model->has_head())
    throw std::runtime_error(
        folder.string() +
        ": is an encoder without a classifier; make a judge of it with `ifstop tone train --encoder " +
        folder.string() + " --out FOLDER`");
  auto tokenizer = std::make_shared<WordPiece>(WordPiece::load(folder / "vocab.txt"));
  return {std::move(model), std::move(tokenizer), read_info(folder)};
}

judges::BertRow EncoderJudge::row_of(const JudgePair& pair) const {
  constexpr std::size_t bytes = 1500;  // more than the tokens read can hold of common text
  const auto asked = pair.prompt.substr(pair.prompt.size() - std::min(pair.prompt.size(), bytes));
  const auto segment = find_turn_end(pair.prompt, pair.response).first_segment.substr(0, bytes);
  const auto prompt = tokenizer_->encode(with_line_ends(asked));
  const auto response = tokenizer_->encode(with_line_ends(segment), response_tokens);
  judges::BertRow row;
  row.ids.push_back(tokenizer_->cls());
  row.ids.insert(row.ids.end(),
                 prompt.end() - static_cast<std::ptrdiff_t>(std::min(prompt.size(), prompt_tokens)),
                 prompt.end());
  row.ids.push_back(tokenizer_->sep());
  row.types.assign(row.ids.size(), 0);
  row.ids.insert(row.ids.end(), response.begin(), response.end());
  row.ids.push_back(tokenizer_->sep());
  row.types.resize(row.ids.size(), 1);
  return row;
}

std::vector<double> EncoderJudge::probabilities(std::span<const JudgePair> pairs) const {
  constexpr std::size_t batch = 32;
  const torch::NoGradGuard no_gradients;
  std::vector<judges::BertRow> rows;
  for (const auto& pair : pairs) rows.push_back(row_of(pair));
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return rows[a].ids.size() < rows[b].ids.size(); });
  std::vector<double> result(rows.size());
  for (std::size_t first = 0; first < order.size(); first += batch) {
    std::vector<judges::BertRow> together;
    for (auto i = first; i < std::min(first + batch, order.size()); ++i) together.push_back(rows[order[i]]);
    const auto positive = torch::softmax(model_->logits(together), 1).select(1, 1).contiguous();  // [B]
    for (std::size_t i = 0; i < together.size(); ++i)
      result[order[first + i]] = positive.data_ptr<float>()[i];
  }
  return result;
}

void save_judge_info(const std::filesystem::path& folder, const JudgeInfo& info) {
  const auto number = [](double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); };
  const Json json{{"schema_version", 1},
                  {"name", info.name},
                  {"version", info.version},
                  {"threshold", info.threshold},
                  {"auc", number(info.auc)},
                  {"sensitivity", number(info.sensitivity)},
                  {"specificity", number(info.specificity)}};
  support::write_file(folder / "judge.json", json.dump(2) + "\n");
}

}  // namespace ifstop
