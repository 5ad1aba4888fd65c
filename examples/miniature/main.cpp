// miniature: writes the demo's corpus, instruction data and evaluation prompts, and labels what models write.
//
//   miniature corpus --count 20000 --seed 1 > corpus.jsonl        one document a line, as a JSON string
//   miniature pairs --count 8000 --seed 2 > sft.json               Alpaca JSON
//   miniature prompts --count 100 --seed 3 > prompts.jsonl        that many of each kind
//   miniature judged --count 4000 --seed 7 > judged.jsonl          texts with the truth about them, to train
//   judges miniature label samples/step-N.jsonl …                         truth against what the judge said
//
// Nothing but these sources decides what is written: the same seed gives the same bytes everywhere.
#include <cstdio>
#include <exception>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "arguments.hpp"
#include "document.hpp"
#include "judged_rows.hpp"
#include "label_file.hpp"
#include "pairs.hpp"

namespace {

using Json = nlohmann::ordered_json;
using namespace miniature;

void write_corpus(std::uint64_t seed, std::size_t count) {
  Rng rng(seed);
  for (std::size_t i = 0; i < count; ++i) std::printf("%s\n", Json(document(rng)).dump().c_str());
}

void write_pairs(std::uint64_t seed, std::size_t count, double preference_share) {
  Rng rng(seed);
  const auto pairs = instruction_pairs(rng, count, preference_share);
  std::printf("[");
  for (std::size_t i = 0; i < pairs.size(); ++i)
    std::printf(
        "%s\n%s", i == 0 ? "" : ",",
        Json{{"instruction", pairs[i].question}, {"input", ""}, {"output", pairs[i].answer}}.dump().c_str());
  std::printf("\n]\n");
}

void write_prompts(std::uint64_t seed, std::size_t count) {
  Rng rng(seed);
  for (const auto& prompt : evaluation_prompts(rng, count)) {
    Json row{{"id", prompt.id}, {"prompt", prompt.prompt}, {"kind", prompt.kind}};
    if (!prompt.parent.empty()) row["parent"] = prompt.parent;
    if (!prompt.accepted.empty()) row["accepted"] = prompt.accepted;
    std::printf("%s\n", row.dump().c_str());
  }
}

void write_judged(std::uint64_t seed, std::size_t count) {
  Rng rng(seed);
  for (const auto& row : judged_rows(rng, count))
    std::printf(
        "%s\n",
        Json{{"prompt", row.prompt}, {"response", row.response}, {"answer", row.answer}}.dump().c_str());
}

void run(int argc, char** argv) {
  const std::string command = argc > 1 ? argv[1] : "";
  if (command == "label" && argc > 2) {
    for (int i = 2; i < argc; ++i) std::printf("%s", label_file(argv[i]).c_str());
    return;
  }
  const Arguments given(argc, argv, argc > 1 ? 2 : 1, {"--count", "--seed", "--preference-share"});
  const auto seed = static_cast<std::uint64_t>(given.integer("--seed", 1));
  const auto count = static_cast<std::size_t>(given.integer("--count", 100));
  if (command == "corpus")
    write_corpus(seed, count);
  else if (command == "pairs")
    write_pairs(seed, count, given.number("--preference-share", 0.05));
  else if (command == "prompts")
    write_prompts(seed, count);
  else if (command == "judged")
    write_judged(seed, count);
  else
    throw std::invalid_argument(
        "usage: miniature corpus|pairs|prompts|judged [--count N] [--seed N], miniature label FILE.jsonl "
        "...");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(argc, argv);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "miniature: %s\n", error.what());
    return 2;
  }
}
