#include "llama/decode_loop.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "llama/cached_attention.hpp"
#include "llama/cpu_step.hpp"
#include "llama/sampler.hpp"

namespace ifstop::llama {
namespace {

std::int64_t size(const std::vector<std::int64_t>& x) {
  return static_cast<std::int64_t>(x.size());
}

}  // namespace

DecodeLoop::DecodeLoop(Model& model, const TokenRequest& request, const GeneratorOptions& options)
    : model_(model), request_(request), options_(options), results_(request.prompts.size()) {
  for (std::size_t i = 0; i < results_.size(); ++i) waiting_.push_back(i);
}

std::vector<TokenCompletion> DecodeLoop::run() {
  for (auto rows = most_rows(); !waiting_.empty(); rows = (rows + 1) / 2) {
    try {
      run_with(rows);
    } catch (const c10::OutOfMemoryError&) {
      if (rows == 1) throw;
      options_.prefill_tokens = std::max<std::int64_t>(options_.prefill_tokens / 2, 1);
      // What was written stays written: a row goes on from its prompt and its tokens.
      waiting_.clear();
      rows_.clear();
      for (std::size_t i = 0; i < results_.size(); ++i)
        if (results_[i].finish_reason == FinishReason::unknown) waiting_.push_back(i);
    }
  }
  return std::move(results_);
}

void DecodeLoop::run_with(std::int64_t rows) {
  const bool on_cpu = CpuStep::usable(model_);
  KvCache cache(model_.config(), model_.placement(), rows, capacity(), !on_cpu);
  std::optional<CpuStep> cpu_step;
  if (on_cpu) cpu_step.emplace(model_, cache);
  while (!waiting_.empty() || !rows_.empty()) {
    poll();
    const auto free_rows = rows - static_cast<std::int64_t>(rows_.size());
    // A prompt alone makes thin matrices: wait until an eighth of the rows is free.
    if (!waiting_.empty() && (rows_.empty() || free_rows >= (rows + 7) / 8)) {
      admit(cache, next_prompts(free_rows));
      continue;
    }
    decode(cache, cpu_step ? &*cpu_step : nullptr);
    drop_finished(cache);
  }
}

// One step of every row.
void DecodeLoop::decode(KvCache& cache, CpuStep* cpu_step) {
  std::vector<std::int64_t> last, cached;
  for (auto& row : rows_) {
    last.push_back(results_[row.prompt].tokens.back());
    cached.push_back(row.cached++);
  }
  const auto tokens = at::tensor(last, at::kLong), positions = at::tensor(cached, at::kLong);
  if (cpu_step) return take(cpu_step->hidden(tokens, positions), 0);
  const auto device = model_.placement().device;
  DecodeAttend attend(cache, positions);
  take(model_.forward(tokens.to(device), positions.to(device), attend), 0);
}

void DecodeLoop::poll() const {
  if (request_.cancelled && request_.cancelled()) throw Cancelled();
}

// The next waiting prompts, as many as there is room for; at least one.
std::vector<std::size_t> DecodeLoop::next_prompts(std::int64_t free_rows) {
  std::vector<std::size_t> prompts;
  std::int64_t tokens = 0;
  while (!waiting_.empty() && static_cast<std::int64_t>(prompts.size()) < free_rows) {
    const auto prompt = waiting_.front();
    tokens += size(request_.prompts[prompt]) + size(results_[prompt].tokens);
    if (!prompts.empty() && tokens > options_.prefill_tokens) break;
    prompts.push_back(prompt);
    waiting_.pop_front();
  }
  return prompts;
}

void DecodeLoop::admit(KvCache& cache, const std::vector<std::size_t>& prompts) {
  const auto first_row = rows_.size();
  std::vector<std::int64_t> tokens, lengths, last;
  for (const auto prompt : prompts) {
    const auto before = size(tokens);
    for (const auto* part : {&request_.prompts[prompt], &std::as_const(results_[prompt].tokens)})
      tokens.insert(tokens.end(), part->begin(), part->end());
    lengths.push_back(size(tokens) - before);
    last.push_back(size(tokens) - 1);
    rows_.push_back({prompt, lengths.back(), false});
  }
  const auto device = model_.placement().device;
  PrefillAttend attend(cache, static_cast<std::int64_t>(first_row), lengths);
  const auto hidden =
      model_.forward(at::tensor(tokens, at::kLong).to(device), packed_positions(lengths).to(device), attend);
  take(hidden.index_select(0, at::tensor(last, at::kLong).to(device)), first_row);
  drop_finished(cache);
}

// hidden [N, C] of the rows from `first_row` on -> their next tokens.
void DecodeLoop::take(const at::Tensor& hidden, std::size_t first_row) {
  const auto ids = pick(model_.logits(hidden), first_row);
  for (std::size_t i = 0; i < ids.size(); ++i) accept(rows_[first_row + i], ids[i]);
}

std::vector<std::int64_t> DecodeLoop::pick(const at::Tensor& logits, std::size_t first_row) const {
  if (request_.temperature == 0.0) return most_likely(logits);
  std::vector<Draw> draws;
  for (auto row = first_row; row < rows_.size(); ++row) {
    const auto prompt = rows_[row].prompt;
    draws.push_back({request_.seeds[prompt], results_[prompt].tokens.size()});
  }
  return sample(logits, request_.temperature, request_.top_p, draws);
}

void DecodeLoop::accept(Row& row, std::int64_t token) {
  auto& result = results_[row.prompt];
  ++result.sampled;
  if (std::find(request_.eos.begin(), request_.eos.end(), token) != request_.eos.end()) {
    result.finish_reason = FinishReason::eos;
  } else {
    result.tokens.push_back(token);
    if (request_.observe) result.finish_reason = request_.observe(row.prompt, token);
    if (result.finish_reason == FinishReason::unknown && size(result.tokens) >= limit(row.prompt))
      result.finish_reason = FinishReason::length;
  }
  row.finished = result.finish_reason != FinishReason::unknown;
}

// The last rows move into the places of those that finished, so that the batch stays at the front of the
// cache.
void DecodeLoop::drop_finished(KvCache& cache) {
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    while (!rows_.empty() && rows_.back().finished) rows_.pop_back();
    if (row >= rows_.size() || !rows_[row].finished) continue;
    cache.copy_row(static_cast<std::int64_t>(rows_.size()) - 1, static_cast<std::int64_t>(row),
                   rows_.back().cached);
    rows_[row] = rows_.back();
    rows_.pop_back();
  }
}

std::int64_t DecodeLoop::limit(std::size_t prompt) const {
  return std::min(request_.max_new_tokens,
                  model_.config().max_position_embeddings - size(request_.prompts[prompt]));
}

// The last token of a completion is never read, so it needs no place.
std::int64_t DecodeLoop::capacity() const {
  std::int64_t most = 1;
  for (const auto prompt : waiting_)
    most = std::max(most, size(request_.prompts[prompt]) + limit(prompt) - 1);
  return most;
}

std::int64_t DecodeLoop::most_rows() const {
  const auto row_bytes = KvCache::row_bytes(model_.config(), model_.placement().dtype, capacity());
  const auto fitting = std::max<std::int64_t>(options_.cache_bytes / row_bytes, 1);
  return std::min(
      {options_.max_batch, fitting, std::max<std::int64_t>(static_cast<std::int64_t>(waiting_.size()), 1)});
}

}  // namespace ifstop::llama
