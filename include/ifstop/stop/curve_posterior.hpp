// What the readings of a share so far say about its future.
#pragma once
#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "ifstop/stop/forecast.hpp"
#include "ifstop/stop/shapes.hpp"

namespace ifstop {

/// A Bayesian mixture of curves. Reading t is
///   y_t = start·(1 − g(x_t)) + top·g(x_t) + c_t + d_t + e_t
/// with a shape g of the grid (stop/shapes.hpp), independent normal priors on start and top, and three
/// errors:
///   e_t  sampling, with the binomial variance
///   c_t  what moves all prompts together (weights that wander): mean 0, standard deviation σ, correlation
///   `carry` from
///        one evaluation to the next. σ lies on a grid, so the noise level is learned
///   d_t  what no shape of the grid can follow: standard deviation `misfit`, correlation
///   (x_s/x_t)^misfit_decay
///        between s < t, so that curves may differ from shapes over doublings of x, not from point to point
/// For each shape and σ the likelihood is that of a Kalman filter over c and d, with start and top integrated
/// out in closed form; start <= top <= 1 enters as a truncation. Everything is updated in constant time a
/// reading.
class CurvePosterior {
 public:
  CurvePosterior();

  /// A reading after x units; x must not fall, trials must be positive.
  void observe(double x, std::int64_t successes, std::int64_t trials);

  /// "Gain" is the largest value from now to `end` units minus the value now; end > the last x. The
  /// forecast's `examples` are units too.
  Forecast forecast(double end, double margin) const;

 private:
  // Priors, chosen with bench/stopping.
  static constexpr double start = .35, start_sd = .25, top = .88, top_sd = .15;
  static constexpr double carry = .7, misfit = .015, misfit_decay = 1;
  static constexpr std::array<std::pair<double, double>, 4> common_levels{
      {{.008, .25}, {.016, .25}, {.032, .3}, {.064, .2}}};  ///< σ and its prior
  static constexpr double ignore_below =
      7;  ///< shapes whose weight is e^−7 of the best's are left out of sums
  static constexpr std::array<std::pair<double, double>, 3> three_points{
      {{-1.732, 1 / 6.}, {0, 2 / 3.}, {1.732, 1 / 6.}}};  ///< Gauss–Hermite, of a normal distribution
  static constexpr int bins = 256;

  /// A series' part that the filter takes for c and for d.
  template <class Number>
  struct Carried {
    Number c, d;
  };
  /// One σ: sums of products of one-step prediction errors over their variance, of the regressors 1 and g,
  /// and of y.
  struct Level {
    double sd = 0, log_prior = 0;
    double variance_c = 0, variance_d = 0, covariance = 0;  // of c and d, before the next reading
    Carried<double> one{0, 0}, y{0, 0};
    double s11 = 0, s1y = 0, log_likelihood = 0;
    Carried<Eigen::ArrayXd> g;  // of every shape, as the sums below
    Eigen::ArrayXd sgg, s1g, sgy;
  };
  /// Least squares of one level: value now = start + rise·g.
  struct Fit {
    double precision = 0;  ///< of start
    double best = 0;       ///< largest log weight
    Eigen::ArrayXd start, rise, inverse, log_weight;
  };
  /// Mixture sums.
  struct Sums {
    double weight = 0, more = 0, gain = 0;
    std::array<double, bins + 1> histogram{};  ///< of the gain
    Eigen::ArrayXd rise;                       ///< of each shape, weighted
  };

  static const ShapeGrid& shapes() { return ShapeGrid::instance(); }
  static void predict(Level& level, double decay);
  void update(Level& level, double y, double sampling_variance) const;
  Fit fit(const Level& level) const;
  void add(const Fit& fit, double best, double margin, const Eigen::ArrayXd& best_value, Sums& sums) const;
  double units_for(const Sums& sums, double end) const;

  std::vector<Level> levels_;
  Eigen::ArrayXd now_;  ///< every shape's value at the last reading
  double x_ = 0, share_ = -1;
};

namespace posterior_detail {

/// The normal distribution function, to 2e-4: a logistic function of a cubic (Page, Appl. Stat. 26 (1977)
/// 75).
inline double normal_cdf(double z) {
  if (z > 4) return 1;
  if (z < -4) return 0;
  return 1 / (1 + std::exp(-z * (1.5976 + .07056 * z * z)));
}

}  // namespace posterior_detail

inline CurvePosterior::CurvePosterior() : now_(Eigen::ArrayXd::Zero(shapes().size())) {
  for (const auto& [sd, prior] : common_levels) {
    Level level;
    level.sd = sd, level.log_prior = std::log(prior);
    level.variance_c = sd * sd, level.variance_d = misfit * misfit;
    level.g.c = level.g.d = level.sgg = level.s1g = level.sgy = now_;
    levels_.push_back(std::move(level));
  }
}

/// c and d from one reading to the next.
inline void CurvePosterior::predict(Level& l, double decay) {
  l.one.c *= carry, l.y.c *= carry, l.g.c *= carry;
  l.one.d *= decay, l.y.d *= decay, l.g.d *= decay;
  l.variance_c = carry * carry * l.variance_c + (1 - carry * carry) * l.sd * l.sd;
  l.variance_d = decay * decay * l.variance_d + (1 - decay * decay) * misfit * misfit;
  l.covariance *= carry * decay;
}

inline void CurvePosterior::update(Level& l, double y, double sampling_variance) const {
  const double f = l.variance_c + 2 * l.covariance + l.variance_d + sampling_variance;
  const double gain_c = (l.variance_c + l.covariance) / f, gain_d = (l.variance_d + l.covariance) / f;
  const double e1 = 1 - l.one.c - l.one.d, ey = y - l.y.c - l.y.d;
  const Eigen::ArrayXd eg = now_ - l.g.c - l.g.d;
  l.s11 += e1 * e1 / f, l.s1y += e1 * ey / f;
  l.log_likelihood -= (ey * ey / f + std::log(f)) / 2;
  l.sgg += eg * eg * (1 / f), l.s1g += eg * (e1 / f), l.sgy += eg * (ey / f);
  l.one.c += gain_c * e1, l.one.d += gain_d * e1;
  l.y.c += gain_c * ey, l.y.d += gain_d * ey;
  l.g.c += gain_c * eg, l.g.d += gain_d * eg;
  l.variance_c -= gain_c * gain_c * f, l.variance_d -= gain_d * gain_d * f,
      l.covariance -= gain_c * gain_d * f;
}

inline void CurvePosterior::observe(double x, std::int64_t successes, std::int64_t trials) {
  const double n = static_cast<double>(trials), y = static_cast<double>(successes) / n;
  const double share = (static_cast<double>(successes) + 2) / (n + 4);  // Agresti and Coull: never 0 or 1
  const bool first = share_ < 0;
  share_ = first ? share : (share_ + share) / 2;  // smoothed, so that a lucky reading weighs no more
  const double decay = x > 0 ? std::pow(x_ / x, misfit_decay) : 1;
  x_ = x;
  shapes().values(x, now_);
  for (auto& level : levels_) {
    if (!first) predict(level, decay);
    update(level, y, share_ * (1 - share_) / n);
  }
}

inline CurvePosterior::Fit CurvePosterior::fit(const Level& l) const {
  // The prior of start and top = start + rise, as precisions of (start, rise).
  constexpr double p = 1 / (start_sd * start_sd), q = 1 / (top_sd * top_sd);
  Fit fit;
  fit.precision = l.s11 + p + q;
  const double r1 = l.s1y + p * start + q * top;
  const Eigen::ArrayXd a22 = l.sgg + q, a12 = l.s1g + q, r2 = l.sgy + q * top;
  fit.inverse = 1 / (fit.precision * a22 - a12.square());
  fit.rise = (fit.precision * r2 - a12 * r1) * fit.inverse;
  fit.start = (a22 * r1 - a12 * r2) * fit.inverse;
  fit.log_weight =
      .5 * (fit.start * r1 + fit.rise * r2) + shapes().log_prior() + (l.log_prior + l.log_likelihood);
  fit.best = fit.log_weight.maxCoeff() - .5 * std::log(fit.precision);
  return fit;
}

/// Adds the shapes of one level, weighed against `best`.
inline void CurvePosterior::add(const Fit& fit, double best, double margin, const Eigen::ArrayXd& best_value,
                                Sums& sums) const {
  using posterior_detail::normal_cdf;
  const double root_precision = std::sqrt(fit.precision),
               least = best - ignore_below + std::log(root_precision);
  for (Eigen::Index i = 0; i < now_.size(); ++i) {
    if (fit.log_weight[i] < least) continue;
    const double root = std::sqrt(fit.inverse[i]), sd = root * root_precision, rise = fit.rise[i];
    // A share cannot exceed 1, with a little room for the error of the value now.
    const double room = std::max(0., 1.01 - fit.start[i] - rise * now_[i]),
                 rest = std::max(1 - now_[i], 1e-6);
    const double most = room / rest, upto = normal_cdf((most - rise) / sd);
    const double inside = std::max(upto - normal_cdf(-rise / sd), 1e-6);
    const double weight = std::exp(fit.log_weight[i] - best) * root, ahead = best_value[i] - now_[i];
    sums.weight += weight * inside;
    if (ahead * most > margin)
      sums.more += weight * std::max(0., upto - normal_cdf((margin / ahead - rise) / sd));
    sums.gain += weight * inside * std::clamp(rise, 0., most) * ahead;
    sums.rise[i] += weight * inside * std::clamp(rise, 0., most);
    for (const auto& [at, part] : three_points) {
      const double gain = std::clamp(rise + at * sd, 0., most) * ahead;
      sums.histogram[static_cast<std::size_t>(std::min(gain, 1.) * bins)] += part * weight * inside;
    }
  }
}

inline Forecast CurvePosterior::forecast(double end, double margin) const {
  std::vector<Fit> fits;
  double best = -std::numeric_limits<double>::infinity();
  for (const auto& level : levels_) fits.push_back(fit(level)), best = std::max(best, fits.back().best);
  Eigen::ArrayXd best_value;
  shapes().best(x_, end, best_value);
  Sums sums;
  sums.rise = Eigen::ArrayXd::Zero(now_.size());
  for (const auto& f : fits)
    if (f.best > best - ignore_below) add(f, best, margin, best_value, sums);

  const auto quantile = [&](double share) {
    double below = 0;
    int bin = 0;
    while (bin < bins && below + sums.histogram[static_cast<std::size_t>(bin)] < share * sums.weight)
      below += sums.histogram[static_cast<std::size_t>(bin++)];
    return static_cast<double>(bin) / bins;
  };
  return {sums.more / sums.weight, sums.gain / sums.weight, quantile(.025), quantile(.975),
          units_for(sums, end)};
}

/// Where the expected curve has made nine tenths of its way, over the shapes that matter most for it.
inline double CurvePosterior::units_for(const Sums& sums, double end) const {
  std::vector<std::pair<double, Eigen::Index>> leading;
  const double least = sums.rise.maxCoeff() / 20;
  for (Eigen::Index i = 0; i < now_.size(); ++i)
    if (sums.rise[i] > least) leading.emplace_back(sums.rise[i], i);
  if (least <= 0) return 0;
  const auto ahead = [&](double x) {
    double sum = 0;
    for (const auto& [rise, i] : leading) sum += rise * (shapes().value(i, x) - now_[i]);
    return sum;
  };
  const double wanted = .9 * ahead(end);
  double low = x_, high = end;
  for (int i = 0; i < 7 && wanted > 0; ++i) {
    const double middle = (low + high) / 2;
    (ahead(middle) < wanted ? low : high) = middle;
  }
  return wanted > 0 ? high - x_ : 0;
}

}  // namespace ifstop
