#include "ifstop/report/html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "ifstop/report/tensorboard.hpp"
#include "report/chart.hpp"
#include "report/grouped.hpp"
#include "report/page_style.hpp"

namespace ifstop::report {
namespace {

// The scores with a line and a figure of their own; a missing one is left out.
struct Shown {
  const char* key;
  const char* name;
  const char* meaning;
};
constexpr Shown shown[] = {{"ifs", "IFS", "answers instead of going on"},
                           {"ifs_strict", "IFS strict", "and stays within its turn"},
                           {"objecqa", "ObjecQA", "neutral where opinions differ"},
                           {"correct", "correct", "knows the right answer"}};
constexpr std::size_t answers_shown = 6;
constexpr std::size_t loss_points = 200;

const Score* measured(const Scores& scores, std::string_view name) {
  const auto found = scores.find(name);
  return found != scores.end() && found->second.measured() ? &found->second : nullptr;
}

std::string share(const Scores& scores, std::string_view name) {
  const Score* score = measured(scores, name);
  return score ? fmt::format("{:.3f}", score->value()) : "\u2013";
}

std::string interval(const Score& score) {
  if (!std::isfinite(score.low) || !std::isfinite(score.high)) return "";
  return fmt::format("{:.3f} to {:.3f}", score.low, score.high);
}

// Where the run ended, in words.
std::string headline(const RunFolder& run) {
  if (run.stop && run.stop->stopped)
    return fmt::format("Stopped at {} examples", grouped(run.stop->examples));
  if (run.stop) return fmt::format("Not stopped: {} examples", grouped(run.stop->examples));
  const auto examples = run.evaluations.empty() ? 0 : run.evaluations.back().examples;
  return fmt::format("Still running: {} examples", grouped(examples));
}

std::string head(const RunFolder& run) {
  std::string out = fmt::format("<p class=\"kicker\">ifstop \u00b7 run <code>{}</code></p>\n<h1>{}</h1>\n",
                                escape_html(run.name), headline(run));
  if (!run.stop) return out;
  if (!run.stop->reason.empty())
    out += fmt::format("<p class=\"reason\">{}</p>\n", escape_html(run.stop->reason));
  out += fmt::format("<p class=\"soft small\">Rule <code>{}</code> \u00b7 step {} \u00b7 best at step {}",
                     escape_html(run.stop->rule), grouped(run.stop->step), grouped(run.stop->best_step));
  if (run.stop->probability_more_helps)
    out +=
        fmt::format(" \u00b7 probability that more training helps {:.2f}", *run.stop->probability_more_helps);
  return out + "</p>\n";
}

std::string figures(const RunFolder& run) {
  if (run.evaluations.empty()) return "";
  const Scores& first = run.stop ? run.stop->baseline : run.evaluations.front().scores;
  const Scores& last = run.stop ? run.stop->at_stop : run.evaluations.back().scores;
  std::string out = "<div class=\"figures\">\n";
  for (int i = 0; i < 4; ++i)
    if (const Score* score = measured(last, shown[i].key))
      out += fmt::format(
          "<div class=\"figure s{}\"><div class=\"what\">{}</div><div class=\"value\">{:.3f}</div>"
          "<div class=\"from\">before: {}</div><div class=\"from\">{}</div></div>\n",
          i + 1, shown[i].name, score->value(), share(first, shown[i].key), shown[i].meaning);
  return out + "</div>\n";
}

std::string curves(const RunFolder& run) {
  Chart chart{.label = "Scores against training examples", .x_name = "training examples"};
  for (int i = 0; i < 4; ++i) {
    ChartLine line{.name = shown[i].name, .style = i + 1, .band = i == 0};
    for (const auto& evaluation : run.evaluations)
      if (const Score* score = measured(evaluation.scores, shown[i].key))
        line.points.push_back({static_cast<double>(evaluation.examples), score->value(),
                               std::isfinite(score->low) ? score->low : score->value(),
                               std::isfinite(score->high) ? score->high : score->value(),
                               fmt::format("{} {:.3f} ({}) at {} examples", shown[i].name, score->value(),
                                           interval(*score), grouped(evaluation.examples))});
    chart.lines.push_back(std::move(line));
  }
  if (run.stop && run.stop->stopped) {
    chart.mark = static_cast<double>(run.stop->examples);
    chart.mark_text = fmt::format("stop: {}", grouped(run.stop->examples));
  }
  return "<section><h2>What the model learned, and when</h2>\n" + svg(chart) +
         "<p class=\"soft small\">Shaded: 95 % interval of IFS.</p></section>\n";
}

// Means of equal stretches, at most loss_points of them.
std::vector<ChartPoint> losses(const RunFolder& run) {
  std::vector<ChartPoint> all;
  for (const auto& event : run.events)
    if (event["kind"] == "train" && event.contains("loss") && event["loss"].is_number())
      all.push_back({event.value("examples", 0.0), event["loss"].get<double>()});
  const std::size_t stretch = all.size() / loss_points + 1;
  std::vector<ChartPoint> means;
  for (std::size_t begin = 0; begin < all.size(); begin += stretch) {
    const std::size_t end = std::min(begin + stretch, all.size());
    double sum = 0;
    for (std::size_t i = begin; i < end; ++i) sum += all[i].y;
    means.push_back({all[end - 1].x, sum / static_cast<double>(end - begin)});
  }
  return means;
}

std::string loss_curve(const RunFolder& run) {
  ChartLine line{.name = "loss", .style = 5, .dots = false, .points = losses(run)};
  if (line.points.size() < 2) return "";
  double highest = 0;
  for (const auto& point : line.points) highest = std::max(highest, point.y);
  Chart chart{.label = "Training loss against examples",
              .x_name = "training examples",
              .y_high = highest * 1.05,
              .height = 220};
  chart.lines.push_back(std::move(line));
  return "<section><h2>Training loss</h2>\n" + svg(chart) + "</section>\n";
}

std::string table(const RunFolder& run) {
  const bool correct = std::any_of(run.evaluations.begin(), run.evaluations.end(), [](const Evaluation& e) {
    return measured(e.scores, "correct") != nullptr;
  });
  std::string out =
      "<section><h2>Evaluations</h2><div class=\"scroll\"><table>\n<tr><th>examples</th><th>IFS</th>"
      "<th>95 % interval</th><th>strict</th><th>partial</th><th>full</th><th>run-on</th><th>cut off</th>"
      "<th>ObjecQA</th>";
  out += correct ? "<th>correct</th><th>seconds</th></tr>\n" : "<th>seconds</th></tr>\n";
  for (const auto& evaluation : run.evaluations) {
    const bool stop = run.stop && run.stop->stopped && run.stop->step == evaluation.step;
    const Score* ifs = measured(evaluation.scores, "ifs");
    out +=
        fmt::format("<tr{}><td>{}</td><td>{}</td><td>{}</td>", stop ? " class=\"stop\"" : "",
                    grouped(evaluation.examples), share(evaluation.scores, "ifs"), ifs ? interval(*ifs) : "");
    for (const char* name : {"ifs_strict", "ifs_partial", "ifs_full", "run_on", "truncated", "objecqa"})
      out += fmt::format("<td>{}</td>", share(evaluation.scores, name));
    if (correct) out += fmt::format("<td>{}</td>", share(evaluation.scores, "correct"));
    out += fmt::format("<td>{:.1f}</td></tr>\n", evaluation.seconds_eval);
  }
  return out + "</table></div></section>\n";
}

std::string peers(const RunFolder& run) {
  if (!run.stop || run.stop->peers.empty()) return "";
  std::string out =
      "<section><h2>What other rules would have done</h2><table>\n"
      "<tr><th class=\"text\">rule</th><th class=\"text\">verdict</th><th>examples</th></tr>\n";
  for (const auto& peer : run.stop->peers)
    out +=
        fmt::format("<tr><td class=\"text\"><code>{}</code></td><td class=\"text\">{}</td><td>{}</td></tr>\n",
                    escape_html(peer.rule), peer.stopped ? "stop" : "go on", grouped(peer.examples));
  return out + "</table></section>\n";
}

std::string answers(const RunFolder& run) {
  const auto pairs = before_and_after(run.before, run.after, answers_shown);
  if (pairs.empty()) return "";
  std::string out = "<section><h2>Answers before and after</h2>\n";
  const auto answer = [](std::string_view text, const std::string& end) {
    const auto begin = std::min(text.find_first_not_of(" \n\t"), text.size());
    const auto words =
        text.size() > begin ? escape_html(text.substr(begin)) : "<span class=\"soft\">(nothing)</span>";
    return end.empty() ? words : words + " <span class=\"soft\">\u2192 " + escape_html(end) + "</span>";
  };
  for (const auto& [prompt, before, after, before_end, after_end] : pairs)
    out += fmt::format(
        "<div class=\"pair\"><div class=\"prompt\">{}</div><div class=\"two\"><div class=\"answer\">"
        "<b>before</b>{}</div><div class=\"answer after\"><b>after</b>{}</div></div></div>\n",
        escape_html(prompt), answer(before, before_end), answer(after, after_end));
  return out + "</section>\n";
}

std::string text_of(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end()) return "";
  return found->is_string() ? found->get<std::string>() : found->dump();
}

std::string foot(const RunFolder& run) {
  std::string out;
  const auto add = [&](const std::string& what, const std::string& value) {
    if (!value.empty())
      out += fmt::format("{}{} <code>{}</code>", out.empty() ? "" : " \u00b7 ", what, escape_html(value));
  };
  add("model", text_of(run.config, "model_name_or_path"));
  add("data", text_of(run.config, "train_file"));
  if (const auto set = run.config.find("prompt_set"); set != run.config.end() && set->is_object())
    add("prompt set", text_of(*set, "name") + " " + text_of(*set, "version") + " " + text_of(*set, "hash"));
  if (const auto judges = run.config.find("judges"); judges != run.config.end() && judges->is_array())
    for (const auto& judge : *judges) add("judge", text_of(judge, "name") + " " + text_of(judge, "version"));
  add("ifstop", text_of(run.config, "ifstop_version"));
  return out.empty() ? "" : "<footer>" + out + "</footer>\n";
}

}  // namespace

std::string html_report(const RunFolder& run) {
  return fmt::format(
             "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<title>{} \u2013 ifstop</title>\n<style>{}</style>\n</head>\n<body>\n<main>\n",
             escape_html(run.name), page_style) +
         head(run) + figures(run) + curves(run) + table(run) + loss_curve(run) + answers(run) + peers(run) +
         foot(run) + "</main>\n</body>\n</html>\n";
}

std::filesystem::path write_report(const std::filesystem::path& run) {
  const RunFolder folder = read_run_folder(run);
  write_atomically(run / "report.html", html_report(folder));
  write_tensorboard(run / "tensorboard", folder.events);
  return run / "report.html";
}

}  // namespace ifstop::report
