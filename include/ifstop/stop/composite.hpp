// What rules made of other rules have in common.
#pragma once
#include <fmt/format.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ifstop/stop/decision_text.hpp"
#include "ifstop/stop/rule.hpp"
#include "ifstop/stop/state.hpp"

namespace ifstop {

/// Holds the members and their states. Every member sees every evaluation; one that has said stop keeps
/// saying so.
class Composite : public Rule {
 public:
  void reset() override {
    for (auto& member : members_) member->reset();
    stopped_.reset();
  }
  std::string state() const override {
    StateWriter out;
    out.put("rule", name_);
    out.option("members", static_cast<std::int64_t>(members_.size()));
    out.put("stopped", stopped_.has_value());
    if (stopped_) put_decision(out, *stopped_);
    for (std::size_t i = 0; i < members_.size(); ++i)
      out.nest(fmt::format("member.{}.", i), members_[i]->state());
    return out.text();
  }
  void restore(std::string_view state) override;
  std::string name() const override { return name_; }
  const std::vector<RulePtr>& members() const { return members_; }

  Decision observe(const Evaluation& evaluation) final {
    if (stopped_) return *stopped_;
    std::vector<Decision> decisions;
    for (auto& member : members_) decisions.push_back(member->observe(evaluation));
    Decision decision = combine(decisions);
    if (decision.stop) stopped_ = decision, stopped_->keep = false;
    return decision;
  }

 protected:
  Composite(std::string name, std::vector<RulePtr> members)
      : name_(std::move(name)), members_(std::move(members)) {
    if (members_.empty())
      throw std::invalid_argument(name_ + ": members is empty; give it at least one rule");
    for (const auto& member : members_)
      if (!member) throw std::invalid_argument(name_ + ": a member is null");
  }

  /// One answer from one a member, in order.
  virtual Decision combine(const std::vector<Decision>& decisions) const = 0;

 private:
  void take(const StateReader& in) {
    std::optional<Decision> stopped;
    if (in.boolean("stopped")) stopped = decision_from(in);
    for (std::size_t i = 0; i < members_.size(); ++i)
      members_[i]->restore(in.nested(fmt::format("member.{}.", i)));
    stopped_ = std::move(stopped);
  }

  std::string name_;
  std::vector<RulePtr> members_;
  std::optional<Decision> stopped_;
};

inline void Composite::restore(std::string_view state) {
  const StateReader saved(state);
  if (saved.text("rule") != name_)
    throw std::invalid_argument(
        fmt::format("{}: the saved state is one of the rule {}", name_, saved.text("rule")));
  const std::string before = this->state();
  compare_options(name_, saved, StateReader(before));
  try {
    take(saved);
  } catch (...) {
    take(StateReader(before));
    throw;
  }
}

}  // namespace ifstop
