#include "engine/ops/batch_norm.hpp"

#include "tests/engine/gradient_check.hpp"
#include "tests/engine/reference.hpp"
#include "tests/engine/threads.hpp"

namespace kernelgarten::test {
namespace {

constexpr float kEpsilon = 1e-5f;

/// One set of inputs and running statistics, and both modes over it.
struct Norm {
  BatchNormParams params;
  Floats in, scale, shift, running_mean, running_variance;
  Floats out, mean, inverse_std;

  Norm(Index rows, Index channels, float centre = 0.0f)
      : params{rows, channels, kEpsilon, 0.1f},
        in(random_values(rows * channels, 1, centre - 1.0f, centre + 1.0f)),
        scale(random_values(channels, 2, 0.5f, 2.0f)),
        shift(random_values(channels, 3)),
        running_mean(random_values(channels, 4)),
        running_variance(random_values(channels, 5, 0.5f, 2.0f)),
        out(poison(rows * channels)),
        mean(poison(channels)),
        inverse_std(poison(channels)) {}

  void forward(ThreadPool& pool = one_thread()) {
    batch_norm_forward(out.data(), mean.data(), inverse_std.data(), running_mean.data(),
                       running_variance.data(), in.data(), scale.data(), shift.data(), params,
                       ScratchBuffer(batch_norm_scratch_size(params)), pool);
  }
  void inference() {
    batch_norm_inference(out.data(), in.data(), running_mean.data(), running_variance.data(),
                         scale.data(), shift.data(), params,
                         ScratchBuffer(batch_norm_scratch_size(params)));
  }
  Doubles expected() const {
    return reference::batch_norm<double>(widen(in), widen(scale), widen(shift), kEpsilon);
  }
};

struct NormGradients {
  Floats d_in, d_scale, d_shift;

  explicit NormGradients(const Norm& norm)
      : d_in(poison(static_cast<Index>(norm.in.size()))),
        d_scale(norm.scale.size(), 0.0f),
        d_shift(norm.scale.size(), 0.0f) {}

  NormGradients& add(const Norm& norm, const Floats& d_out, ThreadPool& pool = one_thread()) {
    batch_norm_backward(d_in.data(), d_scale.data(), d_shift.data(), d_out.data(), norm.in.data(),
                        norm.scale.data(), norm.mean.data(), norm.inverse_std.data(), norm.params,
                        ScratchBuffer(batch_norm_scratch_size(norm.params)), pool);
    return *this;
  }
  NormGradients& add_inference(const Norm& norm, const Floats& d_out) {
    batch_norm_inference_backward(d_in.data(), d_scale.data(), d_shift.data(), d_out.data(),
                                  norm.in.data(), norm.scale.data(), norm.running_mean.data(),
                                  norm.running_variance.data(), norm.params,
                                  ScratchBuffer(batch_norm_scratch_size(norm.params)));
    return *this;
  }
};

}  // namespace

TEST_CASE("batch_norm: closed form") {
  Norm norm(2, 1);
  norm.in = {1, 3};
  norm.scale = {2};
  norm.shift = {10};
  norm.running_mean = {0};
  norm.running_variance = {1};
  norm.forward();
  check_close(norm.out, Floats{8, 12}, 2e-5);
  CHECK(norm.mean[0] == 2.0f);
  CHECK(norm.inverse_std[0] == doctest::Approx(1.0 / std::sqrt(1.0 + 1e-5)));
  CHECK(norm.running_mean[0] == doctest::Approx(0.2));
  CHECK(norm.running_variance[0] == doctest::Approx(0.9 + 0.1 * 2.0));
}

TEST_CASE("batch_norm: a channel that does not vary becomes its shift, and pushes nothing back") {
  Norm norm(6, 2);
  norm.in = {3, 7, 3, 7, 3, 7, 3, 7, 3, 7, 3, 7};
  norm.forward();
  for (std::size_t i = 0; i < norm.out.size(); ++i) CHECK(norm.out[i] == norm.shift[i % 2]);
  const NormGradients gradients = NormGradients(norm).add(norm, filled(12, 1.0f));
  check_close(gradients.d_in, Doubles(12, 0.0), 1e-4);
}

TEST_CASE("batch_norm: one row gives the shift, and a running variance that is finite") {
  Norm norm(1, 3);
  norm.forward();
  CHECK(norm.out == norm.shift);
  for (const float variance : norm.running_variance) CHECK(std::isfinite(variance));
}

TEST_CASE("batch_norm: equals the plain version on odd shapes") {
  for (const Index rows : {1, 2, 5, 64, 129}) {
    for (const Index channels : {1, 3, 8, 33}) {
      CAPTURE(rows);
      CAPTURE(channels);
      Norm norm(rows, channels);
      const Norm before = norm;
      norm.forward();
      check_close(norm.out, norm.expected(), rows == 2 ? 1e-3 : 3e-5);
      const Doubles means = reference::column_means(widen(norm.in), channels);
      check_close(norm.mean, means, 1e-6);

      Doubles running = reference::column_variances(widen(norm.in), channels);
      for (std::size_t c = 0; c < running.size(); ++c) {
        const double unbiased =
            rows > 1 ? static_cast<double>(rows) / static_cast<double>(rows - 1) : 1.0;
        running[c] = 0.9 * before.running_variance[c] + 0.1 * unbiased * running[c];
      }
      check_close(norm.running_variance, running, 1e-6);
    }
  }
}

TEST_CASE("batch_norm: a mean far from zero does not drown the variance") {
  Norm norm(256, 5, 1000.0f);
  norm.forward();
  check_close(norm.out, norm.expected(), 2e-3);
}

TEST_CASE("batch_norm: inference uses the running statistics and leaves them") {
  for (const Index rows : {0, 1, 7}) {
    Norm norm(rows, 9);
    const Norm before = norm;
    norm.inference();
    check_close(norm.out,
                reference::normalise<double>(widen(norm.in), widen(norm.running_mean),
                                             widen(norm.running_variance), widen(norm.scale),
                                             widen(norm.shift), kEpsilon),
                1e-5);
    CHECK(norm.running_mean == before.running_mean);
    CHECK(norm.running_variance == before.running_variance);
  }
}

TEST_CASE("batch_norm: Jacobian of the input, the scale and the shift, in training") {
  for (const Index channels : {1, 3}) {
    Norm norm(5, channels);
    norm.forward();
    const Doubles in = widen(norm.in), scale = widen(norm.scale), shift = widen(norm.shift);
    const double epsilon = kEpsilon;
    check_jacobian(
        [&](const Doubles& x) { return reference::batch_norm(x, scale, shift, epsilon); },
        [&](const Floats& d_out) { return NormGradients(norm).add(norm, d_out).d_in; }, norm.in);
    check_jacobian(
        [&](const Doubles& s) { return reference::batch_norm(in, s, shift, epsilon); },
        [&](const Floats& d_out) { return NormGradients(norm).add(norm, d_out).d_scale; },
        norm.scale);
    check_jacobian(
        [&](const Doubles& s) { return reference::batch_norm(in, scale, s, epsilon); },
        [&](const Floats& d_out) { return NormGradients(norm).add(norm, d_out).d_shift; },
        norm.shift);
  }
}

TEST_CASE("batch_norm: Jacobian of the input, the scale and the shift, in inference") {
  const Norm norm(4, 3);
  const Doubles in = widen(norm.in), scale = widen(norm.scale), shift = widen(norm.shift);
  const auto normalise = [&](const Doubles& x, const Doubles& factor, const Doubles& offset) {
    return reference::normalise<double>(x, widen(norm.running_mean), widen(norm.running_variance),
                                        factor, offset, kEpsilon);
  };
  check_jacobian(
      [&](const Doubles& x) { return normalise(x, scale, shift); },
      [&](const Floats& d_out) { return NormGradients(norm).add_inference(norm, d_out).d_in; },
      norm.in);
  check_jacobian(
      [&](const Doubles& s) { return normalise(in, s, shift); },
      [&](const Floats& d_out) { return NormGradients(norm).add_inference(norm, d_out).d_scale; },
      norm.scale);
  check_jacobian(
      [&](const Doubles& s) { return normalise(in, scale, s); },
      [&](const Floats& d_out) { return NormGradients(norm).add_inference(norm, d_out).d_shift; },
      norm.shift);
}

TEST_CASE("batch_norm: parameter gradients add up, the input's is written") {
  Norm norm(5, 3);
  norm.forward();
  const Floats d_out = random_values(15, 9);
  const NormGradients once = NormGradients(norm).add(norm, d_out);
  const NormGradients twice = NormGradients(once).add(norm, d_out);
  CHECK(twice.d_in == once.d_in);
  const NormGradients inference = NormGradients(norm).add_inference(norm, d_out);
  const NormGradients inference_twice = NormGradients(inference).add_inference(norm, d_out);
  CHECK(inference_twice.d_in == inference.d_in);
  for (std::size_t c = 0; c < 3; ++c) {
    CHECK(twice.d_scale[c] == doctest::Approx(2.0f * once.d_scale[c]));
    CHECK(twice.d_shift[c] == doctest::Approx(2.0f * once.d_shift[c]));
    CHECK(inference_twice.d_scale[c] == doctest::Approx(2.0f * inference.d_scale[c]));
    CHECK(inference_twice.d_shift[c] == doctest::Approx(2.0f * inference.d_shift[c]));
  }
}

TEST_CASE(
    "batch_norm: in blocks of rows it equals the plain version, bit for bit the same with any "
    "number of threads") {
  // Two blocks, seven, and eight of odd sizes.
  for (const Index rows : {2731, 9600, 15001}) {
    CAPTURE(rows);
    Norm alone(rows, 24);
    const Norm fresh = alone;
    const Floats d_out = random_values(rows * 24, 9);
    alone.forward();
    check_close(alone.out, alone.expected(), 3e-5);
    const NormGradients gradients = NormGradients(alone).add(alone, d_out);
    for (const int threads : kThreadCounts) {
      CAPTURE(threads);
      ThreadPool pool(threads);
      Norm norm = fresh;
      norm.forward(pool);
      CHECK(norm.out == alone.out);
      CHECK(norm.mean == alone.mean);
      CHECK(norm.inverse_std == alone.inverse_std);
      CHECK(norm.running_mean == alone.running_mean);
      CHECK(norm.running_variance == alone.running_variance);
      const NormGradients same = NormGradients(norm).add(norm, d_out, pool);
      CHECK(same.d_in == gradients.d_in);
      CHECK(same.d_scale == gradients.d_scale);
      CHECK(same.d_shift == gradients.d_shift);
    }
  }
}

TEST_CASE("batch_norm: the way back in blocks of rows equals the formula") {
  constexpr Index kRows = 6001, kChannels = 24;
  Norm norm(kRows, kChannels);
  norm.forward();
  const Floats d_out = random_values(kRows * kChannels, 9);
  const NormGradients gradients = NormGradients(norm).add(norm, d_out);
  Doubles d_scale(kChannels), d_shift(kChannels), d_in(norm.in.size());
  const auto normalised = [&](std::size_t i) {
    const std::size_t c = i % kChannels;
    return (static_cast<double>(norm.in[i]) - static_cast<double>(norm.mean[c])) *
           static_cast<double>(norm.inverse_std[c]);
  };
  for (std::size_t i = 0; i < d_out.size(); ++i) {
    d_shift[i % kChannels] += static_cast<double>(d_out[i]);
    d_scale[i % kChannels] += static_cast<double>(d_out[i]) * normalised(i);
  }
  for (std::size_t i = 0; i < d_in.size(); ++i) {
    const std::size_t c = i % kChannels;
    const double common = (d_shift[c] + normalised(i) * d_scale[c]) / kRows;
    d_in[i] = static_cast<double>(norm.scale[c]) * static_cast<double>(norm.inverse_std[c]) *
              (static_cast<double>(d_out[i]) - common);
  }
  check_close(gradients.d_scale, d_scale, 5e-5);
  check_close(gradients.d_shift, d_shift, 5e-5);
  check_close(gradients.d_in, d_in, 1e-5);
}

}  // namespace kernelgarten::test
