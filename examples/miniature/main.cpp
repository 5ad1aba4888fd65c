// miniature: writes the demo's corpus, instruction data and evaluation prompts, and labels what models write.
//
//   miniature corpus --documents 200000 --seed 1 > corpus.txt      one document a line, as a JSON string
//   miniature pairs --count 8000 --seed 2 > sft.json               Alpaca JSON
//   miniature prompts --each 100 --seed 3 > prompts.jsonl
//   miniature label samples/step-N.jsonl …                         truth against what the judge said
//
// Nothing but these sources decides what is written: the same seed gives the same bytes everywhere.
#include <cstdio>
#include <exception>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "document.hpp"
#include "label_file.hpp"
#include "pairs.hpp"

namespace {

using Json = nlohmann::ordered_json;
using namespace miniature;

struct Options {
  std::uint64_t seed = 1;
  std::size_t count = 0;           ///< documents, pairs, or prompts of each kind
  double preference_share = 0.05;  ///< of the pairs
};

Options parse(int argc, char** argv) {
  Options out;
  for (int i = 2; i + 1 < argc; i += 2) {
    const std::string name = argv[i], value = argv[i + 1];
    if (name == "--seed")
      out.seed = std::stoull(value);
    else if (name == "--documents" || name == "--count" || name == "--each")
      out.count = std::stoull(value);
    else if (name == "--preference-share")
      out.preference_share = std::stod(value);
    else
      throw std::invalid_argument("unknown option " + name);
  }
  if (out.count == 0) throw std::invalid_argument("say how many: --documents, --count or --each");
  return out;
}

void write_corpus(const Options& options) {
  Rng rng(options.seed);
  for (std::size_t i = 0; i < options.count; ++i) std::printf("%s\n", Json(document(rng)).dump().c_str());
}

void write_pairs(const Options& options) {
  Rng rng(options.seed);
  const auto pairs = instruction_pairs(rng, options.count, options.preference_share);
  std::printf("[");
  for (std::size_t i = 0; i < pairs.size(); ++i)
    std::printf(
        "%s\n%s", i == 0 ? "" : ",",
        Json{{"instruction", pairs[i].question}, {"input", ""}, {"output", pairs[i].answer}}.dump().c_str());
  std::printf("\n]\n");
}

void write_prompts(const Options& options) {
  Rng rng(options.seed);
  for (const auto& prompt : evaluation_prompts(rng, options.count)) {
    Json row{{"id", prompt.id}, {"prompt", prompt.prompt}, {"kind", prompt.kind}};
    if (!prompt.parent.empty()) row["parent"] = prompt.parent;
    if (!prompt.accepted.empty()) row["accepted"] = prompt.accepted;
    std::printf("%s\n", row.dump().c_str());
  }
}

int run(int argc, char** argv) {
  const std::string command = argc > 1 ? argv[1] : "";
  if (command == "corpus")
    write_corpus(parse(argc, argv));
  else if (command == "pairs")
    write_pairs(parse(argc, argv));
  else if (command == "prompts")
    write_prompts(parse(argc, argv));
  else if (command == "label" && argc > 2)
    for (int i = 2; i < argc; ++i) std::printf("%s", label_file(argv[i]).c_str());
  else
    throw std::invalid_argument(
        "usage: miniature corpus|pairs|prompts OPTIONS, miniature label FILE.jsonl ...");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "miniature: %s\n", error.what());
    return 2;
  }
}
