// Continuous batching: prompts enter as rows become free, rows leave as they finish. Heavy (LibTorch).
#pragma once
#include <cstdint>
#include <deque>
#include <vector>

#include "ifstop/llama/generator.hpp"
#include "llama/kv_cache.hpp"
#include "llama/modules.hpp"

namespace ifstop::llama {

class CpuStep;

/// One call of Generator::complete_tokens, of a request that was checked.
class DecodeLoop {
 public:
  DecodeLoop(Model& model, const TokenRequest& request, const GeneratorOptions& options);

  std::vector<TokenCompletion> run();

 private:
  /// A prompt in the batch; its place in rows_ is its row of the cache.
  struct Row {
    std::size_t prompt;
    std::int64_t cached;  ///< tokens in the cache
    bool finished;
  };

  void run_with(std::int64_t rows);
  void poll() const;
  std::vector<std::size_t> next_prompts(std::int64_t free_rows);
  void admit(KvCache& cache, const std::vector<std::size_t>& prompts);
  void decode(KvCache& cache, CpuStep* cpu_step);
  void take(const at::Tensor& hidden, std::size_t first_row);
  void accept(Row& row, std::int64_t token);
  void drop_finished(KvCache& cache);

  std::vector<std::int64_t> pick(const at::Tensor& logits, std::size_t first_row) const;
  std::int64_t limit(std::size_t prompt) const;
  std::int64_t capacity() const;
  std::int64_t most_rows() const;

  Model& model_;
  const TokenRequest& request_;
  GeneratorOptions options_;
  std::vector<TokenCompletion> results_;
  std::deque<std::size_t> waiting_;
  std::vector<Row> rows_;
};

}  // namespace ifstop::llama
