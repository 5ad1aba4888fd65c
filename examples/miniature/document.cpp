#include "document.hpp"

#include "genres.hpp"

namespace miniature {

namespace {

struct Genre {
  std::size_t weight;  ///< of 100 passages
  std::string (Scribe::*write)();
};

constexpr Genre kGenres[] = {{28, &Scribe::article}, {13, &Scribe::forum},     {6, &Scribe::exam},
                             {6, &Scribe::list},     {20, &Scribe::questions}, {14, &Scribe::sections},
                             {4, &Scribe::opinions}, {3, &Scribe::steps},      {2, &Scribe::dialogue},
                             {1, &Scribe::guide},    {3, &Scribe::scraps}};

std::string passage(Rng& rng, Scribe& scribe) {
  std::size_t draw = rng.below(100);
  for (const Genre& genre : kGenres) {
    if (draw < genre.weight) return (scribe.*genre.write)();
    draw -= genre.weight;
  }
  return scribe.article();
}

}  // namespace

std::string document(Rng& rng) {
  const Topic topic = random_topic(rng, 0.14);
  Scribe scribe(rng, topic);
  std::string out = passage(rng, scribe);
  for (int more = rng.between(0, 3); more > 0 && !scribe.closed(); --more) {
    out += rng.chance(0.5) ? "\n" : "\n\n";
    out += passage(rng, scribe);
  }
  return out;
}

}  // namespace miniature
