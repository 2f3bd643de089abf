#include "engine/simd/register_tile.hpp"

#include "tests/engine/reference.hpp"
#include "tests/engine/values.hpp"

namespace kernelgarten::test {
namespace {

using namespace simd;

constexpr Index kDepth = 37;

/// A tile that starts at 0.5, after `multiply(tile)`.
template <int Rows, class Multiply>
Floats product(Multiply multiply) {
  Tile<Rows> tile;
  for (auto& row : tile) std::fill(std::begin(row), std::end(row), splat(0.5f));
  multiply(tile);
  Floats out = poison(Rows * kTileColumns);
  for (Index i = 0; i < Rows; ++i) {
    for (Index j = 0; j < kTilePacks; ++j) {
      store(out.data() + i * kTileColumns + j * kLanes, tile[i][j]);
    }
  }
  return out;
}

template <int Rows>
void check_tile() {
  const Floats a = random_values(Rows * kDepth, 1), b = random_values(kDepth * kTileColumns, 2);
  Doubles expected = reference::matmul(widen(a), widen(b), Rows, kTileColumns, kDepth);
  for (double& value : expected) value += 0.5;
  const TilePanel panel{b.data(), kTileColumns};
  const Floats turned = reference::transpose(a, Rows, kDepth);
  Floats gaps(2 * a.size());
  for (std::size_t i = 0; i < a.size(); ++i) gaps[2 * i] = a[i];
  std::vector<std::int32_t> rows, steps;
  for (int i = 0; i < Rows; ++i) rows.push_back(i * static_cast<int>(kDepth));
  for (int p = 0; p < kDepth; ++p) steps.push_back(p);
  const auto check = [&](auto from) {
    check_close(
        product<Rows>([&](Tile<Rows>& tile) { multiply_tile<Rows>(tile, from, panel, kDepth); }),
        expected, 1e-5);
  };
  check(TileRows{a.data(), kDepth, 1});
  check(TileRows{turned.data(), 1, Rows});
  check(TileRows{gaps.data(), 2 * kDepth, 2});
  check(ScatteredRows{a.data(), rows.data(), steps.data()});
}

}  // namespace

TEST_CASE("register_tile: start plus product, for a full tile and for a single row") {
  check_tile<kTileRows>();
  check_tile<1>();
}

}  // namespace kernelgarten::test
