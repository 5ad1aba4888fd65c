// IfsCallback with a Generate of one's own. The "model" here is a line of code that learns to answer.
//
// clang-format off
// Output:
//   stopped at step 72: ifs 1.000 has reached its plateau: 4.9 % chance that more than 0.03 is to gain by 1152 (expected 0.005, 95 % 0.000 to 0.039)
// clang-format on
#include <cstdio>
#include "ifstop/callback/ifs_callback.hpp"
#include "ifstop/score/builtin_judges.hpp"
#include "ifstop/stop/rules.hpp"

int main() {
  int step = 0;
  const auto generate =
      [&](const ifstop::GenerateRequest& request) {  // prompts in, completions out: your model
        std::vector<ifstop::Completion> completions;
        for (const auto seed : request.seeds)
          completions.push_back(
              {static_cast<int>(seed % 100) < 2 * step
                   ? "The usual way is to begin with the largest part and to check each step as you go."
                   : "and where can I find more of them?\n\nQ: How do I do this?"});
        return completions;
      };
  ifstop::IfsCallback stopper(generate, ifstop::PromptSet::builtin().subset(200),
                              ifstop::Scorer(ifstop::builtin_tone_judge()),
                              ifstop::make_rule("default", "ifs"), {.every = "8", .max_overhead = 0});
  for (bool stop = stopper.on_run_begin({.plan = {.steps = 500}}).stop; !stop && step < 500;) {
    ++step;  // train one step on 8 examples
    stop = stopper.on_step_end({.step = step, .examples = 8 * step}).stop;
  }
  std::printf("stopped at step %d: %s\n", step, stopper.decision().reason.c_str());
}
