#include "engine/ops/gemm.hpp"

#include "engine/simd/register_tile.hpp"
#include "tests/engine/reference.hpp"
#include "tests/engine/values.hpp"

namespace kernelgarten::test {
namespace {

/// One product, and how its matrices lie in memory.
struct Product {
  Index m, n, k;
  GemmInit init = GemmInit::kZero;
  bool transpose_a = false, transpose_b = false;
  Index gap = 0;
  GemmActivation activation = GemmActivation::kNone;
};

constexpr float kUntouched = -77.0f;

Doubles expected_product(const Product& p, const Floats& a, const Floats& b, const Floats& c,
                         const Floats& bias) {
  Doubles expected = reference::matmul(widen(a), widen(b), p.m, p.n, p.k);
  for (Index i = 0; i < p.m * p.n; ++i) {
    const Index row = i / p.n, column = i % p.n;
    const std::size_t at = static_cast<std::size_t>(i);
    if (p.init == GemmInit::kBias) expected[at] += bias[static_cast<std::size_t>(column)];
    if (p.init == GemmInit::kAccumulate) {
      expected[at] += c[static_cast<std::size_t>(row * (p.n + p.gap) + column)];
    }
    if (p.activation == GemmActivation::kRelu) expected[at] = std::max(expected[at], 0.0);
  }
  return expected;
}

Floats without_gaps(const Floats& c, const Product& p) {
  Floats dense;
  for (Index row = 0; row < p.m; ++row) {
    const auto begin = c.begin() + row * (p.n + p.gap);
    dense.insert(dense.end(), begin, begin + p.n);
  }
  return dense;
}

bool gaps_untouched(const Floats& c, const Product& p) {
  for (Index i = 0; i < p.m * (p.n + p.gap); ++i) {
    if (i % (p.n + p.gap) >= p.n && c[static_cast<std::size_t>(i)] != kUntouched) return false;
  }
  return true;
}

void check_product(const Product& p) {
  CAPTURE(p.m);
  CAPTURE(p.n);
  CAPTURE(p.k);
  CAPTURE(p.transpose_a);
  CAPTURE(p.transpose_b);
  const Floats a = random_values(p.m * p.k, 1), b = random_values(p.k * p.n, 2);
  const Floats bias = random_values(p.n, 3);
  const bool accumulates = p.init == GemmInit::kAccumulate;
  Floats c = filled(p.m * (p.n + p.gap), kUntouched);
  const Floats start = accumulates ? random_values(p.m * p.n, 4) : poison(p.m * p.n);
  for (Index i = 0; i < p.m * p.n; ++i) {
    c[static_cast<std::size_t>(i / p.n * (p.n + p.gap) + i % p.n)] =
        start[static_cast<std::size_t>(i)];
  }
  const Doubles expected = expected_product(p, a, b, c, bias);

  const Floats stored_a = p.transpose_a ? reference::transpose(a, p.m, p.k) : a;
  const Floats stored_b = p.transpose_b ? reference::transpose(b, p.k, p.n) : b;
  const MatrixView view_a = p.transpose_a ? row_major(stored_a.data(), p.m).transposed()
                                          : row_major(stored_a.data(), p.k);
  const MatrixView view_b = p.transpose_b ? row_major(stored_b.data(), p.k).transposed()
                                          : row_major(stored_b.data(), p.n);
  ScratchBuffer scratch(gemm_scratch_size(p.n, p.k));
  gemm(c.data(), p.n + p.gap, view_a, view_b, p.m, p.n, p.k, p.init, scratch,
       p.init == GemmInit::kBias ? bias.data() : nullptr, p.activation);
  check_close(without_gaps(c, p), expected, 3e-5);
  CHECK(gaps_untouched(c, p));
}

constexpr GemmInit kInits[] = {GemmInit::kZero, GemmInit::kAccumulate, GemmInit::kBias};
constexpr Index kRows = simd::kTileRows, kColumns = simd::kTileColumns;
constexpr Index kLanes = simd::kLanes;

}  // namespace

TEST_CASE("gemm: closed form") {
  const Floats a{1, 2, 3, 4, 5, 6}, b{7, 8, 9, 10, 11, 12};
  Floats c = poison(4);
  ScratchBuffer scratch(gemm_scratch_size(2, 3));
  gemm(c.data(), 2, row_major(a.data(), 3), row_major(b.data(), 2), 2, 2, 3, GemmInit::kZero,
       scratch);
  CHECK(c == Floats{58, 64, 139, 154});
  gemm(c.data(), 2, row_major(a.data(), 3), row_major(b.data(), 2), 2, 2, 3, GemmInit::kAccumulate,
       scratch);
  CHECK(c == Floats{116, 128, 278, 308});
  const Floats bias{0.5f, -1.0f};
  gemm(c.data(), 2, row_major(a.data(), 3), row_major(b.data(), 2), 2, 2, 3, GemmInit::kBias,
       scratch, bias.data());
  CHECK(c == Floats{58.5f, 63, 139.5f, 153});
}

TEST_CASE("gemm: every size around the register tile, every start, both transposes, strided C") {
  for (const Index m : {Index{1}, Index{2}, kRows - 1, kRows, kRows + 1, 2 * kRows + 3}) {
    for (const Index n :
         {Index{1}, Index{3}, kColumns - 1, kColumns, kColumns + 1, 2 * kColumns + 3}) {
      for (const Index k : {1, 2, 9}) {
        for (const GemmInit init : kInits) {
          for (const int flags : {0, 1, 2, 3}) {
            check_product({m, n, k, init, (flags & 1) != 0, (flags & 2) != 0, flags});
          }
        }
      }
    }
  }
}

TEST_CASE("gemm: sums longer than a cache block") {
  for (const Index k : {319, 320, 321, 640, 641, 1000}) {
    for (const GemmInit init : kInits) {
      check_product({kRows + 2, kColumns + 5, k, init, false, true, 1});
      check_product({1, 1, k, init, true, false, 0});
    }
  }
}

TEST_CASE("gemm: few rows, and a B whose last rows end with its memory") {
  for (const Index n : {Index{1}, Index{2}, Index{3}, Index{10}, kColumns, 2 * kColumns + 1}) {
    for (const Index k : {1, 2, 7, 40, 330}) {
      for (const GemmInit init : kInits) check_product({kRows + 1, n, k, init});
    }
  }
}

TEST_CASE("gemm: a single row") {
  for (const Index n : {8 * kLanes - 1, 8 * kLanes, 8 * kLanes + 1, 24 * kLanes + 5}) {
    for (const Index k : {0, 1, 5, 37}) {
      for (const GemmInit init : kInits) check_product({1, n, k, init});
    }
  }
}

TEST_CASE("gemm: a transposed B turned block by block") {
  for (const Index k : {kLanes - 1, kLanes, 2 * kLanes + 1}) {
    check_product({5 * kRows, 2 * kColumns + 3, k, GemmInit::kZero, false, true});
  }
}

TEST_CASE("gemm: the shapes of the article's network") {
  check_product({28 * 28, 32, 9, GemmInit::kBias});
  check_product({14 * 14, 64, 288, GemmInit::kBias});
  check_product({288, 64, 14 * 14, GemmInit::kAccumulate, true});
  check_product({16, 10, 3136, GemmInit::kBias});
}

TEST_CASE("gemm: a ReLU in the epilogue, once the sum is complete") {
  for (const GemmInit init : kInits) {
    for (const Index k : {0, 9, 320, 321, 1000}) {
      const auto check_relu = [&](Index m, Index n) {
        check_product({m, n, k, init, false, false, 2, GemmActivation::kRelu});
      };
      check_relu(1, 8 * kLanes + 3);
      check_relu(kRows, kColumns);
      check_relu(kRows + 1, 2 * kColumns + 3);
      check_relu(100, kColumns - 1);
    }
  }
}

TEST_CASE("gemm: random shapes") {
  std::mt19937 generator(11);
  for (int round = 0; round < 60; ++round) {
    const Index m = generator() % 40, n = 1 + generator() % 70, k = generator() % 90;
    check_product({m, n, k, kInits[generator() % 3], (generator() & 1) != 0, (generator() & 1) != 0,
                   static_cast<Index>(generator() % 4)});
  }
}

TEST_CASE("gemm: empty sums and empty matrices") {
  for (const GemmInit init : kInits) {
    check_product({3, 5, 0, init, false, false, 2});
    check_product({0, 5, 4, init});
    check_product({3, 0, 4, init});
  }
}

TEST_CASE("gemm: packing fills the last panel up with zeros") {
  const Index rows = 3, columns = kColumns + 1;
  const Floats b = filled(rows * columns, 1.0f);
  Floats packed = poison(packed_size(rows, columns));
  pack_matrix(packed.data(), row_major(b.data(), columns), rows, columns);
  CHECK(std::count(packed.begin(), packed.end(), 1.0f) == rows * columns);
  CHECK(std::count(packed.begin(), packed.end(), 0.0f) == rows * (kColumns - 1));
}

TEST_CASE("gemm: a packed matrix serves any number of rows") {
  const Index n = kColumns + 3, k = 330;
  const Floats b = random_values(k * n, 5);
  Floats packed = poison(packed_size(k, n));
  const PackedMatrix packed_b = pack_matrix(packed.data(), row_major(b.data(), n), k, n);
  for (const Index m : {Index{1}, kRows, 3 * kRows + 1}) {
    const Floats a = random_values(m * k, 6);
    Floats c = poison(m * n);
    gemm_packed(c.data(), n, row_major(a.data(), k), packed_b, m, GemmInit::kZero);
    check_close(c, reference::matmul(widen(a), widen(b), m, n, k), 3e-5);
  }
}

TEST_CASE("gemm: what is not finite stays in its row or column") {
  const Index m = kRows + 1, n = kColumns + 1, k = 4;
  Floats a = random_values(m * k, 7), b = random_values(k * n, 8);
  a[static_cast<std::size_t>(2 * k + 1)] = kInfinity;
  b[static_cast<std::size_t>(n + 3)] = kNaN;
  Floats c = poison(m * n);
  ScratchBuffer scratch(gemm_scratch_size(n, k));
  gemm(c.data(), n, row_major(a.data(), k), row_major(b.data(), n), m, n, k, GemmInit::kZero,
       scratch);
  for (Index i = 0; i < m * n; ++i) {
    CAPTURE(i);
    CHECK(std::isfinite(c[static_cast<std::size_t>(i)]) == (i / n != 2 && i % n != 3));
  }
}

}  // namespace kernelgarten::test
