// Completions of all prompts, each process making its share, gathered on every process.
#pragma once
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "ifstop/callback/ifs_options.hpp"
#include "ifstop/callback/processes.hpp"
#include "ifstop/generate.hpp"

namespace ifstop {
namespace complete_detail {

enum class Outcome : std::int64_t { done = 0, failed = 1, cancelled = 2 };

/// What one process made of its share.
struct Share {
  Outcome outcome = Outcome::done;
  std::string error;
  std::vector<Completion> completions;
};

/// Every world_size-th prompt, beginning with the rank-th.
inline GenerateRequest share_of(const GenerateRequest& whole, const Processes& processes) {
  GenerateRequest part = whole;
  part.prompts.clear(), part.seeds.clear();
  for (auto i = static_cast<std::size_t>(processes.rank); i < whole.prompts.size();
       i += static_cast<std::size_t>(processes.world_size)) {
    part.prompts.push_back(whole.prompts[i]);
    if (!whole.seeds.empty()) part.seeds.push_back(whole.seeds[i]);
  }
  return part;
}

/// Cuts a completion at the first end marker in it, for generators that know nothing of them.
inline void end_at_marker(Completion& completion, const std::vector<std::string>& markers) {
  auto end = completion.text.npos;
  for (const auto& marker : markers) end = std::min(end, completion.text.find(marker));
  if (end == completion.text.npos) return;
  completion.text.resize(end);
  completion.finish_reason = FinishReason::eos;
}

/// Never throws: on several processes a failure must first reach the others.
inline Share make_share(const Generate& generate, const GenerateRequest& request) {
  Share share;
  try {
    if (!request.prompts.empty()) share.completions = generate(request);
    if (share.completions.size() != request.prompts.size())
      throw std::runtime_error(
          fmt::format("Generate returned {} completions for {} prompts: one is needed for each, in order",
                      share.completions.size(), request.prompts.size()));
    for (auto& completion : share.completions) end_at_marker(completion, request.end_markers);
    if (request.cancelled && request.cancelled()) share.outcome = Outcome::cancelled;
  } catch (const Cancelled&) {
    share.outcome = Outcome::cancelled;
  } catch (const std::exception& error) {
    share.outcome = Outcome::failed, share.error = error.what();
  } catch (...) {
    share.outcome = Outcome::failed, share.error = "Generate threw something that is no std::exception";
  }
  if (share.outcome != Outcome::done) share.completions.assign(request.prompts.size(), {});
  return share;
}

/// Texts that lie on different processes become known to all: every word is written by one process and zero
/// on the others, so that the sum is what was written.
inline void gather_texts(std::vector<std::string>& texts, const std::vector<bool>& mine,
                         const std::vector<std::int64_t>& bytes, const Processes& processes) {
  std::vector<std::size_t> begin{0};
  for (const auto n : bytes) begin.push_back(begin.back() + (static_cast<std::size_t>(n) + 7) / 8);
  std::vector<std::int64_t> words(begin.back(), 0);
  for (std::size_t i = 0; i < texts.size(); ++i)
    if (mine[i] && !texts[i].empty()) std::memcpy(&words[begin[i]], texts[i].data(), texts[i].size());
  if (!words.empty()) processes.sum(words);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    texts[i].resize(static_cast<std::size_t>(bytes[i]));
    if (!texts[i].empty()) std::memcpy(texts[i].data(), &words[begin[i]], texts[i].size());
  }
}

/// One share a rank, complete on every process, from this process's own.
inline std::vector<Share> gather(Share own, std::size_t prompts, const Processes& processes) {
  const auto world = static_cast<std::size_t>(processes.world_size),
             rank = static_cast<std::size_t>(processes.rank);
  // Per prompt: bytes, tokens, finish reason; then per rank: outcome, bytes of its error.
  std::vector<std::int64_t> numbers(3 * prompts + 2 * world, 0);
  std::vector<std::string> texts(prompts + world);
  std::vector<bool> mine(prompts + world, false);
  for (std::size_t i = rank, row = 0; i < prompts; i += world, ++row) {
    auto& completion = own.completions[row];
    numbers[3 * i] = static_cast<std::int64_t>(completion.text.size());
    numbers[3 * i + 1] = completion.tokens;
    numbers[3 * i + 2] = static_cast<std::int64_t>(completion.finish_reason);
    texts[i] = std::move(completion.text), mine[i] = true;
  }
  numbers[3 * prompts + 2 * rank] = static_cast<std::int64_t>(own.outcome);
  numbers[3 * prompts + 2 * rank + 1] = static_cast<std::int64_t>(own.error.size());
  texts[prompts + rank] = std::move(own.error), mine[prompts + rank] = true;
  processes.sum(numbers);

  std::vector<std::int64_t> bytes;
  for (std::size_t i = 0; i < prompts; ++i) bytes.push_back(numbers[3 * i]);
  for (std::size_t r = 0; r < world; ++r) bytes.push_back(numbers[3 * prompts + 2 * r + 1]);
  gather_texts(texts, mine, bytes, processes);

  std::vector<Share> shares(world);
  for (std::size_t i = 0; i < prompts; ++i)
    shares[i % world].completions.push_back(
        {std::move(texts[i]), numbers[3 * i + 1], static_cast<FinishReason>(numbers[3 * i + 2])});
  for (std::size_t r = 0; r < world; ++r) {
    shares[r].outcome = static_cast<Outcome>(numbers[3 * prompts + 2 * r]);
    shares[r].error = std::move(texts[prompts + r]);
  }
  return shares;
}

}  // namespace complete_detail

/// Throws std::invalid_argument on every process alike, naming the ranks, where `options` is not on all of
/// them what it is on rank 0.
inline void check_same_options(const std::string& options, const Processes& processes) {
  if (processes.world_size == 1) return;
  std::string first = options;
  processes.broadcast(first);
  std::vector<std::int64_t> differs(static_cast<std::size_t>(processes.world_size), 0);
  differs[static_cast<std::size_t>(processes.rank)] = first != options;
  processes.sum(differs);
  std::vector<std::size_t> ranks;
  for (std::size_t rank = 0; rank < differs.size(); ++rank)
    if (differs[rank]) ranks.push_back(rank);
  if (ranks.empty()) return;
  std::string text = fmt::format("the options on rank {} are not those of rank 0", fmt::join(ranks, ", "));
  if (first != options) text += fmt::format(": here\n{}there\n{}", options, first);
  throw std::invalid_argument(text);
}

/// One completion for every prompt of the request, in order, the same on every process. Throws Cancelled
/// where any process was cancelled, EvaluationFailed (naming `step` and the rank) where any failed: on every
/// process alike.
inline std::vector<Completion> complete(const Generate& generate, const GenerateRequest& request,
                                        const Processes& processes, std::int64_t step) {
  using namespace complete_detail;
  std::vector<Share> shares{make_share(generate, share_of(request, processes))};
  if (processes.world_size > 1) shares = gather(std::move(shares.front()), request.prompts.size(), processes);
  for (std::size_t rank = 0; rank < shares.size(); ++rank)
    if (shares[rank].outcome == Outcome::failed)
      throw EvaluationFailed(fmt::format("the evaluation at step {} failed{}: {}; nothing of it was recorded",
                                         step, shares.size() > 1 ? fmt::format(" on rank {}", rank) : "",
                                         shares[rank].error));
  for (const auto& share : shares)
    if (share.outcome == Outcome::cancelled) throw Cancelled();
  std::vector<Completion> all;
  for (std::size_t i = 0; i < request.prompts.size(); ++i)
    all.push_back(std::move(shares[i % shares.size()].completions[i / shares.size()]));
  return all;
}

}  // namespace ifstop
