#include "engine/tensor/aligned_buffer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>

namespace kernelgarten::test {
namespace {

bool is_aligned(const void* address) {
  return reinterpret_cast<std::uintptr_t>(address) % kAlignment == 0;
}

}  // namespace

TEST_CASE("aligned_buffer: aligned and zeroed at every size") {
  for (const Index count : {0, 1, 15, 16, 17, 1000}) {
    const AlignedBuffer<float> buffer(count);
    CHECK(buffer.size() == count);
    CHECK(is_aligned(buffer.data()));
    const auto span = buffer.span();
    CHECK(std::all_of(span.begin(), span.end(), [](float value) { return value == 0.0f; }));
  }
}

TEST_CASE("aligned_buffer: a size whose bytes overflow is refused") {
  CHECK_THROWS_AS(AlignedBuffer<float>(PTRDIFF_MAX / 2), std::bad_alloc);
  CHECK_THROWS_AS(AlignedBuffer<float>(-1), std::bad_alloc);
}

TEST_CASE("aligned_buffer: moves without copying") {
  AlignedBuffer<float> buffer(5);
  buffer.data()[2] = 3.0f;
  const float* data = buffer.data();
  AlignedBuffer<float> moved(std::move(buffer));
  CHECK(moved.data() == data);
  CHECK(moved.data()[2] == 3.0f);
  AlignedBuffer<float> assigned(7);
  assigned = std::move(moved);
  CHECK(assigned.data() == data);
  CHECK(assigned.size() == 5);
  CHECK(AlignedBuffer<float>().size() == 0);
}

TEST_CASE("aligned_buffer: counts round up to whole cache lines") {
  CHECK(aligned_count(0) == 0);
  CHECK(aligned_count(1) == 16);
  CHECK(aligned_count(16) == 16);
  CHECK(aligned_count(17) == 32);
  CHECK(aligned_count<std::uint8_t>(1) == 64);
}

}  // namespace kernelgarten::test
