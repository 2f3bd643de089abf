#include "engine/simd/lane_pack.hpp"

#include "tests/engine/values.hpp"

namespace kernelgarten::test {
namespace {

using simd::kLanes;
using simd::Pack;

constexpr std::size_t kCount = static_cast<std::size_t>(kLanes);

/// What a function of packs gives, lane by lane.
template <class F>
Floats lanes_of(const Floats& a, const Floats& b, F f) {
  Floats out(kCount);
  simd::store(out.data(), f(simd::load(a.data()), simd::load(b.data())));
  return out;
}

template <class F>
void check_same(F f) {
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    const Floats a = random_values(kLanes, seed), b = random_values(kLanes, seed + 100);
    const Floats out = lanes_of(a, b, f);
    for (std::size_t i = 0; i < kCount; ++i) CHECK(out[i] == f(a[i], b[i]));
  }
}

}  // namespace

TEST_CASE("lane_pack: each function gives the same for a pack and for a float") {
  check_same([](auto a, auto b) { return simd::multiply_add(a, b, a); });
  check_same([](auto a, auto b) { return simd::select(a < b, a, b); });
  check_same([](auto a, auto b) { return simd::maximum(a, b); });
  check_same([](auto a, auto b) { return simd::minimum(a, b); });
  check_same([](auto a, auto b) { return simd::absolute(a - b); });
  check_same([](auto a, auto b) { return simd::square_root(a * a + b * b); });
  check_same([](auto a, auto) { return simd::as_floats(simd::as_bits(a)); });
  check_same([](auto a, auto) { return simd::as_floats(simd::shift_left(simd::as_bits(a), 3)); });
}

TEST_CASE("lane_pack: splat fills, sum_lanes and max_lanes fold") {
  Floats out = poison(kLanes);
  simd::store(out.data(), simd::splat(2.5f));
  CHECK(out == filled(kLanes, 2.5f));
  CHECK(simd::sum_lanes(simd::splat(2.5f)) == 2.5f * static_cast<float>(kLanes));
  for (std::size_t i = 0; i < kCount; ++i) {
    Floats values = filled(kLanes, -3.0f);
    values[i] = -1.0f;
    CHECK(simd::max_lanes(simd::load(values.data())) == -1.0f);
    CHECK(simd::sum_lanes(simd::load(values.data())) == -3.0f * static_cast<float>(kLanes) + 2.0f);
  }
}

}  // namespace kernelgarten::test
