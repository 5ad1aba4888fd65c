// Evaluations whose truth is known: pairs of prompts (an instruction and its fragment), drawn by number of
// pairs.
#pragma once
#include <array>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

namespace intervals {

using Random = std::mt19937_64;

/// A share of instructions, one of fragments, and the correlation of the two outcomes of a pair.
struct Pair {
  double full, partial, correlation;

  double share() const { return (full + partial) / 2; }
};

/// Probabilities of (instruction, fragment) = 11, 10, 01, 00; the correlation is lowered where the two
/// shares do not allow it.
std::array<double, 4> cells(const Pair& pair);

/// Two models' answers to the same pairs: their shares, and how much of a latent normal variable a pair, a
/// prompt, and a pair under one of the models contribute (the rest is the single answer's own).
struct TwoModels {
  double first, second;
  double pair, prompt, model;
};

/// Probabilities of the differences (first − second) of instruction and fragment, entry 3 (d + 1) + e + 1,
/// from so many draws; what is true of them is computed from these probabilities themselves. With equal
/// shares they are made symmetrical, so that the difference is exactly 0.
std::array<double, 9> cells(const TwoModels& models, int draws, Random& random);

/// How many of `count` pairs fall into each cell.
std::vector<std::int64_t> draw(std::int64_t count, std::span<const double> probabilities, Random& random);

}  // namespace intervals
