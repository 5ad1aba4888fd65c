// The prompts of an evaluation: a named, versioned list with a content hash, in a fixed order.
#pragma once
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ifstop/assets/objecqa.hpp"
#include "ifstop/assets/prompts.hpp"
#include "ifstop/prompts/prompt.hpp"

namespace ifstop {
namespace prompt_detail {

/// FNV-1a, 64 bits: stable on every machine, one byte at a time.
inline void fnv1a(std::uint64_t& hash, std::string_view bytes) {
  for (char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
}

/// Hashes a text with its length before it, so that two fields never run into each other.
inline void hash_field(std::uint64_t& hash, std::string_view text) {
  fnv1a(hash, std::to_string(text.size()));
  fnv1a(hash, ":");
  fnv1a(hash, text);
}

/// A number that looks random and is fixed by (seed, key): the order of interleaved().
inline std::uint64_t rank(std::uint64_t seed, std::string_view key) {
  std::uint64_t x = 0xcbf29ce484222325ULL;
  hash_field(x, key);
  x += seed * 0x9e3779b97f4a7c15ULL;  // FNV's high bits are weak for short keys: finish as splitmix64 does
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

}  // namespace prompt_detail

/// A list of prompts. The order matters: outcomes are logged in it, and the first n are what a smaller
/// evaluation asks.
struct PromptSet {
  std::string name;
  std::string version;
  std::vector<Prompt> prompts;

  /// What ships with the library: full instructions, a fragment of each, and the questions of objecqa().
  static const PromptSet& builtin();

  /// The preference questions that ship with the library (ObjecQA, the paper's section 5), alone.
  static const PromptSet& objecqa();

  std::size_t size() const { return prompts.size(); }

  /// How many are of this kind.
  std::size_t count(PromptKind kind) const {
    return static_cast<std::size_t>(
        std::count_if(prompts.begin(), prompts.end(), [&](const Prompt& p) { return p.kind == kind; }));
  }

  /// 16 hex digits that change with any id, text, kind, parent, accepted answer or the order; not with the
  /// name.
  std::string hash() const;

  /// Throws std::invalid_argument naming the prompt: duplicate or empty id, empty text, the same text twice,
  /// a fragment without its parent, a parent that is missing or no full prompt.
  void validate() const;

  /// The same prompts in a random but fixed order in which every beginning is balanced: kinds come in their
  /// shares of the whole, and a fragment and its parent lie far apart (so that few of the first n share a
  /// parent).
  PromptSet interleaved(std::uint64_t seed = 0) const;

  /// The first n (all where there are fewer; 0 = none), in order. Fragments may lose their parents.
  PromptSet first(std::size_t n) const;

  /// interleaved(seed).first(n): a balanced random sample that is the same every time.
  PromptSet subset(std::size_t n, std::uint64_t seed = 0) const { return interleaved(seed).first(n); }

  /// Those of one kind, in order. Fragments lose their parents.
  PromptSet only(PromptKind kind) const;

  /// This set's prompts and then the other's. Throws std::invalid_argument on an id that both have.
  PromptSet with(const PromptSet& other) const;
};

inline std::string PromptSet::hash() const {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const auto& prompt : prompts) {
    for (std::string_view field : {std::string_view(prompt.id), std::string_view(prompt.text),
                                   to_string(prompt.kind), std::string_view(prompt.group())})
      prompt_detail::hash_field(hash, field);
    prompt_detail::fnv1a(hash, std::to_string(prompt.accepted.size()));
    for (const auto& answer : prompt.accepted) prompt_detail::hash_field(hash, answer);
  }
  return fmt::format("{:016x}", hash);
}

inline void PromptSet::validate() const {
  std::set<std::string_view> ids, full_ids, texts;
  const auto fail = [&](const Prompt& prompt, std::string_view what) {
    throw std::invalid_argument(fmt::format("prompt set {}: prompt \"{}\" {}", name, prompt.id, what));
  };
  for (const auto& prompt : prompts) {
    if (prompt.id.empty()) fail(prompt, "has no id");
    if (prompt.text.find_first_not_of(" \t\r\n") == std::string::npos) fail(prompt, "has no text");
    if (!ids.insert(prompt.id).second) fail(prompt, "is there twice");
    if (!texts.insert(prompt.text).second) fail(prompt, "has the same text as another prompt");
    if (prompt.kind == PromptKind::full) full_ids.insert(prompt.id);
  }
  for (const auto& prompt : prompts) {
    if (prompt.kind == PromptKind::partial) {
      if (prompt.parent.empty()) fail(prompt, "is a fragment without a parent");
      if (!full_ids.count(prompt.parent))
        fail(prompt, fmt::format("names a parent \"{}\" that is no full prompt of the set", prompt.parent));
    } else if (prompt.group() != prompt.id) {
      fail(prompt, "has a parent but is no fragment");
    }
  }
}

inline PromptSet PromptSet::interleaved(std::uint64_t seed) const {
  // Each prompt gets a place in 0..1 within its kind; sorting by place merges the kinds in their shares.
  // Fragments run through their parents backwards, which keeps the two halves of a pair apart.
  struct Place {
    double at;
    std::uint64_t rank;
    std::size_t index;
  };
  std::vector<Place> order;
  for (auto kind : {PromptKind::full, PromptKind::partial, PromptKind::preference}) {
    std::vector<Place> group;
    for (std::size_t i = 0; i < prompts.size(); ++i)
      if (prompts[i].kind == kind) group.push_back({0, prompt_detail::rank(seed, prompts[i].group()), i});
    const bool backwards = kind == PromptKind::partial;
    std::stable_sort(group.begin(), group.end(), [&](const Place& a, const Place& b) {
      return backwards ? a.rank > b.rank : a.rank < b.rank;
    });
    for (std::size_t i = 0; i < group.size(); ++i)
      group[i].at = (static_cast<double>(i) + 0.5) / static_cast<double>(group.size());
    order.insert(order.end(), group.begin(), group.end());
  }
  std::stable_sort(order.begin(), order.end(), [](const Place& a, const Place& b) { return a.at < b.at; });
  PromptSet result{name, version, {}};
  for (const auto& place : order) result.prompts.push_back(prompts[place.index]);
  return result;
}

inline PromptSet PromptSet::first(std::size_t n) const {
  PromptSet result{name, version, {}};
  result.prompts.assign(prompts.begin(), prompts.begin() + static_cast<std::ptrdiff_t>(std::min(n, size())));
  return result;
}

inline PromptSet PromptSet::only(PromptKind kind) const {
  PromptSet result{name, version, {}};
  std::copy_if(prompts.begin(), prompts.end(), std::back_inserter(result.prompts),
               [&](const Prompt& prompt) { return prompt.kind == kind; });
  return result;
}

inline PromptSet PromptSet::with(const PromptSet& other) const {
  PromptSet result{name + "+" + other.name,
                   version == other.version ? version : version + "+" + other.version, prompts};
  std::set<std::string_view> ids;
  for (const auto& prompt : prompts) ids.insert(prompt.id);
  for (const auto& prompt : other.prompts) {
    if (ids.count(prompt.id))
      throw std::invalid_argument(
          fmt::format("prompt sets {} and {} both have a prompt \"{}\"", name, other.name, prompt.id));
    result.prompts.push_back(prompt);
  }
  return result;
}

inline PromptSet parse_prompts_tsv(std::string_view text, std::string_view file);  // prompts/tsv.hpp, below

inline const PromptSet& PromptSet::objecqa() {
  static const PromptSet set = parse_prompts_tsv(assets::objecqa, "assets/objecqa.tsv");
  return set;
}

inline const PromptSet& PromptSet::builtin() {
  static const PromptSet set = parse_prompts_tsv(assets::prompts, "assets/prompts.tsv").with(objecqa());
  return set;
}

}  // namespace ifstop

#include "ifstop/prompts/tsv.hpp"
