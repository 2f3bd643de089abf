#pragma once

#include "engine/parallel/thread_pool.hpp"
#include "engine/tensor/scratch.hpp"

namespace kernelgarten {

struct BatchNormParams {
  /// examples x pixels: how many values each channel's statistics are taken over
  Index rows;
  Index channels;
  float epsilon;
  /// weight of the newest batch in the running statistics
  float momentum;
};

/// Floats of scratch that each of the functions below needs.
Index batch_norm_scratch_size(const BatchNormParams& params);

/// Batch normalisation over the last axis, for training:
///   out[i, c] = scale[c] (in[i, c] - mean[c]) inverse_std[c] + shift[c]
///   inverse_std[c] = 1 / sqrt(variance[c] + epsilon)
/// `mean` and `inverse_std` [channels] are saved for the way back. The running statistics move
/// towards the batch's, the running variance towards the unbiased one, as in PyTorch.
/// A large batch is cut into blocks of rows, whose number follows from its size alone; the pool's
/// threads take them, and their sums are added up in order.
/// Ioffe and Szegedy, "Batch normalization", ICML 2015.
void batch_norm_forward(float* out, float* mean, float* inverse_std, float* running_mean,
                        float* running_variance, const float* in, const float* scale,
                        const float* shift, const BatchNormParams& params, Scratch scratch,
                        ThreadPool& pool);

/// The same formula with the running statistics, for inference.
void batch_norm_inference(float* out, const float* in, const float* running_mean,
                          const float* running_variance, const float* scale, const float* shift,
                          const BatchNormParams& params, Scratch scratch);

/// With x^ = (in - mean) inverse_std and m rows:
///   d_shift += sum d_out, d_scale += sum d_out x^ (both skipped if null)
///   d_in = scale inverse_std / m (m d_out - sum d_out - x^ sum d_out x^)
/// d_in is written; skipped if null. Cut like the forward pass.
void batch_norm_backward(float* d_in, float* d_scale, float* d_shift, const float* d_out,
                         const float* in, const float* scale, const float* mean,
                         const float* inverse_std, const BatchNormParams& params, Scratch scratch,
                         ThreadPool& pool);

/// The gradient of batch_norm_inference, whose statistics are constants.
void batch_norm_inference_backward(float* d_in, float* d_scale, float* d_shift, const float* d_out,
                                   const float* in, const float* scale, const float* running_mean,
                                   const float* running_variance, const BatchNormParams& params,
                                   Scratch scratch);

}  // namespace kernelgarten
