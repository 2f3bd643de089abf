#pragma once

#include "engine/ops/product_tile.hpp"
#include "engine/tensor/scratch.hpp"

namespace kernelgarten {

/// A matrix that is read: element (i, j) is data[i * row_stride + j * column_stride], so a
/// transpose is a swap of strides.
struct MatrixView {
  const float* data;
  Index row_stride;
  Index column_stride;

  MatrixView transposed() const { return {data, column_stride, row_stride}; }
  const float* at(Index row, Index column) const {
    return data + row * row_stride + column * column_stride;
  }
};

/// View of `data` stored row after row.
inline MatrixView row_major(const float* data, Index columns) { return {data, columns, 1}; }

/// Right-hand matrix [k, n] rearranged for `gemm_packed`: narrow column panels, each of which the
/// inner loop reads from front to back, the last one filled up with zeros.
struct PackedMatrix {
  const float* data;
  Index rows;
  Index columns;
};

/// Floats that `pack_matrix` writes for a [rows, columns] matrix.
Index packed_size(Index rows, Index columns);
PackedMatrix pack_matrix(float* packed, MatrixView b, Index rows, Index columns);

/// What is done to every sum of a product, once it is complete.
enum class GemmActivation { kNone, kRelu };

/// C = activation(init + A B) with A [m, b.rows], B packed, C [m, b.columns] stored row after row,
/// `c_stride` floats apart. `bias` [b.columns] is added to every row if `init` is kBias.
///
/// Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", TOMS 2008: B in
/// panels that stay in the first-level cache, a register tile of C, one multiply-add per element
/// and step.
void gemm_packed(float* c, Index c_stride, MatrixView a, PackedMatrix b, Index m, GemmInit init,
                 const float* bias = nullptr, GemmActivation activation = GemmActivation::kNone);

/// The same with B [k, n] read where it lies, its rows `b_stride` apart, for a B that is used once
/// or twice. Reads whole register tiles: the numbers behind B's last column, which change nothing.
void gemm_in_place(float* c, Index c_stride, MatrixView a, const float* b, Index b_stride, Index m,
                   Index n, Index k, GemmInit init, const float* bias = nullptr,
                   GemmActivation activation = GemmActivation::kNone);

Index gemm_scratch_size(Index n, Index k);

/// The same with any B [k, n], which is packed into `scratch` first where that pays.
void gemm(float* c, Index c_stride, MatrixView a, MatrixView b, Index m, Index n, Index k,
          GemmInit init, Scratch scratch, const float* bias = nullptr,
          GemmActivation activation = GemmActivation::kNone);

}  // namespace kernelgarten
