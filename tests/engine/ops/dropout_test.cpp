#include "engine/ops/dropout.hpp"

#include <numeric>

#include "tests/engine/gradient_check.hpp"

namespace kernelgarten::test {
namespace {

struct Dropped {
  Floats out, mask;

  Dropped(const Floats& in, float rate, std::uint32_t seed, std::uint64_t stream, Index first = 0)
      : out(poison(static_cast<Index>(in.size()))), mask(out) {
    dropout_forward(out.data(), mask.data(), in.data(), first, static_cast<Index>(in.size()), rate,
                    seed, stream);
  }
};

double mean_of(const Floats& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

TEST_CASE("dropout: each value is dropped or scaled by 1 / (1 - rate)") {
  for (const float rate : {0.1f, 0.25f, 0.5f, 0.9f}) {
    const Index count = 40000;
    const Floats in = random_values(count, 1, 0.5f, 1.5f);
    const Dropped dropped(in, rate, 7, 3);
    Index zeros = 0;
    bool consistent = true;
    for (std::size_t i = 0; i < in.size(); ++i) {
      zeros += dropped.mask[i] == 0.0f;
      consistent = consistent && dropped.out[i] == in[i] * dropped.mask[i] &&
                   (dropped.mask[i] == 0.0f || dropped.mask[i] == 1.0f / (1.0f - rate));
    }
    CHECK(consistent);
    // Five standard deviations of a binomial share and of the mean.
    const double p = static_cast<double>(rate);
    const double share = static_cast<double>(zeros) / static_cast<double>(count);
    const double spread = std::sqrt(p * (1.0 - p) / static_cast<double>(count));
    CHECK(std::fabs(share - p) < 5.0 * spread);
    CHECK(std::fabs(mean_of(dropped.mask) - 1.0) < 5.0 * spread / (1.0 - p));
  }
}

TEST_CASE("dropout: rate 0 changes nothing") {
  const Floats in = random_values(37, 1);
  const Dropped dropped(in, 0.0f, 7, 3);
  CHECK(dropped.out == in);
  CHECK(dropped.mask == filled(37, 1.0f));
}

TEST_CASE("dropout: a batch in parts gets the mask of the whole") {
  const Dropped whole(filled(100, 1.0f), 0.5f, 7, 3);
  for (const Index first : {1, 4, 37, 99}) {
    const Dropped rest(filled(100 - first, 1.0f), 0.5f, 7, 3, first);
    CHECK(rest.mask == Floats(whole.mask.begin() + first, whole.mask.end()));
  }
}

TEST_CASE("dropout: the mask depends on seed, stream and place, and on nothing else") {
  const Floats in = filled(100, 1.0f), longer = filled(150, 2.0f);
  const Dropped dropped(in, 0.5f, 7, 3);
  CHECK(Dropped(in, 0.5f, 7, 3).mask == dropped.mask);
  CHECK(Dropped(in, 0.5f, 8, 3).mask != dropped.mask);
  CHECK(Dropped(in, 0.5f, 7, 4).mask != dropped.mask);
  Floats beginning = Dropped(longer, 0.5f, 7, 3).mask;
  beginning.resize(in.size());
  CHECK(beginning == dropped.mask);
}

TEST_CASE("dropout: Jacobian") {
  const Floats in = random_values(21, 1);
  const Dropped dropped(in, 0.4f, 7, 3);
  check_jacobian(
      [&](const Doubles& x) {
        Doubles out(x.size());
        for (std::size_t i = 0; i < x.size(); ++i) out[i] = x[i] * dropped.mask[i];
        return out;
      },
      [&](const Floats& d_out) {
        Floats d_in = poison(static_cast<Index>(in.size()));
        dropout_backward(d_in.data(), d_out.data(), dropped.mask.data(),
                         static_cast<Index>(in.size()));
        return d_in;
      },
      in);
}

TEST_CASE("dropout: nothing in, nothing out") { CHECK(Dropped({}, 0.5f, 1, 1).out.empty()); }

}  // namespace kernelgarten::test
