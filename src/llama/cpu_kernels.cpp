// Written with the compilers' vector extension, compiled for several instruction sets and chosen when the
// program starts: LibTorch's own kernels for these sizes spend more time on dispatch than on numbers.
#include "llama/cpu_kernels.hpp"

#include <cmath>
#include <cstring>
#include <limits>

#if defined(__x86_64__) && defined(__gnu_linux__)
#define IFSTOP_CLONES __attribute__((target_clones("avx512f", "arch=haswell", "default")))
#else
#define IFSTOP_CLONES
#endif
#define IFSTOP_INLINE inline __attribute__((always_inline))

#pragma GCC diagnostic ignored \
    "-Wpsabi"  // vectors never cross a function boundary here: all helpers are inlined

namespace ifstop::llama::cpu {
namespace {

constexpr std::int64_t lanes = 16;
typedef float Floats __attribute__((vector_size(lanes * sizeof(float))));
typedef std::int32_t Ints __attribute__((vector_size(lanes * sizeof(std::int32_t))));

IFSTOP_INLINE void load(const float* from, Floats& to) {
  std::memcpy(&to, from, sizeof to);
}
IFSTOP_INLINE void store(const Floats& from, float* to) {
  std::memcpy(to, &from, sizeof from);
}

template <class Half, class Vector>
IFSTOP_INLINE Half fold(const Vector& x) {
  Half low, high;
  std::memcpy(&low, &x, sizeof low);
  std::memcpy(&high, reinterpret_cast<const char*>(&x) + sizeof low, sizeof high);
  return low + high;
}

IFSTOP_INLINE float sum(const Floats& x) {
  typedef float Eight __attribute__((vector_size(32)));
  typedef float Four __attribute__((vector_size(16)));
  const Four four = fold<Four>(fold<Eight>(x));
  return (four[0] + four[2]) + (four[1] + four[3]);
}

// exp for arguments in [-87, 88]: 2^n * e^r with |r| <= ln 2 / 2 (coefficients of Cephes' expf), error about
// 1 ulp.
IFSTOP_INLINE void exponential(Floats& x) {
  const Floats low = Floats{} - 87.0F, high = Floats{} + 88.0F;
  x = x < low ? low : x;
  x = x > high ? high : x;
  constexpr float to_integer = 12582912.0F;  // 1.5 * 2^23: adding it rounds to an integer in the low bits
  const Floats shifted = x * 1.44269504088896341F + to_integer;
  const Floats n = shifted - to_integer;
  const Floats r = x - n * 0.693359375F + n * 2.12194440e-4F;
  Floats y = r * 1.9875691500e-4F + 1.3981999507e-3F;
  y = y * r + 8.3334519073e-3F;
  y = y * r + 4.1665795894e-2F;
  y = y * r + 1.6666665459e-1F;
  y = y * r + 5.0000001201e-1F;
  y = y * r * r + r + 1.0F;
  Ints exponent;
  std::memcpy(&exponent, &shifted, sizeof exponent);
  exponent = (exponent << 23) + (127 << 23);
  Floats power;
  std::memcpy(&power, &exponent, sizeof power);
  x = y * power;
}

// The same for one number, by way of the vector, so that both agree to the bit.
IFSTOP_INLINE float exponential(float x) {
  Floats v = Floats{} + x;
  exponential(v);
  return v[0];
}

}  // namespace

IFSTOP_CLONES std::int64_t argmax(const float* x, std::int64_t size) {
  Floats best = Floats{} - std::numeric_limits<float>::infinity(), v;
  std::int64_t i = 0;
  for (; i + lanes <= size; i += lanes) {
    load(x + i, v);
    best = v > best ? v : best;
  }
  float top = -std::numeric_limits<float>::infinity();
  for (std::int64_t lane = 0; lane < lanes; ++lane) top = best[lane] > top ? best[lane] : top;
  for (; i < size; ++i) top = x[i] > top ? x[i] : top;
  for (i = 0; i < size; ++i)
    if (x[i] == top) return i;
  return 0;
}

IFSTOP_CLONES void add_rms_norm(float* x, const float* delta, const float* weight, float eps,
                                std::int64_t size, float* out) {
  Floats squares{}, v, w;
  float rest = 0;
  std::int64_t i = 0;
  for (; i + lanes <= size; i += lanes) {
    load(x + i, v);
    if (delta) {
      load(delta + i, w);
      v += w;
      store(v, x + i);
    }
    squares += v * v;
  }
  for (; i < size; ++i) {
    if (delta) x[i] += delta[i];
    rest += x[i] * x[i];
  }
  const float scale = 1.0F / std::sqrt((sum(squares) + rest) / static_cast<float>(size) + eps);
  for (i = 0; i + lanes <= size; i += lanes) {
    load(x + i, v);
    load(weight + i, w);
    store(v * scale * w, out + i);
  }
  for (; i < size; ++i) out[i] = x[i] * scale * weight[i];
}

IFSTOP_CLONES void swiglu(const float* gate, const float* up, std::int64_t size, float* out) {
  Floats g, u;
  std::int64_t i = 0;
  for (; i + lanes <= size; i += lanes) {
    load(gate + i, g);
    load(up + i, u);
    Floats e = -g;
    exponential(e);
    store(g / (e + 1.0F) * u, out + i);
  }
  for (; i < size; ++i) out[i] = gate[i] / (exponential(-gate[i]) + 1.0F) * up[i];
}

IFSTOP_CLONES void rotate(const float* x, const float* cos, const float* sin, std::int64_t half, float scale,
                          float* out) {
  for (std::int64_t i = 0; i < half; ++i) {
    const float a = x[i] * scale, b = x[i + half] * scale;
    out[i] = a * cos[i] - b * sin[i];
    out[i + half] = b * cos[i] + a * sin[i];
  }
}

namespace {

IFSTOP_INLINE float dot(const float* a, const float* b, std::int64_t size) {
  Floats total{}, v, w;
  std::int64_t i = 0;
  for (; i + lanes <= size; i += lanes) {
    load(a + i, v);
    load(b + i, w);
    total += v * w;
  }
  float rest = 0;
  for (; i < size; ++i) rest += a[i] * b[i];
  return sum(total) + rest;
}

// Softmax in place, but for the division; returns what to divide by.
IFSTOP_INLINE float exponentials(float* x, std::int64_t size) {
  float top = x[0];
  for (std::int64_t i = 1; i < size; ++i) top = x[i] > top ? x[i] : top;
  Floats total{}, v;
  float rest = 0;
  std::int64_t i = 0;
  for (; i + lanes <= size; i += lanes) {
    load(x + i, v);
    v -= top;
    exponential(v);
    store(v, x + i);
    total += v;
  }
  for (; i < size; ++i) rest += x[i] = exponential(x[i] - top);
  return sum(total) + rest;
}

// out[0 .. width * lanes) = sum over tokens of weights[t] * values[t], in registers; values are `dim` apart.
template <std::int64_t width>
IFSTOP_INLINE void weighted_sum(const float* values, const float* weights, std::int64_t tokens,
                                std::int64_t dim, float* out) {
  Floats total[width]{}, v;
  for (std::int64_t t = 0; t < tokens; ++t)
    for (std::int64_t i = 0; i < width; ++i) {
      load(values + t * dim + i * lanes, v);
      total[i] += v * weights[t];
    }
  for (std::int64_t i = 0; i < width; ++i) store(total[i], out + i * lanes);
}

IFSTOP_INLINE void weighted_sum(const GroupQuery& g, std::int64_t head) {
  const float* weights = g.scores + head * g.tokens;
  float* out = g.out + head * g.dim;
  std::int64_t i = 0;
  for (; i + 4 * lanes <= g.dim; i += 4 * lanes)
    weighted_sum<4>(g.values + i, weights, g.tokens, g.dim, out + i);
  for (; i + lanes <= g.dim; i += lanes) weighted_sum<1>(g.values + i, weights, g.tokens, g.dim, out + i);
  for (; i < g.dim; ++i) {
    out[i] = 0;
    for (std::int64_t t = 0; t < g.tokens; ++t) out[i] += weights[t] * g.values[t * g.dim + i];
  }
}

}  // namespace

IFSTOP_CLONES void attend(const GroupQuery& g) {
  for (std::int64_t t = 0; t < g.tokens; ++t)
    for (std::int64_t h = 0; h < g.heads; ++h)
      g.scores[h * g.tokens + t] = dot(g.q + h * g.dim, g.keys + t * g.dim, g.dim);
  for (std::int64_t h = 0; h < g.heads; ++h) {
    float* scores = g.scores + h * g.tokens;
    const float scale = 1.0F / exponentials(scores, g.tokens);
    for (std::int64_t t = 0; t < g.tokens; ++t) scores[t] *= scale;
  }
  for (std::int64_t h = 0; h < g.heads; ++h) weighted_sum(g, h);
}

}  // namespace ifstop::llama::cpu
