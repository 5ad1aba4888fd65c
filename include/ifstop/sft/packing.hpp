// Which examples train together: batches laid end to end, without padding, in an order that repeats exactly.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "ifstop/llama/batch.hpp"
#include "ifstop/sft/data.hpp"

namespace ifstop::sft {

struct BatchOptions {
  std::int64_t batch_examples = 8;  ///< examples in a batch; unused where max_tokens is set
  std::int64_t max_tokens = 0;  ///< pack as many examples as fit into this many tokens; 0 = count examples
  bool shuffle = true;          ///< a new order every epoch; false = the order of the data
  std::uint64_t seed = 0;
};

/// The examples of one batch, end to end: each is a segment of its own, so none attends to another.
struct TrainingBatch {
  PackedBatch packed;
  std::int64_t examples = 0;
  std::int64_t answer_tokens = 0;  ///< targets that are not ignored
};

/// Where the data stands: the next batch. Seed and data being the same, this is all that a resumed run needs.
struct DataPosition {
  std::int64_t epoch = 0;
  std::int64_t batch = 0;  ///< batches of the epoch already taken
  friend bool operator==(const DataPosition&, const DataPosition&) = default;
};

/// Lays the examples end to end.
TrainingBatch pack(const std::vector<TokenizedExample>& data, const std::vector<std::size_t>& chosen);

/// Deals out the data, epoch after epoch, without end. Keeps a reference to the data.
///
///   Batcher batches(data, {.batch_examples = 8, .seed = 1});
///   TrainingBatch batch = batches.next();
class Batcher {
 public:
  /// Throws std::invalid_argument, naming field and value, for bad options, for empty data, and where an
  /// example is longer than max_tokens.
  Batcher(const std::vector<TokenizedExample>& data, const BatchOptions& options);

  /// The next batch; after an epoch's last the next epoch's first.
  TrainingBatch next();

  DataPosition position() const { return position_; }

  /// Goes on from a position that was saved. Throws std::invalid_argument where the epoch has no such batch.
  void seek(const DataPosition& position);

  /// The examples of every batch of one epoch. With max_tokens: first fit among the `open_batches` youngest
  /// batches; the oldest is closed when there are more.
  std::vector<std::vector<std::size_t>> plan(std::int64_t epoch) const;

  /// The examples of one batch of a plan, end to end.
  TrainingBatch batch(const std::vector<std::size_t>& chosen) const { return pack(data_, chosen); }

  static constexpr std::size_t open_batches = 64;

 private:
  const std::vector<TokenizedExample>& data_;
  BatchOptions options_;
  DataPosition position_;
  std::vector<std::vector<std::size_t>> plan_;  // of position_.epoch
};

/// How long a run is.
struct RunLength {
  std::int64_t steps = 0;     ///< optimiser steps
  std::int64_t batches = 0;   ///< batches in them; the last step may have fewer than the others
  std::int64_t examples = 0;  ///< training examples in them
  std::int64_t tokens = 0;    ///< training tokens in them
};

/// The length of `epochs` epochs (a fraction is allowed) at `accumulation` batches a step, or of `max_steps`
/// steps where that is above 0. Throws std::invalid_argument for values
/// of no sense.
RunLength run_length(const Batcher& batches, double epochs, std::int64_t max_steps,
                     std::int64_t accumulation);

}  // namespace ifstop::sft
