#include "ifstop/report/trainer_state.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "ifstop/report/event_log.hpp"

namespace ifstop::report {
namespace {

Json epoch_of(std::int64_t examples, const TrainerStateOptions& options) {
  if (options.train_examples <= 0) return {};
  return static_cast<double>(examples) / static_cast<double>(options.train_examples);
}

Json train_entry(const Json& event, const TrainerStateOptions& options) {
  return {{"epoch", epoch_of(event.value("examples", std::int64_t{0}), options)},
          {"grad_norm", event.value("grad_norm", Json())},
          {"learning_rate", event.value("learning_rate", Json())},
          {"loss", event.value("loss", Json())},
          {"step", event["step"]}};
}

Json eval_entry(const Evaluation& evaluation, const TrainerStateOptions& options) {
  Json entry{{"epoch", epoch_of(evaluation.examples, options)}};
  for (const auto& [name, score] : evaluation.scores)
    if (score.measured()) entry["eval_" + name] = score.value();
  for (const auto& [name, value] : evaluation.values)
    entry[name.starts_with("eval_") ? name : "eval_" + name] = value;
  entry["eval_runtime"] = evaluation.seconds_eval;
  entry["step"] = evaluation.step;
  return entry;
}

struct Best {
  std::optional<double> metric;
  std::int64_t step = 0;
};

struct History {
  Json log = Json::array();
  Best best;
  std::int64_t examples = 0, tokens = 0;
  std::set<std::int64_t> checkpoints;
};

History history_of(const std::vector<Json>& events, const TrainerStateOptions& options) {
  History history;
  history.checkpoints.insert(options.global_step);  // the one this state is written for
  for (const auto& event : events) {
    const auto step = event["step"].get<std::int64_t>();
    if (step > options.global_step) break;
    if (event["kind"] == "train") {
      history.examples = event.value("examples", std::int64_t{0});
      history.tokens = event.value("tokens", std::int64_t{0});
      if (step % std::max<std::int64_t>(options.logging_steps, 1) == 0)
        history.log.push_back(train_entry(event, options));
    } else if (event["kind"] == "checkpoint") {
      history.checkpoints.insert(step);
    } else if (event["kind"] == "eval") {
      history.log.push_back(eval_entry(evaluation_from_json(event), options));
    } else if (event["kind"] == "decision") {
      // The rule knows which way is better; the last one that has seen its metric speaks.
      const Decision decision = decision_from_json(event);
      if (decision.best) history.best = {decision.best, decision.best_step};
    }
  }
  return history;
}

}  // namespace

Json trainer_state(const std::vector<Json>& events, const TrainerStateOptions& options) {
  const History history = history_of(events, options);
  const Best& best = history.best;
  const bool named =
      best.metric && !options.checkpoint_prefix.empty() && history.checkpoints.contains(best.step);
  return {
      {"best_global_step", best.metric ? Json(best.step) : Json()},
      {"best_metric", best.metric ? Json(*best.metric) : Json()},
      {"best_model_checkpoint", named ? Json(options.checkpoint_prefix + std::to_string(best.step)) : Json()},
      {"epoch", epoch_of(history.examples, options)},
      {"eval_steps", options.eval_steps},
      {"global_step", options.global_step},
      {"is_hyper_param_search", false},
      {"is_local_process_zero", true},
      {"is_world_process_zero", true},
      {"log_history", history.log},
      {"logging_steps", options.logging_steps},
      {"max_steps", options.max_steps},
      {"num_input_tokens_seen", history.tokens},
      {"num_train_epochs", options.num_train_epochs},
      {"save_steps", options.save_steps},
      {"stateful_callbacks", {{"ifstop", {{"schema_version", schema_version}}}}},
      {"total_flos", 0},
      {"train_batch_size", options.train_batch_size},
      {"trial_name", nullptr},
      {"trial_params", nullptr}};
}

void write_trainer_state(const std::filesystem::path& path, const std::filesystem::path& events,
                         const TrainerStateOptions& options) {
  const Json state = trainer_state(read_events(events), options);
  write_atomically(path, state.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace ifstop::report
