#include "engine/init/initializer.hpp"

#include "tests/engine/values.hpp"

namespace kernelgarten::test {
namespace {

constexpr Index kCount = 60000;
constexpr Fan kFan{300, 100};

Floats drawn(const Initializer& initializer, std::uint32_t seed = 1, Index count = kCount) {
  Floats values = poison(count);
  Random random(seed);
  initialize(values, initializer, kFan, random);
  return values;
}

struct Moments {
  double mean = 0.0, variance = 0.0, largest = 0.0, kurtosis = 0.0;

  explicit Moments(const Floats& values) {
    const double count = static_cast<double>(values.size());
    for (const float value : values) mean += static_cast<double>(value) / count;
    double fourth = 0.0;
    for (const float value : values) {
      const double distance = static_cast<double>(value) - mean;
      variance += distance * distance / count;
      fourth += distance * distance * distance * distance / count;
      largest = std::max(largest, std::fabs(static_cast<double>(value)));
    }
    kurtosis = fourth / (variance * variance);
  }
};

/// Mean 0 and the given variance; kurtosis 3 tells a normal draw from a uniform one's 1.8.
void check_distribution(InitializerKind kind, double scale, double variance, double kurtosis) {
  const Moments moments(drawn({kind, scale}));
  CHECK(std::fabs(moments.mean) < 5.0 * std::sqrt(variance / static_cast<double>(kCount)));
  CHECK(moments.variance == doctest::Approx(variance).epsilon(0.03));
  CHECK(moments.kurtosis == doctest::Approx(kurtosis).epsilon(0.05));
  if (kurtosis < 2.0) {
    CHECK(moments.largest <= std::sqrt(3.0 * variance) * (1.0 + 1e-6));
    CHECK(moments.largest > std::sqrt(3.0 * variance) * 0.999);
  }
}

constexpr double kNormalKurtosis = 3.0, kUniformKurtosis = 1.8;

}  // namespace

TEST_CASE("initializer: zeros and constant") {
  CHECK(drawn({InitializerKind::kZeros, 5.0}, 1, 7) == filled(7, 0.0f));
  CHECK(drawn({InitializerKind::kConstant, 0.1}, 1, 7) == filled(7, 0.1f));
  CHECK(drawn({InitializerKind::kNormal, 0.01}, 1, 0).empty());
}

TEST_CASE("initializer: normal and uniform by their scale") {
  check_distribution(InitializerKind::kNormal, 0.01, 1e-4, kNormalKurtosis);
  check_distribution(InitializerKind::kUniform, 0.5, 0.25 / 3.0, kUniformKurtosis);
}

TEST_CASE("initializer: Glorot by both fans, He by fan in") {
  const double glorot = 2.0 / 400.0, he = 2.0 / 300.0;
  check_distribution(InitializerKind::kGlorotNormal, 0.0, glorot, kNormalKurtosis);
  check_distribution(InitializerKind::kGlorotUniform, 0.0, glorot, kUniformKurtosis);
  check_distribution(InitializerKind::kHeNormal, 0.0, he, kNormalKurtosis);
  check_distribution(InitializerKind::kHeUniform, 0.0, he, kUniformKurtosis);
}

TEST_CASE("initializer: its random numbers decide, and nothing else") {
  const Initializer initializer{InitializerKind::kHeNormal};
  CHECK(drawn(initializer, 3, 100) == drawn(initializer, 3, 100));
  CHECK(drawn(initializer, 3, 100) != drawn(initializer, 4, 100));
}

namespace {

/// Element (i, j) of the product of a [n, m] matrix's transpose with itself, or of the matrix with
/// its transpose: the matrix begins at `first` in rows of `columns` numbers.
double gram(const Floats& values, Index columns, Index first, Fan fan, Index i, Index j) {
  const bool tall = fan.in >= fan.out;
  double sum = 0.0;
  for (Index p = 0; p < (tall ? fan.in : fan.out); ++p) {
    const auto at = [&](Index vector) {
      const Index place = tall ? p * columns + first + vector : vector * columns + first + p;
      return static_cast<double>(values[static_cast<std::size_t>(place)]);
    };
    sum += at(i) * at(j);
  }
  return sum;
}

}  // namespace

TEST_CASE("initializer: orthogonal matrices, one for each gate") {
  for (const Fan fan : {Fan{6, 6}, Fan{9, 4}, Fan{3, 8}, Fan{1, 1}}) {
    const Index gates = 3, columns = gates * fan.out;
    Floats values = poison(fan.in * columns);
    Random random(1);
    initialize(values, {InitializerKind::kOrthogonal}, fan, random);
    for (Index gate = 0; gate < gates; ++gate) {
      for (Index i = 0; i < std::min(fan.in, fan.out); ++i) {
        for (Index j = 0; j <= i; ++j) {
          CHECK(gram(values, columns, gate * fan.out, fan, i, j) ==
                doctest::Approx(i == j ? 1.0 : 0.0).epsilon(1e-6));
        }
      }
    }
    if (fan.in > 1) CHECK(values[0] != values[static_cast<std::size_t>(fan.out)]);
  }
}

}  // namespace kernelgarten::test
