#include "engine/simd/loops.hpp"

#include "tests/engine/values.hpp"

namespace kernelgarten::test {
namespace {

constexpr Index kLongest = 3 * simd::kLanes + 1;

/// check(length, offset) for every length up to three packs and a tail, at every misalignment.
template <class Check>
void for_each_length(Check check) {
  for (Index count = 0; count <= kLongest; ++count) {
    for (const Index offset : {0, 1, 2, 3}) {
      CAPTURE(count);
      CAPTURE(offset);
      check(count, offset);
    }
  }
}

Floats part(const Floats& values, Index offset, Index count) {
  return Floats(values.begin() + offset, values.begin() + offset + count);
}

}  // namespace

TEST_CASE("loops: map writes exactly its range, at any alignment, in place too") {
  for_each_length([](Index count, Index offset) {
    const Floats a = random_values(count + offset, 1);
    const auto f = [](auto x) { return x * x + decltype(x)(1.0f); };
    Floats expected = filled(count + offset + 1, -7.0f);
    for (Index i = 0; i < count; ++i) {
      const float x = a[static_cast<std::size_t>(offset + i)];
      expected[static_cast<std::size_t>(offset + i)] = f(x);
    }
    Floats out = filled(count + offset + 1, -7.0f);
    simd::map(out.data() + offset, a.data() + offset, count, f);
    CHECK(out == expected);
    Floats values = a;
    simd::map(values.data() + offset, values.data() + offset, count, f);
    CHECK(part(values, offset, count) == part(expected, offset, count));
  });
}

TEST_CASE("loops: zip of two and of three, at any alignment, in place too") {
  for_each_length([](Index count, Index offset) {
    const Floats a = random_values(count + offset, 1), b = random_values(count, 2),
                 c = random_values(count, 3);
    Floats two(static_cast<std::size_t>(count)), three(two);
    for (Index i = 0; i < count; ++i) {
      const std::size_t at = static_cast<std::size_t>(i);
      two[at] = a[static_cast<std::size_t>(offset + i)] - b[at];
      three[at] = two[at] / c[at];
    }
    const auto difference = [](auto x, auto y) { return x - y; };
    const auto quotient = [](auto x, auto y, auto z) { return (x - y) / z; };
    Floats out = filled(count + 1, -7.0f);
    simd::zip(out.data(), a.data() + offset, b.data(), count, difference);
    CHECK(part(out, 0, count) == two);
    simd::zip(out.data(), a.data() + offset, b.data(), c.data(), count, quotient);
    CHECK(part(out, 0, count) == three);
    CHECK(out.back() == -7.0f);

    Floats first = a, second = b;
    simd::zip(first.data() + offset, first.data() + offset, b.data(), count, difference);
    CHECK(part(first, offset, count) == two);
    simd::zip(second.data(), a.data() + offset, second.data(), c.data(), count, quotient);
    CHECK(second == three);
  });
}

TEST_CASE("loops: reduce_sum and reduce_max see every element, once") {
  for_each_length([](Index count, Index offset) {
    // Small integers: sums are exact in any order.
    Floats a(static_cast<std::size_t>(count + offset), 1e6f);
    float sum = 0.0f;
    for (Index i = 0; i < count; ++i) {
      const float value = static_cast<float>((i * 37 + 11) % 64 - 32);
      a[static_cast<std::size_t>(offset + i)] = value;
      sum += 2.0f * value;
    }
    CHECK(simd::reduce_sum(a.data() + offset, count, [](auto x) { return x + x; }) == sum);
    for (Index place = 0; place < count; ++place) {
      Floats values = filled(count, -5.0f);
      values[static_cast<std::size_t>(place)] = -2.0f;
      CHECK(simd::reduce_max(values.data(), count) == -2.0f);
    }
  });
}

}  // namespace kernelgarten::test
