#include "families.hpp"

#include <algorithm>
#include <cmath>

namespace stopping {
namespace {

using Curve = std::function<double(double)>;

Truth both(Curve curve) {
  return {curve, curve};
}

double sigmoid(double x) {
  return 1 / (1 + std::exp(-x));
}

struct Ends {
  double start, top;
};

Ends ends(Random& random) {
  return {random.uniform(.05, .5), random.uniform(.75, .98)};
}

/// start + (top − start)·shape(x)
Curve between(Ends e, Curve shape) {
  return [=](double x) { return e.start + (e.top - e.start) * shape(x); };
}

Curve exponential_shape(double scale) {
  return [=](double x) { return 1 - std::exp(-x / scale); };
}

Curve logistic_shape(double middle, double width) {
  return [=](double x) {
    const double at_0 = sigmoid(-middle / width);
    return (sigmoid((x - middle) / width) - at_0) / (1 - at_0);
  };
}

Truth exponential(Random& r) {
  const auto e = ends(r);
  return both(between(e, exponential_shape(r.log_uniform(500, 4000))));
}

Truth logistic(Random& r) {
  const auto e = ends(r);
  const double middle = r.log_uniform(1000, 6000);
  return both(between(e, logistic_shape(middle, middle * r.uniform(.1, .3))));
}

Truth two_phase(Random& r) {
  const auto e = ends(r);
  const double share = r.uniform(.4, .75), middle = r.log_uniform(3000, 9000);
  const auto first = exponential_shape(r.log_uniform(300, 1500));
  const auto second = logistic_shape(middle, middle * r.uniform(.08, .2));
  return both(between(e, [=](double x) { return share * first(x) + (1 - share) * second(x); }));
}

Truth slow_power(Random& r) {
  const auto e = ends(r);
  const double scale = r.log_uniform(300, 2500), power = r.uniform(.5, 1.2);
  return both(between(e, [=](double x) { return 1 - std::pow(1 + x / scale, -power); }));
}

Truth dipping(Random& r) {
  const auto e = ends(r);
  const double scale = r.log_uniform(700, 4000), depth = r.uniform(.05, .2), at = scale * r.uniform(.1, .4);
  const auto rise = between(e, exponential_shape(scale));
  return both([=](double x) { return std::max(.01, rise(x) - depth * x / at * std::exp(1 - x / at)); });
}

Truth overshooting(Random& r) {
  const auto e = ends(r);
  const double scale = r.log_uniform(500, 3000), fall = r.uniform(.04, .15), later = scale * r.uniform(4, 12);
  const auto rise = between(e, exponential_shape(scale));
  return both([=](double x) { return rise(x) - fall * (1 - std::exp(-x / later)); });
}

Truth flat(Random& r) {
  const double level = r.uniform(.1, .7);
  return both([=](double) { return level; });
}

Truth high(Random& r) {
  const double level = r.uniform(.88, .97), more = r.uniform(0, .025), scale = r.log_uniform(300, 3000);
  return both([=](double x) { return level + more * (1 - std::exp(-x / scale)); });
}

// Not used for tuning.

Truth gompertz(Random& r) {
  const auto e = ends(r);
  const double middle = r.log_uniform(700, 3500), rate = r.uniform(1.2, 3);
  const double at_0 = std::exp(-std::exp(rate));
  return both(between(
      e, [=](double x) { return (std::exp(-std::exp(-rate * (x / middle - 1))) - at_0) / (1 - at_0); }));
}

Truth hill(Random& r) {
  const auto e = ends(r);
  const double half = r.log_uniform(500, 3000), power = r.uniform(1.3, 4);
  return both(between(e, [=](double x) {
    const double z = std::pow(x / half, power);
    return z / (1 + z);
  }));
}

Truth ramp(Random& r) {
  const auto e = ends(r);
  const double from = r.uniform(0, 1500), to = from + r.log_uniform(800, 6000);
  return both(between(e, [=](double x) { return std::clamp((x - from) / (to - from), 0., 1.); }));
}

Truth stairs(Random& r) {
  const auto e = ends(r);
  const double step = r.log_uniform(400, 1500), width = step * r.uniform(.1, .25);
  return both(between(e, [=](double x) {
    return (sigmoid((x - step) / width) + sigmoid((x - 2 * step) / width) + sigmoid((x - 3 * step) / width)) /
           3;
  }));
}

Truth fast_and_slow(Random& r) {
  const auto e = ends(r);
  const double share = r.uniform(.4, .8), fast = r.log_uniform(200, 900), slow = r.log_uniform(1500, 6000);
  return both(between(
      e, [=](double x) { return 1 - share * std::exp(-x / fast) - (1 - share) * std::exp(-x / slow); }));
}

/// Full prompts are learned first, fragments later; every prompt at a time of its own.
Truth full_then_partial(Random& r) {
  const auto e = ends(r);
  const double first = r.log_uniform(500, 2000), later = first * r.uniform(1.5, 4),
               spread = r.uniform(.4, .9);
  const auto turned = [=](double at) {
    return [=](double x) { return x <= 0 ? 0. : .5 * std::erfc(-std::log(x / at) / spread * .7071); };
  };
  return {between({e.start, std::min(.99, e.top + .03)}, turned(first)),
          between({e.start * .7, e.top - .03}, turned(later))};
}

Truth rise_and_fall(Random& r) {
  const auto e = ends(r);
  const double middle = r.log_uniform(700, 3000), fall = r.uniform(.05, .25), from = middle * r.uniform(2, 5);
  const auto rise = between(e, logistic_shape(middle, middle * .2));
  return both(
      [=](double x) { return rise(x) - fall * std::max(0., 1 - std::exp(-(x - from) / (3 * from))); });
}

}  // namespace

const std::vector<Family>& families() {
  static const std::vector<Family> all{
      {"exponential", true, true, exponential},
      {"logistic", true, true, logistic},
      {"two-phase", true, true, two_phase},
      {"slow power law", true, true, slow_power},
      {"dipping", true, true, dipping},
      {"overshooting", true, true, overshooting},
      {"flat", false, true, flat},
      {"already high", false, true, high},
      {"Gompertz", true, false, gompertz},
      {"Hill", true, true, hill},
      {"ramp", true, true, ramp},
      {"three stairs", true, false, stairs},
      {"fast and slow", true, false, fast_and_slow},
      {"full, then partial", true, false, full_then_partial},
      {"rise and fall", true, false, rise_and_fall},
  };
  return all;
}

}  // namespace stopping
