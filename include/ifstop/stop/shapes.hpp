// Shapes that a learning curve may have, each at many scales, and how likely each is before anything is seen.
#pragma once
#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

namespace ifstop {

/// A grid of shapes g(x), g(0) = 0, that a share start + rise·g(x) may follow over x examples. With z = x /
/// scale:
///   rise and rest   1 − (1 + z^p/q)^−q    p: the foot (1 steep at once, 4 an S), q: the tail (∞ exponential,
///   small a
///                                         power law); exponential, Weibull, Hill, log-logistic and power law
///                                         are among them (Burr, Ann. Math. Stat. 13 (1942) 215)
///   two phases      part of it exponential, the rest as an S, 3 to 24 times later
///   dip             exponential, after a fall below the start
///   overshoot       exponential, and then slowly back by a part
///   flat            g = 0
/// Scales lie between 2^first_octave and 2^last_octave units, uniform in the logarithm.
class ShapeGrid {
 public:
  static constexpr int first_octave = 5, last_octave = 15;

  /// The one grid there is: made once, never changed.
  static const ShapeGrid& instance() {
    static const ShapeGrid grid;
    return grid;
  }
  Eigen::Index size() const { return log_prior_.size(); }
  /// Logarithm of each shape's prior probability.
  const Eigen::ArrayXd& log_prior() const { return log_prior_; }
  /// Value of shape i after x units.
  double value(Eigen::Index i, double x) const {
    return value_at(at_[static_cast<std::size_t>(i)], log2_of(x));
  }
  /// Every shape's value after x units.
  void values(double x, Eigen::ArrayXd& out) const;
  /// Every shape's largest value from x to `end` units.
  void best(double x, double end, Eigen::ArrayXd& out) const;

 private:
  using Function = std::function<double(double)>;
  // A form is tabulated over log2 z: a value takes one multiplication, whatever the form.
  static constexpr int octaves = 20, per_octave = 32;
  struct Form {
    std::vector<double> values;
    double peak;  ///< log2 z of its largest value; infinity where it only rises
  };
  struct At {
    std::size_t form;
    double log_scale;
  };

  ShapeGrid();
  void add(double weight, int scales_per_octave, const Function& shape);
  static double log2_of(double x) { return x > 0 ? std::log2(x) : -std::numeric_limits<double>::infinity(); }
  double at_log(const Form& form, double log_z) const;
  double value_at(const At& at, double log_x) const { return at_log(forms_[at.form], log_x - at.log_scale); }

  std::vector<Form> forms_;
  std::vector<At> at_;
  std::vector<double> weights_;
  Eigen::ArrayXd log_prior_;
};

namespace shapes_detail {

inline double rise_and_rest(double z, double p, double q) {
  const double s = std::pow(z, p);
  return std::isinf(q) ? 1 - std::exp(-s) : 1 - std::pow(1 + s / q, -q);
}

}  // namespace shapes_detail

inline ShapeGrid::ShapeGrid() {
  using shapes_detail::rise_and_rest;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const auto exponential = [](double z) { return 1 - std::exp(-z); };
  // Weights: bench/stopping, by the families and seeds that it tunes on.
  for (const double p : {.7, 1., 1.5, 2.5, 4.})
    for (const auto& [q, weight] : {std::pair(.5, .015), {1., .03}, {2.5, .04}, {infinity, .05}})
      add(weight, p > 2 ? 4 : 2, [p, tail = q](double z) { return rise_and_rest(z, p, tail); });
  for (const double part : {.45, .7})
    for (const double later : {3., 6., 12., 24.})
      add(.15 / 8, 4, [=](double z) {
        return part * exponential(z) + (1 - part) * rise_and_rest(z / later, 5, infinity);
      });
  for (const double depth : {.15, .4})
    for (const double at : {3., 8.})
      add(.02, 2, [=](double z) { return exponential(z) - depth * at * z * std::exp(1 - at * z); });
  for (const double back : {.1, .25})
    add(.2, 2, [=](double z) { return exponential(z) * (1 - back * (1 - std::exp(-z / 8))); });
  add(.15, 0, [](double) { return 0.; });

  log_prior_ = Eigen::Map<const Eigen::ArrayXd>(weights_.data(), static_cast<Eigen::Index>(weights_.size()));
  log_prior_ = (log_prior_ / log_prior_.sum()).log();
}

/// scales_per_octave 0: the form has no scale.
inline void ShapeGrid::add(double weight, int scales_per_octave, const Function& shape) {
  Form form{{}, std::numeric_limits<double>::infinity()};
  for (int i = -octaves * per_octave; i <= octaves * per_octave; ++i)
    form.values.push_back(shape(std::exp2(static_cast<double>(i) / per_octave)));
  const auto top = std::max_element(form.values.begin(), form.values.end());
  if (*top > form.values.back() + 1e-3)
    form.peak = static_cast<double>(top - form.values.begin()) / per_octave - octaves;
  forms_.push_back(std::move(form));
  const int count = (last_octave - first_octave) * scales_per_octave + 1;
  for (int i = 0; i < count; ++i) {
    at_.push_back(
        {forms_.size() - 1, first_octave + (i == 0 ? 0. : static_cast<double>(i) / scales_per_octave)});
    weights_.push_back(weight / count);
  }
}

inline double ShapeGrid::at_log(const Form& form, double log_z) const {
  if (log_z < -octaves) return 0;
  const double at = std::min((log_z + octaves) * per_octave, 2. * octaves * per_octave - 1e-6);
  const auto i = static_cast<std::size_t>(at);
  return form.values[i] + (at - static_cast<double>(i)) * (form.values[i + 1] - form.values[i]);
}

inline void ShapeGrid::values(double x, Eigen::ArrayXd& out) const {
  out.resize(size());
  const double log_x = log2_of(x);
  for (std::size_t i = 0; i < at_.size(); ++i) out[static_cast<Eigen::Index>(i)] = value_at(at_[i], log_x);
}

inline void ShapeGrid::best(double x, double end, Eigen::ArrayXd& out) const {
  out.resize(size());
  const double log_x = log2_of(x), log_end = log2_of(end);
  for (std::size_t i = 0; i < at_.size(); ++i) {
    const auto& at = at_[i];
    const double peak = forms_[at.form].peak + at.log_scale;
    double top = std::max(value_at(at, log_x), value_at(at, log_end));
    if (peak > log_x && peak < log_end) top = std::max(top, value_at(at, peak));
    out[static_cast<Eigen::Index>(i)] = top;
  }
}

}  // namespace ifstop
