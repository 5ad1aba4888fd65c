// A stopping rule on plain numbers: no model, no trainer, no file. The numbers are answers that were counted
// as such among 200 prompts, every 128 training examples.
//
// clang-format off
// Output:
//   at    0 examples  39/200  go on
//   at  128 examples  83/200  go on
//   at  256 examples 118/200  go on
//   at  384 examples 144/200  go on
//   at  512 examples 161/200  go on
//   at  640 examples 170/200  go on
//   at  768 examples 177/200  go on
//   at  896 examples 181/200  go on
//   at 1024 examples 187/200  go on
//   at 1152 examples 185/200  go on
//   at 1280 examples 188/200  go on
//   at 1408 examples 186/200  go on
//   at 1536 examples 189/200  stop
//   ifs 0.945 has reached its plateau: over the last 5 evaluations, from 1024 on, it changed by +0.010 (standard error 0.022), within the tolerance 0.04
//   best: 0.945 at 1536 examples
// clang-format on
#include <cstdio>

#include "ifstop/stop/plateau.hpp"

int main() {
  ifstop::Plateau rule({.metric = "ifs", .tolerance = 0.04});
  std::int64_t examples = 0;
  for (const std::int64_t answers : {39, 83, 118, 144, 161, 170, 177, 181, 187, 185, 188, 186, 189, 187}) {
    ifstop::Evaluation evaluation;
    evaluation.examples = examples;
    evaluation.scores["ifs"].tally = {.successes = answers, .trials = 200, .outcomes = {}};

    const ifstop::Decision decision = rule.observe(evaluation);
    std::printf("at %4lld examples %3lld/200  %s\n", static_cast<long long>(examples),
                static_cast<long long>(answers), decision.stop ? "stop" : "go on");
    if (decision.stop) {
      std::printf("%s\n", decision.reason.c_str());
      std::printf("best: %.3f at %lld examples\n", *decision.best,
                  static_cast<long long>(decision.best_examples));
      return 0;
    }
    examples += 128;
  }
  return 1;  // not reached: this curve has a plateau
}
