#include "engine/ops/upsample2d.hpp"

#include "tests/engine/gradient_check.hpp"
#include "tests/engine/reference.hpp"

namespace kernelgarten::test {
namespace {

Index in_count(const Upsample2dParams& p) { return p.batch * p.height * p.row_size(); }

Floats forward(const Floats& in, const Upsample2dParams& params) {
  Floats out = poison(in_count(params) * params.factor * params.factor);
  upsample2d_forward(out.data(), in.data(), params);
  return out;
}

Floats backward(const Floats& d_out, const Upsample2dParams& params) {
  Floats d_in = poison(in_count(params));
  upsample2d_backward(d_in.data(), d_out.data(), params);
  return d_in;
}

/// Output by output, from where the formula says.
template <class T>
std::vector<T> plain(const std::vector<T>& in, const Upsample2dParams& p) {
  std::vector<T> out;
  for (Index n = 0; n < p.batch; ++n) {
    for (Index y = 0; y < p.height * p.factor; ++y) {
      for (Index x = 0; x < p.width * p.factor; ++x) {
        for (Index c = 0; c < p.channels; ++c) {
          const Index row = n * p.height + y / p.factor;
          out.push_back(
              in[static_cast<std::size_t>((row * p.width + x / p.factor) * p.channels + c)]);
        }
      }
    }
  }
  return out;
}

constexpr Upsample2dParams kShapes[] = {
    {2, 3, 2, 3, 2}, {1, 1, 5, 1, 3}, {1, 2, 2, 9, 1}, {0, 3, 3, 2, 2}};

}  // namespace

TEST_CASE("upsample2d: closed form") {
  const Upsample2dParams params{1, 2, 2, 1, 2};
  CHECK(forward({1, 2, 3, 4}, params) == Floats{1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4});
  CHECK(backward({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, params) ==
        Floats{14, 22, 46, 54});
}

TEST_CASE("upsample2d: equals the plain version, and its Jacobian") {
  for (const Upsample2dParams& params : kShapes) {
    CAPTURE(params.factor);
    const Floats in = random_values(in_count(params), 1);
    CHECK(forward(in, params) == plain(in, params));
    if (params.batch == 0) continue;
    check_jacobian([&](const Doubles& x) { return plain(x, params); },
                   [&](const Floats& d_out) { return backward(d_out, params); }, in);
  }
}

}  // namespace kernelgarten::test
