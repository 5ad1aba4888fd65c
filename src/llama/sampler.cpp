#include "llama/sampler.hpp"

#include <ATen/Parallel.h>

#include <algorithm>

#include "llama/counter_random.hpp"
#include "llama/cpu_kernels.hpp"

namespace ifstop::llama {
namespace {

// The id at which the running sum of probabilities passes `target`; the last possible one where rounding lets
// none.
template <class Ids>
std::int64_t pass(const Ids& ids, std::span<const float> probabilities, double target) {
  double sum = 0;
  std::int64_t last = 0;
  for (const std::int64_t id : ids) {
    const auto p = static_cast<double>(probabilities[static_cast<std::size_t>(id)]);
    if (!(p > 0)) continue;
    sum += p;
    last = id;
    if (sum > target) break;
  }
  return last;
}

// The nucleus, most likely first, and its mass.
std::pair<std::vector<std::int64_t>, double> nucleus(std::span<const float> probabilities, double top_p) {
  const auto probability = [&](std::int64_t id) { return probabilities[static_cast<std::size_t>(id)]; };
  // Tokens below the average of what may be left out cannot all be needed: sort the others only.
  const auto size = static_cast<std::int64_t>(probabilities.size());
  const double cut = size > 1 ? (1.0 - top_p) / static_cast<double>(size - 1) : 0.0;
  std::vector<std::int64_t> ids;
  for (std::int64_t id = 0; id < size; ++id)
    if (static_cast<double>(probability(id)) >= cut) ids.push_back(id);
  std::stable_sort(ids.begin(), ids.end(), [&](auto a, auto b) { return probability(a) > probability(b); });
  double mass = 0;
  std::size_t count = 0;
  while (count < ids.size() && mass < top_p) mass += static_cast<double>(probability(ids[count++]));
  ids.resize(count);
  return {std::move(ids), mass};
}

}  // namespace

std::vector<std::int64_t> most_likely(const at::Tensor& logits) {
  const auto rows = logits.size(0), vocab = logits.size(1);
  std::vector<std::int64_t> ids(static_cast<std::size_t>(rows));
  if (logits.is_cpu() && logits.scalar_type() == at::kFloat && logits.is_contiguous()) {
    const float* data = logits.const_data_ptr<float>();
    at::parallel_for(0, rows, 1, [&](std::int64_t begin, std::int64_t end) {
      for (auto row = begin; row < end; ++row)
        ids[static_cast<std::size_t>(row)] = cpu::argmax(data + row * vocab, vocab);
    });
    return ids;
  }
  const auto best = logits.argmax(-1).cpu();
  std::copy_n(best.const_data_ptr<std::int64_t>(), rows, ids.begin());
  return ids;
}

std::int64_t sample_row(std::span<const float> probabilities, double top_p, double uniform) {
  if (top_p < 1.0) {
    const auto [ids, mass] = nucleus(probabilities, top_p);
    return pass(ids, probabilities, uniform * mass);
  }
  double mass = 0;
  for (const float p : probabilities) mass += static_cast<double>(p);
  std::vector<std::int64_t> ids(probabilities.size());
  for (std::size_t id = 0; id < ids.size(); ++id) ids[id] = static_cast<std::int64_t>(id);
  return pass(ids, probabilities, uniform * mass);
}

std::vector<std::int64_t> sample(const at::Tensor& logits, double temperature, double top_p,
                                 std::span<const Draw> draws) {
  const auto probabilities = (logits.to(at::kFloat) / temperature).softmax(-1).cpu().contiguous();
  const float* data = probabilities.const_data_ptr<float>();
  const auto rows = logits.size(0);
  const auto vocab = static_cast<std::size_t>(logits.size(1));
  std::vector<std::int64_t> ids(static_cast<std::size_t>(rows));
  at::parallel_for(0, rows, 1, [&](std::int64_t begin, std::int64_t end) {
    for (auto row = static_cast<std::size_t>(begin); row < static_cast<std::size_t>(end); ++row)
      ids[row] =
          sample_row({data + row * vocab, vocab}, top_p, uniform(draws[row].seed, draws[row].position));
  });
  return ids;
}

}  // namespace ifstop::llama
