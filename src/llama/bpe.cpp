#include "llama/bpe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <queue>
#include <stdexcept>
#include <tuple>

#include "llama/utf8.hpp"

namespace ifstop::llama {
namespace {

std::uint64_t key(std::int64_t left, std::int64_t right) {
  return static_cast<std::uint64_t>(left) << 32 | static_cast<std::uint64_t>(right);
}

// A piece of the word while it is put together; `right` of the last is `none`.
struct Symbol {
  std::int64_t id;
  std::size_t left, right;
  bool merged = false;  // into its left neighbour
};

constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

struct Candidate {
  std::uint32_t rank;
  std::size_t at;                   // the left symbol
  std::int64_t left, right, whole;  // ids; stale where the symbols are others by now
  bool operator>(const Candidate& other) const { return std::tie(rank, at) > std::tie(other.rank, other.at); }
};

}  // namespace

Bpe::Bpe(std::unordered_map<std::string, std::int64_t> pieces,
         const std::vector<std::pair<std::string, std::string>>& merges, Options options)
    : pieces_(std::move(pieces)), options_(options) {
  for (std::size_t rank = 0; rank < merges.size(); ++rank) {
    const auto& [left, right] = merges[rank];
    const auto a = find(left), b = find(right), whole = find(left + right);
    if (a < 0 || b < 0 || whole < 0)
      throw std::invalid_argument(
          fmt::format("merge {} makes a piece that is not in the vocabulary", rank + 1));
    merges_[key(a, b)] = {static_cast<std::uint32_t>(rank), whole};  // of a pair named twice, the last
  }
}

std::int64_t Bpe::find(const std::string& piece) const {
  const auto found = pieces_.find(piece);
  return found == pieces_.end() ? -1 : found->second;
}

const Bpe::Merge* Bpe::merge_of(std::int64_t left, std::int64_t right) const {
  const auto found = merges_.find(key(left, right));
  return found == merges_.end() ? nullptr : &found->second;
}

void Bpe::start_character(std::string_view character, std::vector<std::int64_t>& ids) const {
  if (const auto id = find(std::string(character)); id >= 0) return ids.push_back(id);
  if (options_.start == Start::characters) {
    std::vector<std::int64_t> bytes;
    for (const char c : character)
      bytes.push_back(find(fmt::format("<0x{:02X}>", static_cast<unsigned char>(c))));
    if (std::find(bytes.begin(), bytes.end(), -1) == bytes.end()) {
      ids.insert(ids.end(), bytes.begin(), bytes.end());
      return;
    }
  }
  if (options_.unknown >= 0) ids.push_back(options_.unknown);
}

std::vector<std::int64_t> Bpe::start(std::string_view word) const {
  std::vector<std::int64_t> ids;
  for (std::size_t i = 0; i < word.size();) {
    const auto length =
        options_.start == Start::bytes ? 1 : std::max<std::size_t>(utf8_length(word.substr(i)), 1);
    start_character(word.substr(i, length), ids);
    i += length;
  }
  return ids;
}

void Bpe::encode(std::string_view word, std::vector<std::int64_t>& ids) const {
  if (options_.whole_words_first)
    if (const auto id = find(std::string(word)); id >= 0) return ids.push_back(id);
  std::vector<Symbol> symbols;
  for (const auto id : start(word)) {
    const auto at = symbols.size();
    symbols.push_back({id, at == 0 ? none : at - 1, none});
    if (at > 0) symbols[at - 1].right = at;
  }
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> queue;
  const auto offer = [&](std::size_t left) {
    if (left == none || symbols[left].right == none) return;
    const auto a = symbols[left].id, b = symbols[symbols[left].right].id;
    if (const auto* merge = merge_of(a, b)) queue.push({merge->rank, left, a, b, merge->id});
  };
  for (std::size_t i = 0; i < symbols.size(); ++i) offer(i);
  while (!queue.empty()) {
    const auto next = queue.top();
    queue.pop();
    auto& left = symbols[next.at];
    if (left.merged || left.id != next.left || left.right == none || symbols[left.right].id != next.right)
      continue;
    auto& right = symbols[left.right];
    right.merged = true;
    left.id = next.whole;
    left.right = right.right;
    if (left.right != none) symbols[left.right].left = next.at;
    offer(left.left);
    offer(next.at);
  }
  for (std::size_t i = symbols.empty() ? none : 0; i != none; i = symbols[i].right)
    ids.push_back(symbols[i].id);
}

}  // namespace ifstop::llama
