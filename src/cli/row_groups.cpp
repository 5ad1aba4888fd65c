#include "cli/row_groups.hpp"

#include <algorithm>
#include <array>

namespace ifstop::cli {
namespace {

/// Texts of prompts kept to find the instructions of fragments; beyond, memory would grow with the file.
constexpr std::size_t most_bytes = std::size_t{32} << 20;

std::uint64_t hash_of(std::string_view text) {
  return prompt_detail::rank(0, text);
}

}  // namespace

std::uint16_t score_bit(std::string_view name) {
  return static_cast<std::uint16_t>(
      1U << (std::find(score_names.begin(), score_names.end(), name) - score_names.begin()));
}

RowOutcomes outcomes_of(const JudgedInput& input) {
  auto outcomes = ifstop::outcomes_of(input.prompt, input.scored);
  if (!input.has_kind)
    outcomes.measured &= static_cast<std::uint16_t>(~(score_bit("ifs_full") | score_bit("ifs_partial")));
  return outcomes;
}

RowKey RowGroups::add(const JudgedInput& input) {
  const auto& prompt = input.prompt;
  const auto text = hash_of(prompt.text);
  if (!prompt.parent.empty()) {
    const auto parent = hash_of(prompt.parent);
    parents_.insert(parent);
    return {text, parent, true};
  }
  if (input.has_kind && prompt.kind != PromptKind::preference) note_text(input);
  return {text, prompt.id.empty() ? 0 : hash_of(prompt.id), false};
}

void RowGroups::note_text(const JudgedInput& input) {
  if (gave_up_) return;
  auto& texts = input.prompt.kind == PromptKind::partial ? partial_ : full_;
  if (texts.insert(input.prompt.text).second) bytes_ += input.prompt.text.size() + 80;  // and the set's own
  if (bytes_ < most_bytes) return;
  gave_up_ = true;
  full_.clear();
  partial_.clear();
}

void RowGroups::close() {
  for (const auto& part : partial_) {
    const auto whole = full_.lower_bound(part);  // texts that begin with `part` follow it at once
    if (whole != full_.end() && whole->compare(0, part.size(), part) == 0)
      instruction_.emplace(hash_of(part), hash_of(*whole));
  }
  full_.clear();
  partial_.clear();
}

std::uint64_t RowGroups::of(const RowKey& key) const {
  if (key.names_parent || (key.name != 0 && parents_.count(key.name) > 0)) return key.name;
  const auto found = instruction_.find(key.text);
  return found == instruction_.end() ? key.text : found->second;
}

void ScoreCounts::add(const JudgedInput& input) {
  const auto [found, added] = index_.try_emplace(input.model, static_cast<std::uint32_t>(models_.size()));
  if (added) models_.push_back({input.model, 0, {}, 0});
  ++models_[found->second].rows;
  const auto key = groups_.add(input);
  rows_.push_back({key.text, key.name, found->second & 0x7FFFFFFFU, key.names_parent, outcomes_of(input)});
}

std::vector<ScoreCounts::Model> ScoreCounts::finish() {
  groups_.close();
  for (auto& row : rows_) row.text = groups_.of({row.text, row.name, row.names_parent != 0});
  const auto place = [](const Row& row) { return std::pair(std::uint32_t{row.model}, row.text); };
  std::sort(rows_.begin(), rows_.end(), [&](const Row& a, const Row& b) { return place(a) < place(b); });
  for (std::size_t s = 0; s < score_names.size(); ++s) {
    std::vector<GroupSums> sums(models_.size());
    for (auto row = rows_.begin(); row != rows_.end();) {
      double trials = 0, successes = 0;
      const auto first = row;
      for (; row != rows_.end() && place(*row) == place(*first); ++row) {
        trials += row->outcomes.measured >> s & 1U;
        successes += row->outcomes.succeeded >> s & 1U & row->outcomes.measured >> s;
      }
      if (trials > 0) sums[first->model].add(trials, successes, successes);
    }
    for (std::size_t m = 0; m < models_.size(); ++m) {
      if (sums[m].count() == 0 && score_names[s] == "correct") continue;
      if (score_names[s] == "ifs")
        models_[m].ifs_effective_trials = sums[m].count() / sums[m].design_effect();
      models_[m].scores[std::string(score_names[s])] = make_score(sums[m]);
    }
  }
  rows_.clear();
  return std::move(models_);
}

}  // namespace ifstop::cli
