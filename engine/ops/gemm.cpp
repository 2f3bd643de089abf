#include "engine/ops/gemm.hpp"

#include <algorithm>

#include "engine/ops/activation.hpp"

namespace kernelgarten {
namespace {

using simd::kLanes;
using simd::kTileColumns;

/// Steps of the sum per block: a panel of B (kTileColumns x this) takes a third of a 32 KB cache.
constexpr Index kBlockDepth = 320;
/// Rows of A per block: with kBlockDepth they take about a quarter of a 512 KB cache, and are read
/// once for every panel of B.
constexpr Index kBlockRows = 96;
/// With fewer rows than this, reading B where it lies costs less than rearranging it.
constexpr Index kFewRows = 4 * simd::kTileRows;

/// C [m, n] = max(C, 0)
void rectify(float* c, Index c_stride, Index m, Index n) {
  for (Index i = 0; i < m; ++i) activation_forward(c + i * c_stride, c + i * c_stride, n, Relu{});
}

/// C [m, n] = activation(init + A times one block of B), whose panels are `panel_step` floats
/// apart.
struct Block {
  float* c;
  Index c_stride;
  MatrixView a;
  simd::TilePanel b;
  Index panel_step;
  Index depth, n;
  GemmInit init;
  const float* bias;
  GemmActivation activation;

  /// One panel's columns j and on, for a run of rows cut into tiles of Rows. A function of its own,
  /// so that what it holds in registers is its own too.
  template <int Rows>
  [[gnu::noinline]] void multiply_run(Index row, Index end, Index j) const {
    const simd::TilePanel panel{b.data + j / kTileColumns * panel_step, b.stride};
    const Index columns = std::min(kTileColumns, n - j);
    for (; row < end; row += Rows) {
      compute_tile<Rows>({c + row * c_stride + j, c_stride, columns, init, bias + j},
                         simd::TileRows{a.at(row, 0), a.row_stride, a.column_stride}, panel, depth);
    }
  }

  void multiply_rows(Index first_row, const RowTiles& rows) const {
    for (Index j = 0; j < n; j += kTileColumns) {
      rows.for_each_run([&]<int Rows>(Index first, Index end) {
        multiply_run<Rows>(first_row + first, first_row + end, j);
      });
      if (activation == GemmActivation::kRelu) rectify_panel(first_row, rows.count(), j);
    }
  }

  /// Of rows and columns that were just stored, and that the first-level cache still holds.
  void rectify_panel(Index row, Index rows, Index j) const {
    rectify(c + row * c_stride + j, c_stride, rows, std::min(kTileColumns, n - j));
  }

  void multiply(Index m) const {
    for (Index i = 0; i < m; i += kBlockRows) {
      multiply_rows(i, RowTiles(std::min(kBlockRows, m - i)));
    }
  }
};

/// C = init, which is what a sum of no terms leaves.
void fill_without_product(float* c, Index c_stride, Index m, Index n, GemmInit init,
                          const float* bias) {
  if (init == GemmInit::kAccumulate) return;
  for (Index i = 0; i < m; ++i) {
    float* row = c + i * c_stride;
    if (init == GemmInit::kBias) {
      std::copy_n(bias, n, row);
    } else {
      std::fill_n(row, n, 0.0f);
    }
  }
}

/// C [m, n] = activation(init + A B), block by block of the sum.
void multiply(float* c, Index c_stride, MatrixView a, simd::TilePanel b, Index panel_step, Index m,
              Index n, Index k, GemmInit init, const float* bias, GemmActivation activation) {
  if (k == 0) {
    fill_without_product(c, c_stride, m, n, init, bias);
    if (activation == GemmActivation::kRelu) rectify(c, c_stride, m, n);
  }
  for (Index p = 0; p < k; p += kBlockDepth) {
    const Block block{c,
                      c_stride,
                      {a.at(0, p), a.row_stride, a.column_stride},
                      {b.data + p * b.stride, b.stride},
                      panel_step,
                      std::min(kBlockDepth, k - p),
                      n,
                      p == 0 ? init : GemmInit::kAccumulate,
                      bias,
                      p + kBlockDepth < k ? GemmActivation::kNone : activation};
    block.multiply(m);
  }
}

}  // namespace

Index packed_size(Index rows, Index columns) { return round_up(columns, kTileColumns) * rows; }

namespace {

/// Rows `p` and on of a whole panel whose numbers lie along the rows of `from`.
void copy_rows(float* packed, MatrixView from, Index rows) {
  for (Index p = 0; p < rows; ++p, packed += kTileColumns) {
    std::copy_n(from.at(p, 0), kTileColumns, packed);
  }
}

/// The same where they lie along the columns: blocks of kLanes x kLanes are turned in registers.
/// Returns how many rows are done, the others being fewer than a block.
Index turn_blocks(float* packed, MatrixView from, Index rows) {
  Index p = 0;
  for (; p + kLanes <= rows; p += kLanes, packed += kLanes * kTileColumns) {
    for (Index j = 0; j < kTileColumns; j += kLanes) {
      simd::Pack block[kLanes];
      for (Index x = 0; x < kLanes; ++x) block[x] = simd::load(from.at(p, j + x));
      simd::transpose(block);
      for (Index y = 0; y < kLanes; ++y) {
        simd::store(packed + y * kTileColumns + j, block[y]);
      }
    }
  }
  return p;
}

/// `columns` of a panel from any matrix, and zeros behind them.
void copy_elements(float* packed, MatrixView from, Index rows, Index columns) {
  for (Index p = 0; p < rows; ++p, packed += kTileColumns) {
    for (Index x = 0; x < columns; ++x) packed[x] = *from.at(p, x);
    std::fill(packed + columns, packed + kTileColumns, 0.0f);
  }
}

void pack_panel(float* packed, MatrixView from, Index rows, Index columns) {
  Index done = 0;
  if (columns == kTileColumns && from.column_stride == 1) {
    copy_rows(packed, from, rows);
    return;
  }
  if (columns == kTileColumns && from.row_stride == 1) done = turn_blocks(packed, from, rows);
  copy_elements(packed + done * kTileColumns,
                {from.at(done, 0), from.row_stride, from.column_stride}, rows - done, columns);
}

}  // namespace

PackedMatrix pack_matrix(float* packed, MatrixView b, Index rows, Index columns) {
  for (Index j = 0; j < columns; j += kTileColumns) {
    pack_panel(packed + j * rows, {b.at(0, j), b.row_stride, b.column_stride}, rows,
               std::min(kTileColumns, columns - j));
  }
  return {packed, rows, columns};
}

void gemm_packed(float* c, Index c_stride, MatrixView a, PackedMatrix b, Index m, GemmInit init,
                 const float* bias, GemmActivation activation) {
  multiply(c, c_stride, a, {b.data, kTileColumns}, b.rows * kTileColumns, m, b.columns, b.rows,
           init, bias, activation);
}

void gemm_in_place(float* c, Index c_stride, MatrixView a, const float* b, Index b_stride, Index m,
                   Index n, Index k, GemmInit init, const float* bias, GemmActivation activation) {
  multiply(c, c_stride, a, {b, b_stride}, kTileColumns, m, n, k, init, bias, activation);
}

namespace {

/// Columns that a single row is computed for together: whole cache lines of B, and enough sums that
/// none waits for another.
constexpr Index kRowPacks = 8;
constexpr Index kRowColumns = kRowPacks * kLanes;

/// c[0, kRowColumns) = activation(init + a B). B is read once, from front to back.
void multiply_row(float* c, MatrixView a, const float* b, Index b_stride, Index k, GemmInit init,
                  const float* bias, GemmActivation activation) {
  simd::Pack sum[kRowPacks];
  for (simd::Pack& pack : sum) pack = simd::Pack(0.0f);
  for (Index p = 0; p < k; ++p) {
    const simd::Pack factor = simd::splat(*a.at(0, p));
#pragma GCC unroll 8
    for (Index j = 0; j < kRowPacks; ++j) {
      sum[j] = simd::multiply_add(factor, simd::load(b + p * b_stride + j * kLanes), sum[j]);
    }
  }
  const float* start = init == GemmInit::kBias ? bias : c;
#pragma GCC unroll 8
  for (Index j = 0; j < kRowPacks; ++j) {
    if (init != GemmInit::kZero) sum[j] += simd::load(start + j * kLanes);
    if (activation == GemmActivation::kRelu) sum[j] = Relu{}.value(sum[j]);
    simd::store(c + j * kLanes, sum[j]);
  }
}

/// How many of the last of B's k rows a whole tile must not read where they lie, because it would
/// read past the end of B: none if the columns make whole tiles.
Index rows_to_pack(Index n, Index k, Index row_stride) {
  const Index left = n % kTileColumns;
  return left == 0 ? 0 : std::min(k, ceil_divide(kTileColumns - left, row_stride));
}

}  // namespace

Index gemm_scratch_size(Index n, Index k) { return aligned_count(packed_size(k, n)); }

void gemm(float* c, Index c_stride, MatrixView a, MatrixView b, Index m, Index n, Index k,
          GemmInit init, Scratch scratch, const float* bias, GemmActivation activation) {
  const bool in_place = m <= kFewRows && b.column_stride == 1;
  if (m == 1 && in_place) {
    for (; n >= kRowColumns; n -= kRowColumns) {
      multiply_row(c, a, b.data, b.row_stride, k, init, bias, activation);
      c += kRowColumns;
      b.data += kRowColumns;
      if (init == GemmInit::kBias) bias += kRowColumns;
    }
  }
  const Index last = in_place ? rows_to_pack(n, k, b.row_stride) : k;
  const Index first = k - last;
  const PackedMatrix packed = pack_matrix(scratch.take(packed_size(last, n)),
                                          {b.at(first, 0), b.row_stride, b.column_stride}, last, n);
  if (first > 0) {
    const GemmActivation now = last == 0 ? activation : GemmActivation::kNone;
    gemm_in_place(c, c_stride, a, b.data, b.row_stride, m, n, first, init, bias, now);
    if (last == 0) return;
    init = GemmInit::kAccumulate;
  }
  gemm_packed(c, c_stride, {a.at(0, first), a.row_stride, a.column_stride}, packed, m, init, bias,
              activation);
}

}  // namespace kernelgarten
