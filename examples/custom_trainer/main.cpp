// Someone's own trainer: plain LibTorch, a GRU over characters, a loop of its own. The lines marked (ifstop)
// are all that is added to stop it where it has learned to follow instructions. Build it against the
// installed package:
//   cmake -S . -B build -DCMAKE_PREFIX_PATH=<where ifstop is installed> && cmake --build build &&
//   build/custom_trainer
#include <torch/torch.h>
#include <cstdio>
#include <ifstop/callback/ifs_callback.hpp>  // (ifstop)
#include <ifstop/llama/guard.hpp>            // (ifstop)
#include <ifstop/score/builtin_judges.hpp>   // (ifstop)
#include <ifstop/stop/rules.hpp>             // (ifstop)
#include <vector>

struct Net : torch::nn::Module {
  torch::nn::Embedding embed{register_module("embed", torch::nn::Embedding(128, 32))};
  torch::nn::GRU gru{register_module("gru", torch::nn::GRU(torch::nn::GRUOptions(32, 128).batch_first(1)))};
  torch::nn::Linear head{register_module("head", torch::nn::Linear(128, 128))};

  // x [B, T] characters, state [1, B, 128] or empty -> logits [B, T, 128]; state is updated.
  at::Tensor forward(const at::Tensor& x, at::Tensor& state) {
    auto [hidden, next] = gru->forward(embed->forward(x), state);
    state = next;
    return head->forward(hidden);
  }
};

using Pairs = std::vector<std::pair<std::string, std::string>>;  // question and answer

Pairs make_pairs(const std::vector<std::string>& animals) {
  Pairs pairs;
  for (const auto& a : animals) {
    pairs.push_back({"Where does the " + a + " live?", "The " + a + " lives in the wild, far from people."});
    pairs.push_back({"Is the " + a + " a plant?", "No, the " + a + " is not a plant. It is an animal."});
  }
  return pairs;
}

// "question TAB answer NEWLINE" padded with zeros, and what to predict there, -100 = nothing. [B, T] both.
std::pair<at::Tensor, at::Tensor> make_batch(const Pairs& pairs, std::int64_t size) {
  at::Tensor x = at::zeros({size, 96}, at::kLong), y = at::full({size, 96}, -100, at::kLong);
  for (std::int64_t row = 0; row < size; ++row) {
    const auto& [question, answer] = pairs[at::randint(std::ssize(pairs), {1}).item<std::int64_t>()];
    const std::string text = question + "\t" + answer + "\n";
    for (std::int64_t i = 0; i + 1 < std::ssize(text); ++i) {
      x[row][i] = text[i];
      if (i >= std::ssize(question)) y[row][i] = text[i + 1];
    }
  }
  return {x, y};
}

// (ifstop) Greedy, one character after the other, until a newline.
ifstop::Completion complete(Net& net, const std::string& prompt, std::int64_t limit) {
  const torch::NoGradGuard no_grad;
  at::Tensor state, logits;
  for (const char c : prompt) logits = net.forward(at::full({1, 1}, c, at::kLong), state);
  std::string text;
  for (std::int64_t tokens = 0; tokens < limit; ++tokens) {
    const at::Tensor next = logits.argmax(-1);  // [1, 1]
    const auto c = static_cast<char>(next.item<std::int64_t>());
    if (c == '\n') return {text, tokens + 1, ifstop::FinishReason::eos};
    text += c;
    logits = net.forward(next, state);
  }
  return {text, limit, ifstop::FinishReason::length};
}

int main() {
  torch::manual_seed(1);
  Net net;
  torch::optim::Adam optimizer(net.parameters(), 3e-3);
  const auto pairs = make_pairs({"lion", "wolf", "hare", "crane", "otter", "lynx", "mole", "viper", "moth"});

  const auto generate = [&](const ifstop::GenerateRequest& request) {  // (ifstop) prompts in, completions out
    std::vector<ifstop::Completion> all;
    for (const auto& prompt : request.prompts) all.push_back(complete(net, prompt, request.max_new_tokens));
    return all;
  };
  ifstop::PromptSet prompts{"animals", "1", {}};  // (ifstop) animals that training never shows
  for (const auto& [question, answer] : make_pairs({"bear", "toad", "eagle", "shark", "camel", "goose"}))
    prompts.prompts.push_back({question, question});
  const auto tab = ifstop::Template::custom("{instruction}\t");  // (ifstop) as make_batch writes it
  ifstop::IfsCallback stopper(
      ifstop::guarded(net, generate), prompts, ifstop::Scorer(ifstop::builtin_tone_judge()),
      ifstop::make_rule("default", "ifs"),
      {.every = "20", .max_overhead = 0, .prompt_template = tab, .max_new_tokens = 64});

  stopper.on_run_begin({.plan = {.steps = 600}});  // (ifstop)
  for (std::int64_t step = 1; step <= 600; ++step) {
    const auto [x, y] = make_batch(pairs, 16);
    at::Tensor state;
    const at::Tensor loss = at::cross_entropy_loss(net.forward(x, state).flatten(0, 1), y.flatten());
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    const auto decision = stopper.on_step_end({.step = step, .examples = 16 * step});    // (ifstop)
    if (decision.stop) return std::printf("Stopped: %s\n", decision.reason.c_str()), 0;  // (ifstop)
  }
  std::printf("Not stopped: %s\n", stopper.decision().reason.c_str());
}
