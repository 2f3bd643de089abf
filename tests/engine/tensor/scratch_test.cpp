#include "engine/tensor/scratch.hpp"

#include <doctest/doctest.h>

namespace kernelgarten::test {
namespace {

float* take_in_callee(Scratch scratch) { return scratch.take(4); }

}  // namespace

TEST_CASE("scratch: parts follow each other, aligned, and a callee's are free again afterwards") {
  AlignedBuffer<float> buffer(64);
  Scratch scratch(buffer.data());
  CHECK(scratch.take(1) == buffer.data());
  CHECK(scratch.take(17) == buffer.data() + 16);
  CHECK(take_in_callee(scratch) == buffer.data() + 48);
  CHECK(scratch.take(4) == buffer.data() + 48);
}

}  // namespace kernelgarten::test
