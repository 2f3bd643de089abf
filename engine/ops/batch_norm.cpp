#include "engine/ops/batch_norm.hpp"

#include <algorithm>
#include <cmath>

#include "engine/ops/column_sums.hpp"
#include "engine/simd/loops.hpp"
#include "engine/tensor/range.hpp"

namespace kernelgarten {
namespace {

constexpr Index kMostBlocks = 8;
/// One pass over as many numbers takes longer than waking a thread.
constexpr Index kBlockElements = 1 << 15;

/// Into how many blocks of rows the work is cut: a function of the size alone.
Index block_count(const BatchNormParams& params) {
  const Index most = std::min(kMostBlocks, params.rows);
  return std::clamp<Index>(params.rows * params.channels / kBlockElements, 1, most);
}

/// Calls task(block, rows) for each block.
template <class F>
void for_each_block(const BatchNormParams& params, ThreadPool& pool, const F& task) {
  const Index blocks = block_count(params);
  pool.run(blocks,
           [&](Index block, int) { task(block, part_of({0, params.rows}, blocks, block)); });
}

/// Calls visit with the offset of each row; the loops inside run along the channels.
template <class F>
void for_each_row(Range rows, const BatchNormParams& params, F visit) {
  for (Index i = rows.begin; i < rows.end; ++i) visit(i * params.channels);
}

/// Sums over all rows, `count` of them, which add_rows(sums, rows) collects for a block of rows;
/// the blocks are added up in their order.
template <class F>
void sum_rows(float* sums, Index count, const BatchNormParams& params, Scratch scratch,
              ThreadPool& pool, const F& add_rows) {
  const Index stride = aligned_count(count);
  float* parts = scratch.take(block_count(params) * stride);
  for_each_block(params, pool, [&](Index block, Range rows) {
    float* part = parts + block * stride;
    std::fill_n(part, count, 0.0f);
    add_rows(part, rows);
  });
  std::fill_n(sums, count, 0.0f);
  for (Index block = 0; block < block_count(params); ++block) {
    simd::zip(sums, sums, parts + block * stride, count, [](auto sum, auto x) { return sum + x; });
  }
}

void divide(float* sums, const BatchNormParams& params) {
  const float share = 1.0f / static_cast<float>(params.rows);
  simd::map(sums, sums, params.channels, [share](auto sum) { return sum * decltype(sum)(share); });
}

void compute_mean(float* mean, const float* in, const BatchNormParams& params, Scratch scratch,
                  ThreadPool& pool) {
  sum_rows(mean, params.channels, params, scratch, pool, [&](float* sums, Range rows) {
    add_column_sums(sums, in + rows.begin * params.channels, rows.count(), params.channels);
  });
  divide(mean, params);
}

/// Mean of squared deviations: two passes, because E[x^2] - E[x]^2 cancels.
void compute_variance(float* variance, const float* mean, const float* in,
                      const BatchNormParams& params, Scratch scratch, ThreadPool& pool) {
  const Index channels = params.channels;
  sum_rows(variance, channels, params, scratch, pool, [&](float* sums, Range rows) {
    const float* first = in + rows.begin * channels;
    add_column_terms(sums, rows.count(), channels, [=](Index i, Index c, auto lanes) {
      const auto deviation = lanes.load(first + i * channels + c) - lanes.load(mean + c);
      return deviation * deviation;
    });
  });
  divide(variance, params);
}

void move_running(float* running, const float* newest, float factor,
                  const BatchNormParams& params) {
  const float momentum = params.momentum;
  simd::zip(running, running, newest, params.channels, [=](auto old, auto value) {
    using V = decltype(old);
    return old * V(1.0f - momentum) + value * V(momentum * factor);
  });
}

void invert_root(float* inverse_std, const float* variance, const BatchNormParams& params) {
  for (Index c = 0; c < params.channels; ++c) {
    inverse_std[c] = 1.0f / std::sqrt(variance[c] + params.epsilon);
  }
}

void multiply(float* out, const float* a, const float* b, const BatchNormParams& params) {
  simd::zip(out, a, b, params.channels, [](auto x, auto y) { return x * y; });
}

/// out = (in - mean) factor + shift
void normalise(float* out, const float* in, const float* mean, const float* factor,
               const float* shift, Range rows, const BatchNormParams& params) {
  for_each_row(rows, params, [&](Index row) {
    simd::zip(out + row, in + row, mean, factor, shift, params.channels,
              [](auto x, auto m, auto f, auto s) { return (x - m) * f + s; });
  });
}

/// sums [2, channels]: of d_out, and of d_out (in - mean).
void add_gradient_sums(float* sums, const float* d_out, const float* in, const float* mean,
                       Range rows, const BatchNormParams& params) {
  const Index channels = params.channels;
  d_out += rows.begin * channels;
  in += rows.begin * channels;
  add_column_sums(sums, d_out, rows.count(), channels);
  add_column_terms(sums + channels, rows.count(), channels, [=](Index i, Index c, auto lanes) {
    const Index at = i * channels + c;
    return lanes.load(d_out + at) * (lanes.load(in + at) - lanes.load(mean + c));
  });
}

void add_parameter_gradients(float* d_scale, float* d_shift, const float* sums,
                             const float* inverse_std, const BatchNormParams& params) {
  simd::zip(d_shift, d_shift, sums, params.channels, [](auto d, auto sum) { return d + sum; });
  simd::zip(d_scale, d_scale, sums + params.channels, inverse_std, params.channels,
            [](auto d, auto sum, auto inverse) { return d + sum * inverse; });
}

}  // namespace

Index batch_norm_scratch_size(const BatchNormParams& params) {
  const Index channels = aligned_count(params.channels), both = aligned_count(2 * params.channels);
  return 2 * channels + both + block_count(params) * both;
}

void batch_norm_forward(float* out, float* mean, float* inverse_std, float* running_mean,
                        float* running_variance, const float* in, const float* scale,
                        const float* shift, const BatchNormParams& params, Scratch scratch,
                        ThreadPool& pool) {
  float* factor = scratch.take(params.channels);
  compute_mean(mean, in, params, scratch, pool);
  float* variance = inverse_std;
  compute_variance(variance, mean, in, params, scratch, pool);
  const float rows = static_cast<float>(params.rows);
  move_running(running_mean, mean, 1.0f, params);
  move_running(running_variance, variance, params.rows > 1 ? rows / (rows - 1.0f) : 1.0f, params);
  invert_root(inverse_std, variance, params);
  multiply(factor, inverse_std, scale, params);
  for_each_block(params, pool, [&](Index, Range block) {
    normalise(out, in, mean, factor, shift, block, params);
  });
}

void batch_norm_inference(float* out, const float* in, const float* running_mean,
                          const float* running_variance, const float* scale, const float* shift,
                          const BatchNormParams& params, Scratch scratch) {
  float* factor = scratch.take(params.channels);
  invert_root(factor, running_variance, params);
  multiply(factor, factor, scale, params);
  normalise(out, in, running_mean, factor, shift, {0, params.rows}, params);
}

void batch_norm_backward(float* d_in, float* d_scale, float* d_shift, const float* d_out,
                         const float* in, const float* scale, const float* mean,
                         const float* inverse_std, const BatchNormParams& params, Scratch scratch,
                         ThreadPool& pool) {
  const Index channels = params.channels;
  float* sums = scratch.take(2 * channels);
  sum_rows(sums, 2 * channels, params, scratch, pool, [&](float* part, Range rows) {
    add_gradient_sums(part, d_out, in, mean, rows, params);
  });
  if (d_scale != nullptr) add_parameter_gradients(d_scale, d_shift, sums, inverse_std, params);
  if (d_in == nullptr) return;
  // d_in = factor (d_out - offset - (in - mean) slope)
  float* factor = scratch.take(channels);
  float* slope = scratch.take(channels);
  float* offset = sums;
  multiply(factor, inverse_std, scale, params);
  simd::zip(slope, sums + channels, inverse_std, channels,
            [](auto sum, auto inverse) { return sum * inverse * inverse; });
  divide(slope, params);
  divide(offset, params);
  for_each_block(params, pool, [&](Index, Range block) {
    for_each_row(block, params, [&](Index row) {
      simd::for_each_pack(channels, [&](Index c, auto lanes) {
        const auto deviation = lanes.load(in + row + c) - lanes.load(mean + c);
        const auto common =
            simd::multiply_add(deviation, lanes.load(slope + c), lanes.load(offset + c));
        lanes.store(d_in + row + c,
                    (lanes.load(d_out + row + c) - common) * lanes.load(factor + c));
      });
    });
  });
}

void batch_norm_inference_backward(float* d_in, float* d_scale, float* d_shift, const float* d_out,
                                   const float* in, const float* scale, const float* running_mean,
                                   const float* running_variance, const BatchNormParams& params,
                                   Scratch scratch) {
  const Index channels = params.channels;
  float* sums = scratch.take(2 * channels);
  float* inverse_std = scratch.take(channels);
  std::fill_n(sums, 2 * channels, 0.0f);
  invert_root(inverse_std, running_variance, params);
  add_gradient_sums(sums, d_out, in, running_mean, {0, params.rows}, params);
  if (d_scale != nullptr) add_parameter_gradients(d_scale, d_shift, sums, inverse_std, params);
  if (d_in == nullptr) return;
  float* factor = inverse_std;
  multiply(factor, inverse_std, scale, params);
  for_each_row({0, params.rows}, params,
               [&](Index row) { multiply(d_in + row, d_out + row, factor, params); });
}

}  // namespace kernelgarten
