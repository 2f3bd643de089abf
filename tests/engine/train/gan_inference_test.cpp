#include "engine/train/gan_inference.hpp"

#include "tests/engine/gradient_check.hpp"
#include "tests/engine/threads.hpp"
#include "tests/engine/train/gan_setups.hpp"

namespace kernelgarten::test {
namespace {

using Labels = std::vector<std::int32_t>;

constexpr std::array kAllLosses{AdversarialLoss::kMinimax, AdversarialLoss::kNonSaturating,
                                AdversarialLoss::kLeastSquares, AdversarialLoss::kHinge};

GanTrainingSpec with_loss(GanTrainingSpec training, AdversarialLoss loss) {
  training.loss = loss;
  return training;
}

/// From the discriminator's parameters and inputs in double: dense, tanh, dense.
double smooth_output(const Floats& parameters, const Doubles& x, std::size_t units,
                     std::size_t outputs, std::size_t place) {
  const Doubles p = widen(parameters);
  const std::size_t inputs = x.size();
  const std::size_t bias = inputs * units, second = bias + units;
  double sum = p[second + units * outputs + place];
  for (std::size_t j = 0; j < units; ++j) {
    double hidden = p[bias + j];
    for (std::size_t i = 0; i < inputs; ++i) hidden += x[i] * p[i * units + j];
    sum += std::tanh(hidden) * p[second + j * outputs + place];
  }
  return sum;
}

double loss_of_generator(double z, AdversarialLoss loss) {
  switch (loss) {
    case AdversarialLoss::kMinimax:
      return -std::log1p(std::exp(z));
    case AdversarialLoss::kLeastSquares:
      return (z - 1.0) * (z - 1.0) / 2.0;
    case AdversarialLoss::kHinge:
      return -z;
    default:
      return std::log1p(std::exp(-z));
  }
}

}  // namespace

TEST_CASE("gan inference: gradients of examples are those of the generator's loss on each alone") {
  const NetworkSpec spec{{2}, {DenseSpec{5}, TanhSpec{}, DenseSpec{1}}, 3};
  const Floats points = random_values(8, 4);
  for (const AdversarialLoss loss : kAllLosses) {
    CAPTURE(static_cast<int>(loss));
    Gan gan(ring(200), point_generator(), spec, with_loss(point_training(), loss));
    const auto all = gan.discriminator().parameters();
    const Floats parameters(all.begin(), all.end());
    const Floats gradients = gan.inference().example_gradients(points, {});
    for (std::size_t i = 0; i < points.size(); i += 2) {
      check_jacobian(
          [&](const Doubles& x) {
            return Doubles{loss_of_generator(smooth_output(parameters, x, 5, 1, 0), loss)};
          },
          [&](const Floats&) { return Floats{gradients[i], gradients[i + 1]}; },
          {points[i], points[i + 1]});
    }
  }
}

TEST_CASE("gan inference: of a class its own output counts, in verdicts and gradients") {
  const NetworkSpec spec{{2}, {DenseSpec{5}, TanhSpec{}, DenseSpec{2}}, 3};
  const AdversarialLoss loss = AdversarialLoss::kLeastSquares;
  Gan gan(std::make_shared<TwoClasses>(), class_generator(), spec,
          with_loss(class_training(), loss));
  const auto all = gan.discriminator().parameters();
  const Floats parameters(all.begin(), all.end());
  const Floats example{0.3f, -0.7f};
  for (const std::int32_t label : {0, 1}) {
    const auto output = [&](const Doubles& x) {
      return smooth_output(parameters, x, 5, 2, static_cast<std::size_t>(label));
    };
    const double z = output(widen(example));
    CHECK(gan.inference().discriminate(example, Labels{label})[0] ==
          doctest::Approx(std::clamp(z, 0.0, 1.0)).epsilon(1e-5));
    check_jacobian(
        [&](const Doubles& x) { return Doubles{loss_of_generator(output(x), loss)}; },
        [&](const Floats&) { return gan.inference().example_gradients(example, Labels{label}); },
        example);
  }
}

TEST_CASE("gan inference: in use, batch normalisation goes by its running statistics") {
  Gan gan = point_gan();
  play(gan, 10);
  const Floats noise = gan.fixed_noise(9);
  const Floats together = gan.inference().generate(noise, {});
  const Floats verdicts = gan.inference().discriminate(together, {});
  Floats apart, verdicts_apart;
  for (std::size_t i = 0; i < 9; ++i) {
    const Floats one = gan.inference().generate(std::span(noise).subspan(4 * i, 4), {});
    apart.insert(apart.end(), one.begin(), one.end());
    verdicts_apart.push_back(gan.inference().discriminate(one, {})[0]);
  }
  check_close(apart, together, 2e-6);
  check_close(verdicts_apart, verdicts, 2e-6);
}

TEST_CASE("gan inference: the number of threads changes no bit") {
  Gan alone = point_gan();
  play(alone, 3);
  const Floats noise = alone.fixed_noise(100);
  const Floats samples = alone.inference().generate(noise, {});
  const Floats verdicts = alone.inference().discriminate(samples, {});
  for (const int threads : kThreadCounts) {
    Gan gan = point_gan(point_training(), threads);
    play(gan, 3);
    CHECK(gan.inference().generate(noise, {}) == samples);
    CHECK(gan.inference().discriminate(samples, {}) == verdicts);
  }
}

TEST_CASE("gan inference: fixed noise is that of the seed, at any time") {
  Gan gan = point_gan();
  const Floats noise = gan.fixed_noise(30), fewer = gan.fixed_noise(7);
  REQUIRE(noise.size() == 120);
  CHECK(Floats(noise.begin(), noise.begin() + 28) == fewer);
  play(gan, 2);
  CHECK(gan.fixed_noise(30) == noise);
  GanTrainingSpec training = point_training();
  training.seed = 2;
  CHECK(point_gan(training).fixed_noise(30) != noise);
  CHECK(gan.fixed_noise(0).empty());
  // Of a class it is the noise alone.
  CHECK(class_gan().fixed_noise(3).size() == 6);
}

TEST_CASE("gan inference: nothing asked, nothing said") {
  Gan gan = point_gan();
  CHECK(gan.inference().generate({}, {}).empty());
  CHECK(gan.inference().discriminate({}, {}).empty());
  CHECK(gan.inference().example_gradients({}, {}).empty());
}

TEST_CASE("gan inference: numbers and labels that do not fit are refused") {
  Gan gan = point_gan(), conditional = class_gan();
  GanInference &plain = gan.inference(), &of_class = conditional.inference();
  CHECK_THROWS_WITH_AS(plain.generate(Floats(7), {}),
                       "[noise] expected 4 numbers for each example, got 7", InvalidArgument);
  CHECK_THROWS_WITH_AS(plain.discriminate(Floats(3), {}),
                       "[examples] expected 2 numbers for each example, got 3", InvalidArgument);
  CHECK_THROWS_WITH_AS(plain.example_gradients(Floats(3), {}),
                       "[examples] expected 2 numbers for each example, got 3", InvalidArgument);
  CHECK_THROWS_WITH_AS(plain.generate(Floats(8), Labels{0, 0}), "[noise] expected 0 labels, got 2",
                       InvalidArgument);
  CHECK_THROWS_WITH_AS(of_class.generate(Floats(4), Labels{0}), "[noise] expected 2 labels, got 1",
                       InvalidArgument);
  CHECK_THROWS_WITH_AS(of_class.discriminate(Floats(4), {}), "[examples] expected 2 labels, got 0",
                       InvalidArgument);
  for (const std::int32_t label : {-1, 2}) {
    CHECK_THROWS_WITH_AS(of_class.example_gradients(Floats(4), Labels{0, label}),
                         doctest::Contains("[examples] expected labels from 0 to 1, got "),
                         InvalidArgument);
  }
  for (const Index count : {Index{-1}, Index{(1 << 16) + 1}}) {
    CHECK_THROWS_WITH_AS(gan.fixed_noise(count),
                         doctest::Contains("[noise] expected 0 to 65536 examples, got "),
                         InvalidArgument);
  }
}

}  // namespace kernelgarten::test
