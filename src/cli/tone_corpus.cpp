#include "cli/tone_corpus.hpp"

#include <fmt/format.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/sha1.hpp"
#include "ifstop/report/json.hpp"
#include "ifstop/report/jsonl.hpp"
#include "ifstop/score/run_on.hpp"

namespace ifstop::cli {
namespace {

using report::Json;
using report::read_json;
using report::read_json_lines;
using std::filesystem::path;

std::string joined(const std::string& instruction, const std::string& input) {
  return input.empty() ? instruction : instruction + "\n\n" + input;
}

/// The instruction inside the Alpaca wrapper.
std::string unwrapped(const std::string& prompt) {
  constexpr std::string_view before = "### Instruction:\n", after = "\n\n### Response:";
  const auto begin = prompt.find(before);
  const auto end = prompt.rfind(after);
  if (begin == prompt.npos || end == prompt.npos) return prompt;
  return prompt.substr(begin + before.size(), end - begin - before.size());
}

void read_dolly(const path& data, ToneCorpus& corpus) {
  for (const auto& row : read_json_lines(data / "dolly_hhrlhf_small/dolly_hhrlhf_train_small.jsonl"))
    corpus.answered.push_back({unwrapped(row.at("prompt")), row.at("response")});
}

void read_seeds(const path& data, ToneCorpus& corpus) {
  for (const auto& row : read_json_lines(data / "self_instruct_seed/seed_tasks.jsonl")) {
    const auto& instance = row.at("instances").at(0);
    corpus.answered.push_back({joined(row.at("instruction"), instance.at("input")), instance.at("output")});
  }
}

void read_gpteacher(const path& data, ToneCorpus& corpus) {
  for (const char* name : {"gpteacher/roleplay.json", "gpteacher/codegen.json"}) {
    const auto rows = read_json(data / name);
    const std::size_t step = rows.size() / 700 + 1;  // a sample, so that role-play and code stay a part
    for (std::size_t i = 0; i < rows.size(); i += step)
      corpus.answered.push_back(
          {joined(rows[i].at("instruction"), rows[i].at("input")), rows[i].at("response")});
  }
}

void read_chat(const path& data, ToneCorpus& corpus) {
  for (const char* voice : {"Professional", "Friendly", "Humorous"}) {
    std::ifstream file(data / fmt::format("personality_chat/Queries_Responses_{}_QnAMaker.tsv", voice));
    if (!file) throw report::FileError(fmt::format("{}: no personality_chat for {}", data.string(), voice));
    std::string line;
    std::getline(file, line);  // the header
    while (std::getline(file, line)) {
      const auto first = line.find('\t');
      const auto second = line.find('\t', first + 1);
      if (second == line.npos) continue;
      corpus.chat.push_back({line.substr(0, first), line.substr(first + 1, second - first - 1)});
    }
  }
}

void read_outputs(const path& data, ToneCorpus& corpus) {
  for (const auto& row : read_json_lines(data / "model_outputs_dev/tone_dev.jsonl"))
    if (row.at("kind") == "tuned") {
      const std::string response = row.at("response");
      corpus.tuned.push_back({row.at("prompt"), std::string(turn_detail::without_end_markers(response))});
    }
  for (const auto& row : read_json_lines(data / "model_outputs_train/tone_train.jsonl")) {
    LabelledPair pair{row.at("prompt"), row.at("response"), row.at("tone") == "A", 1, "labelled base"};
    if (row.at("sure") != 1) pair.weight = 0.5;
    corpus.labelled.push_back(std::move(pair));
    corpus.labelled_models.push_back(row.at("model"));
  }
}

void read_pages(const path& data, ToneCorpus& corpus) {
  for (const auto& row : read_json_lines(data / "plain_text_web/c4_demo.jsonl"))
    corpus.pages.push_back(row.at("text").get<std::string>().substr(0, 1500));
  std::ifstream file(data / "plain_text_web/wiki_demo.txt");
  std::string line;
  while (std::getline(file, line))
    for (std::size_t at = 0; at + 1500 < line.size(); at += 15000)
      corpus.pages.push_back(line.substr(at == 0 ? 0 : line.find(". ", at) + 2, 1500));
}

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells(1);
  for (char c : line) {
    if (c == ',')
      cells.emplace_back();
    else if (c != '\r')
      cells.back() += c;
  }
  return cells;
}

}  // namespace

ToneCorpus read_tone_corpus(const path& data) {
  ToneCorpus corpus;
  read_dolly(data, corpus);
  read_seeds(data, corpus);
  read_gpteacher(data, corpus);
  read_chat(data, corpus);
  read_outputs(data, corpus);
  read_pages(data, corpus);
  return corpus;
}

std::vector<LabelledPair> read_labelled(const path& file) {
  std::vector<LabelledPair> pairs;
  report::JsonLines in(file);
  while (const auto line = in.next_line()) {
    const auto row = in.parse(*line);
    if (!row.contains("prompt") || !row["prompt"].is_string() || !row.contains("response") ||
        !row["response"].is_string() || !row.contains("answer") || !row["answer"].is_boolean())
      throw in.error("needs the texts \"prompt\" and \"response\", and \"answer\": true or false");
    pairs.push_back({row["prompt"], row["response"], row["answer"], 1, "labelled file"});
  }
  return pairs;
}

std::vector<ToneGold> read_tone_gold(const path& data) {
  const auto folder = data / "model_outputs_dev";
  std::map<std::string, std::vector<std::string>> labels;  // id -> tone, run
  std::ifstream file(folder / "tone_gold_dev.csv");
  std::string line;
  std::getline(file, line);
  if (line.rfind("id,tone,run,agree", 0) != 0)
    throw report::FileError((folder / "tone_gold_dev.csv").string() +
                            ": its first line is not id,tone,run,agree");
  while (std::getline(file, line))
    if (const auto cells = cells_of(line); cells.size() == 4 && cells[3] == "1") labels[cells[0]] = cells;
  std::vector<ToneGold> gold;
  for (const auto& row : read_json_lines(folder / "tone_dev.jsonl")) {
    ToneGold one{row.at("model"), row.at("prompt"), row.at("response")};
    const auto found = labels.find(sha1_hex(one.model + "\x1f" + one.prompt + "\x1f" + one.response, 12));
    if (found == labels.end()) continue;
    one.answer = found->second[1] == "A";
    one.run_on = found->second[2] == "1";
    gold.push_back(std::move(one));
    labels.erase(found);
  }
  if (!labels.empty())
    throw report::FileError(
        fmt::format("{}: {} labels fit no row of tone_dev.jsonl", folder.string(), labels.size()));
  return gold;
}

}  // namespace ifstop::cli
