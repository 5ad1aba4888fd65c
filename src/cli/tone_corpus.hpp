// Reads the development data: what tone weights may be trained on, and the gold labels they are measured
// with.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "cli/labelled_pair.hpp"

namespace ifstop::cli {

/// An instruction and an answer to it that people or good models wrote.
struct Answered {
  std::string instruction;
  std::string answer;
};

struct ToneCorpus {
  std::vector<Answered> answered;      ///< dolly_hhrlhf_small, self_instruct_seed, a sample of gpteacher
  std::vector<Answered> chat;          ///< personality_chat: short replies to what users say
  std::vector<Answered> tuned;         ///< what tuned models answered (tone_dev.jsonl)
  std::vector<LabelledPair> labelled;  ///< outputs of base models with labels (tone_train.jsonl)
  std::vector<std::string> labelled_models;  ///< which model wrote labelled[i]
  std::vector<std::string> pages;            ///< beginnings of web pages and articles
};

/// One gold-labelled output.
struct ToneGold {
  std::string model;
  std::string prompt;
  std::string response;
  bool answer = false;  ///< tone A
  bool run_on = false;
};

/// Reads the folders of the development data under `data`. Throws report::FileError where one is missing.
ToneCorpus read_tone_corpus(const std::filesystem::path& data);

/// Rows {"prompt", "response", "answer": true or false} of a JSON Lines file. Throws report::FileError with
/// file and line.
std::vector<LabelledPair> read_labelled(const std::filesystem::path& file);

/// tone_dev.jsonl with tone_gold_dev.csv: the rows on which the annotators agreed.
std::vector<ToneGold> read_tone_gold(const std::filesystem::path& data);

}  // namespace ifstop::cli
