// The weights of a linear judge and their file: one byte a weight, with who it is and how good it was
// measured to be.
//
// File, little-endian: "IFSJUDGE", u32 format, u32 feature layout, u32 buckets; name and version, each u32
// length and bytes; f64 bias, threshold, AUC, sensitivity, specificity, scale of the hashed and of the
// hand-made weights; from format 2 on u32 labelled positives and negatives; one signed byte a bucket; u64
// FNV-1a of all before.
#pragma once
#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "ifstop/score/features.hpp"
#include "ifstop/score/judge.hpp"

namespace ifstop {

/// log-odds of a pair = bias + sum over its features of value * weight * scale.
struct LinearWeights {
  JudgeInfo info;
  double bias = 0;
  double scale_hashed = 1;  ///< of a weight of 1 in the hashed buckets
  double scale_cross = 1;   ///< and in the hand-made ones
  std::vector<std::int8_t> weights = std::vector<std::int8_t>(FeatureLayout::size);
};

namespace weights_detail {

inline constexpr std::string_view magic = "IFSJUDGE";
inline constexpr std::uint32_t format = 2;  ///< written; 1 is read too

inline std::uint64_t fnv1a(std::string_view bytes) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  return hash;
}

template <class T>
void put(std::string& out, T value) {
  std::uint64_t bits = 0;
  static_assert(sizeof value <= sizeof bits);
  std::memcpy(&bits, &value, sizeof value);
  for (std::size_t i = 0; i < sizeof value; ++i) out += static_cast<char>((bits >> (8 * i)) & 0xFFU);
}

inline void put_text(std::string& out, std::string_view text) {
  put(out, static_cast<std::uint32_t>(text.size()));
  out += text;
}

/// Takes values from the front of the bytes; throws where they end too early.
class Reader {
 public:
  Reader(std::string_view bytes, std::string_view what) : rest_(bytes), what_(what) {}

  std::string_view take(std::size_t n) {
    if (rest_.size() < n) fail("ends too early: it was cut off, or is no file of judge weights");
    const auto taken = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return taken;
  }
  template <class T>
  T number() {
    const auto bytes = take(sizeof(T));
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i)
      bits |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    T value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
  }
  double finite(std::string_view field, bool may_be_unknown) {
    const auto value = number<double>();
    if (std::isinf(value) || (std::isnan(value) && !may_be_unknown))
      fail(fmt::format("has {} {}", field, value));
    return value;
  }
  std::string text() { return std::string(take(number<std::uint32_t>())); }
  bool empty() const { return rest_.empty(); }
  [[noreturn]] void fail(std::string_view why) const {
    throw std::runtime_error(fmt::format("{} {}", what_, why));
  }

 private:
  std::string_view rest_;
  std::string_view what_;
};

}  // namespace weights_detail

/// The file's bytes.
inline std::string to_bytes(const LinearWeights& w) {
  using namespace weights_detail;
  std::string out(magic);
  put(out, format);
  put(out, FeatureLayout::version);
  put(out, FeatureLayout::size);
  put_text(out, w.info.name);
  put_text(out, w.info.version);
  for (double value : {w.bias, w.info.threshold, w.info.auc, w.info.sensitivity, w.info.specificity,
                       w.scale_hashed, w.scale_cross})
    put(out, value);
  for (auto count : {w.info.positives, w.info.negatives}) put(out, static_cast<std::uint32_t>(count));
  for (auto weight : w.weights) out += static_cast<char>(weight);
  put(out, fnv1a(out));
  return out;
}

/// Reads what to_bytes wrote. `what` names the bytes in errors (a path). Throws std::runtime_error that says
/// what is wrong: cut off, altered, of another format or feature layout, values out of range.
inline LinearWeights weights_from_bytes(std::string_view bytes, std::string_view what = "judge weights") {
  using namespace weights_detail;
  Reader in(bytes, what);
  if (in.take(magic.size()) != magic) in.fail("is no file of judge weights");
  const auto got_format = in.number<std::uint32_t>();
  if (got_format < 1 || got_format > format)
    in.fail(fmt::format("has format {}; this library reads 1 to {}", got_format, format));
  if (const auto got = in.number<std::uint32_t>(); got != FeatureLayout::version)
    in.fail(fmt::format(
        "was trained for feature layout {}; this library has {}: train it again with `ifstop tone train`",
        got, FeatureLayout::version));
  if (const auto got = in.number<std::uint32_t>(); got != FeatureLayout::size)
    in.fail(fmt::format("has {} weights instead of {}", got, FeatureLayout::size));
  LinearWeights w;
  w.info.name = in.text();
  w.info.version = in.text();
  w.bias = in.finite("bias", false);
  w.info.threshold = in.finite("threshold", false);
  w.info.auc = in.finite("AUC", true);
  w.info.sensitivity = in.finite("sensitivity", true);
  w.info.specificity = in.finite("specificity", true);
  w.scale_hashed = in.finite("scale", false);
  w.scale_cross = in.finite("scale", false);
  if (got_format >= 2) {
    w.info.positives = in.number<std::uint32_t>();
    w.info.negatives = in.number<std::uint32_t>();
  }
  const auto raw = in.take(FeatureLayout::size);
  std::memcpy(w.weights.data(), raw.data(), raw.size());
  const auto checksum = in.number<std::uint64_t>();
  if (!in.empty()) in.fail("has bytes after its end");
  if (checksum != fnv1a(bytes.substr(0, bytes.size() - sizeof checksum)))
    in.fail("was altered: its checksum is wrong");
  if (!(w.info.threshold >= 0 && w.info.threshold <= 1))
    in.fail(fmt::format("has threshold {}", w.info.threshold));
  return w;
}

}  // namespace ifstop
