#include "engine/ops/activation.hpp"

#include <cstring>

#include "tests/engine/gradient_check.hpp"
#include "tests/engine/reference.hpp"

namespace kernelgarten::test {
namespace {

template <class Activation>
Floats forward(const Floats& in, Activation f) {
  Floats out = poison(static_cast<Index>(in.size()));
  activation_forward(out.data(), in.data(), static_cast<Index>(in.size()), f);
  return out;
}

template <class Activation>
Floats backward(const Floats& d_out, const Floats& out, Activation f) {
  Floats d_in = poison(static_cast<Index>(out.size()));
  activation_backward(d_in.data(), d_out.data(), out.data(), static_cast<Index>(out.size()), f);
  return d_in;
}

template <class Plain>
Doubles map_plain(const Doubles& in, Plain plain) {
  Doubles out(in.size());
  std::transform(in.begin(), in.end(), out.begin(), plain);
  return out;
}

/// Everything that holds for each activation: the values, the Jacobian, working in place.
template <class Activation, class Plain>
void check_activation(Activation f, Plain plain, double keep_off) {
  for (const Index count :
       {Index{0}, Index{1}, simd::kLanes - 1, simd::kLanes, 3 * simd::kLanes + 1, Index{1000}}) {
    const Floats in = random_values(count, 1, -10.0f, 10.0f);
    check_close(forward(in, f), map_plain(widen(in), plain), 1e-6);
  }
  const Floats in = random_values(2 * simd::kLanes + 3, 2, -3.0f, 3.0f);
  const Floats out = forward(in, f);
  check_jacobian([&](const Doubles& x) { return map_plain(x, plain); },
                 [&](const Floats& d_out) { return backward(d_out, out, f); }, in,
                 {.keep_off = keep_off});

  const Index count = static_cast<Index>(in.size());
  Floats values = in;
  activation_forward(values.data(), values.data(), count, f);
  CHECK(values == out);
  const Floats d_out = random_values(count, 3);
  Floats gradient = d_out;
  activation_backward(gradient.data(), gradient.data(), out.data(), count, f);
  CHECK(gradient == backward(d_out, out, f));

  for (Index i = 0; i <= simd::kLanes; ++i) {
    Floats spoiled = filled(simd::kLanes + 1, 0.5f);
    spoiled[static_cast<std::size_t>(i)] = kNaN;
    CHECK(std::isnan(forward(spoiled, f)[static_cast<std::size_t>(i)]));
  }
}

}  // namespace

TEST_CASE("relu") {
  check_activation(Relu{}, reference::relu<double>, 1e-3);
  CHECK(forward({-2, -0.5f, 0, 0.5f, 2, -kInfinity, kInfinity}, Relu{}) ==
        Floats{0, 0, 0, 0.5f, 2, 0, kInfinity});
  CHECK(backward({1, 2, 3}, {0, 0.5f, 2}, Relu{}) == Floats{0, 2, 3});
}

TEST_CASE("leaky_relu") {
  check_activation(LeakyRelu{0.2f}, [](double x) { return reference::leaky_relu(x, 0.2); }, 1e-3);
  check_activation(LeakyRelu{0.0f}, reference::relu<double>, 1e-3);
  CHECK(forward({-2, 0, 2}, LeakyRelu{0.25f}) == Floats{-0.5f, 0, 2});
  CHECK(backward({1, 1, 1}, {-0.5f, 0, 2}, LeakyRelu{0.25f}) == Floats{0.25f, 0.25f, 1});
}

TEST_CASE("sigmoid") {
  check_activation(Sigmoid{}, reference::sigmoid<double>, 0.0);
  CHECK(forward({0, 1000, -1000, kInfinity, -kInfinity}, Sigmoid{}) == Floats{0.5f, 1, 0, 1, 0});
  CHECK(backward({8}, {0.5f}, Sigmoid{}) == Floats{2});
}

TEST_CASE("tanh") {
  check_activation(Tanh{}, [](double x) { return std::tanh(x); }, 0.0);
  CHECK(forward({0, 1000, -1000, kInfinity, -kInfinity}, Tanh{}) == Floats{0, 1, -1, 1, -1});
  CHECK(backward({4}, {0.5f}, Tanh{}) == Floats{3});
}

}  // namespace kernelgarten::test
