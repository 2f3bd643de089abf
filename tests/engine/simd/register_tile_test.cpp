#include "engine/simd/register_tile.hpp"

#include "tests/engine/reference.hpp"
#include "tests/engine/values.hpp"

namespace kernelgarten::test {
namespace {

using simd::kLanes;
using simd::kTileColumns;
using simd::kTilePacks;
using simd::Pack;

template <int Rows>
void check_tile() {
  const Index depth = 37;
  const Floats a = random_values(Rows * depth, 1), b = random_values(depth * kTileColumns, 2);
  Pack tile[Rows][kTilePacks];
  for (auto& row : tile) std::fill(std::begin(row), std::end(row), simd::splat(0.5f));
  simd::multiply_tile<Rows>(tile, a.data(), depth, 1, b.data(), depth);
  Floats out = poison(Rows * kTileColumns);
  for (Index i = 0; i < Rows; ++i) {
    for (Index j = 0; j < kTilePacks; ++j) {
      simd::store(out.data() + i * kTileColumns + j * kLanes, tile[i][j]);
    }
  }
  Doubles expected = reference::matmul(widen(a), widen(b), Rows, kTileColumns, depth);
  for (double& value : expected) value += 0.5;
  check_close(out, expected, 1e-5);
}

}  // namespace

TEST_CASE("register_tile: start plus product, for a full tile and for a single row") {
  check_tile<simd::kTileRows>();
  check_tile<1>();
}

}  // namespace kernelgarten::test
