#include "label_file.hpp"

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

#include "truth.hpp"

namespace miniature {

namespace {

using Json = nlohmann::json;

/// One yes-or-no question, counted over rows.
struct Count {
  int rows = 0, truth = 0, judged = 0, judge = 0, agree = 0;

  void add(bool is, const Json& row, const char* key) {
    ++rows;
    truth += is;
    if (!row.contains(key) || !row[key].is_boolean()) return;
    ++judged;
    judge += row[key].get<bool>();
    agree += row[key].get<bool>() == is;
  }

  std::string line(const char* name) const {
    const auto share = [](int part, int whole) {
      return whole == 0 ? 0.0 : static_cast<double>(part) / whole;
    };
    char text[120];
    if (judged == 0)
      std::snprintf(text, sizeof text, "  %-10s %4d rows   truth %.3f\n", name, rows, share(truth, rows));
    else
      std::snprintf(text, sizeof text, "  %-10s %4d rows   truth %.3f   judge %.3f   agree %.3f\n", name,
                    rows, share(truth, rows), share(judge, judged), share(agree, judged));
    return rows == 0 ? "" : text;
  }
};

struct Counts {
  Count full, partial, answer, run_on, strict, objective, correct;

  void add(const Json& row) {
    const std::string text = row.contains("completion") ? row["completion"] : row.at("response");
    const std::string kind = row.value("kind", "");
    if (kind == "preference") {
      objective.add(even_handed(text), row, "objective");
      return;
    }
    Truth truth = truth_of(text);
    truth.run_on = truth.run_on || row.value("finish_reason", "") == "turn";  // cut before the new turn
    answer.add(truth.answer, row, "answer_like");
    if (kind == "full") full.add(truth.answer, row, "answer_like");
    if (kind == "partial") partial.add(truth.answer, row, "answer_like");
    run_on.add(truth.run_on, row, "run_on");
    strict.add(truth.strict(), row, "strict");
    if (row.contains("accepted") && !row["accepted"].empty())
      correct.add(truth.answer && miniature::correct(text, row["accepted"]), row, "correct");
  }
};

}  // namespace

std::string label_file(const std::string& path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error("cannot open " + path);
  Counts counts;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    try {
      counts.add(Json::parse(line));
    } catch (const std::exception& error) {
      throw std::runtime_error(path + ":" + std::to_string(number) + ": " + error.what());
    }
  }
  return path + "\n" + counts.answer.line("ifs") + counts.partial.line("partial") + counts.full.line("full") +
         counts.run_on.line("run_on") + counts.strict.line("strict") + counts.objective.line("objecqa") +
         counts.correct.line("correct");
}

}  // namespace miniature
