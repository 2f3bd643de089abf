#include "engine/ops/softmax.hpp"

#include <numeric>

#include "tests/engine/gradient_check.hpp"
#include "tests/engine/reference.hpp"

namespace kernelgarten::test {
namespace {

Floats softmax(const Floats& in, Index columns) {
  Floats out = poison(static_cast<Index>(in.size()));
  softmax_forward(out.data(), in.data(), static_cast<Index>(in.size()) / columns, columns);
  return out;
}

}  // namespace

TEST_CASE("softmax: closed form") {
  check_close(softmax({0, std::log(2.0f), std::log(3.0f), 5, 5, 5}, 3),
              Doubles{1.0 / 6, 2.0 / 6, 3.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 3}, 1e-6);
  CHECK(softmax({-123.0f}, 1) == Floats{1});
}

TEST_CASE("softmax: equals the plain version on odd shapes, and every row sums to 1") {
  for (const Index rows : {0, 1, 3, 20}) {
    for (const Index columns : {1, 2, 7, 10, 16, 67}) {
      const Floats in = random_values(rows * columns, 1, -20.0f, 20.0f);
      const Floats out = softmax(in, columns);
      check_close(out, reference::softmax(widen(in), columns), 1e-6);
      for (Index row = 0; row < rows; ++row) {
        const auto begin = out.begin() + row * columns;
        CHECK(std::accumulate(begin, begin + columns, 0.0) == doctest::Approx(1.0).epsilon(1e-6));
      }
    }
  }
}

TEST_CASE("softmax: a shift changes nothing, extremes stay finite") {
  CHECK(softmax({1, 2, 3, 1e6f + 1, 1e6f + 2, 1e6f + 3}, 3) == softmax({1, 2, 3, 1, 2, 3}, 3));
  CHECK(softmax({3e38f, -3e38f, 0}, 3) == Floats{1, 0, 0});
  CHECK(softmax({-3e38f, -3e38f}, 2) == Floats{0.5f, 0.5f});
}

TEST_CASE("softmax: a NaN spoils its row and no other") {
  const Floats out = softmax({1, kNaN, 2, 1, 2, 3}, 3);
  CHECK(std::isnan(out[1]));
  for (std::size_t j = 3; j < 6; ++j) CHECK(std::isfinite(out[j]));
}

TEST_CASE("softmax: Jacobian") {
  for (const Index columns : {1, 3, 11}) {
    const Floats in = random_values(2 * columns, 4, -2.0f, 2.0f);
    const Floats out = softmax(in, columns);
    check_jacobian([&](const Doubles& x) { return reference::softmax(x, columns); },
                   [&](const Floats& d_out) {
                     Floats d_in = poison(2 * columns);
                     softmax_backward(d_in.data(), d_out.data(), out.data(), 2, columns);
                     return d_in;
                   },
                   in);
  }
}

}  // namespace kernelgarten::test
