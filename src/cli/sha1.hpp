// SHA-1 (FIPS 180-4): the ids of the gold labels are its first digits. Not for security.
#pragma once
#include <array>
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace ifstop::cli {

inline void sha1_block(std::array<std::uint32_t, 5>& state, const char* block) {
  std::array<std::uint32_t, 80> w{};
  for (std::size_t i = 0; i < 64; ++i) w[i / 4] = (w[i / 4] << 8) | static_cast<unsigned char>(block[i]);
  for (std::size_t i = 16; i < 80; ++i) w[i] = std::rotl(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
  auto [a, b, c, d, e] = state;
  for (std::size_t i = 0; i < 80; ++i) {
    const auto f = i < 20              ? ((b & c) | (~b & d))
                   : i < 40 || i >= 60 ? (b ^ c ^ d)
                                       : ((b & c) | (b & d) | (c & d));
    constexpr std::array<std::uint32_t, 4> k{0x5A827999U, 0x6ED9EBA1U, 0x8F1BBCDCU, 0xCA62C1D6U};
    const auto next = std::rotl(a, 5) + f + e + k[i / 20] + w[i];
    e = d, d = c, c = std::rotl(b, 30), b = a, a = next;
  }
  state = {state[0] + a, state[1] + b, state[2] + c, state[3] + d, state[4] + e};
}

/// The first `digits` (at most 40) hexadecimal digits of the text's SHA-1.
inline std::string sha1_hex(std::string_view text, std::size_t digits) {
  std::string padded(text);
  padded += '\x80';
  while (padded.size() % 64 != 56) padded += '\0';
  for (int shift = 56; shift >= 0; shift -= 8)
    padded += static_cast<char>((std::uint64_t{text.size()} * 8) >> shift);
  std::array<std::uint32_t, 5> state{0x67452301U, 0xEFCDAB89U, 0x98BADCFEU, 0x10325476U, 0xC3D2E1F0U};
  for (std::size_t at = 0; at < padded.size(); at += 64) sha1_block(state, padded.data() + at);
  std::string hex;
  for (std::size_t i = 0; i < digits; ++i)
    hex += "0123456789abcdef"[(state[i / 8] >> (28 - 4 * (i % 8))) & 0xFU];
  return hex;
}

}  // namespace ifstop::cli
