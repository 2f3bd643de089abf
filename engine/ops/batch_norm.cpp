#include "engine/ops/batch_norm.hpp"

#include <algorithm>
#include <cmath>

#include "engine/ops/column_sums.hpp"
#include "engine/simd/loops.hpp"

namespace kernelgarten {
namespace {

/// Calls visit with the offset of each row; the loops inside run along the channels.
template <class F>
void for_each_row(const BatchNormParams& params, F visit) {
  for (Index i = 0; i < params.rows; ++i) visit(i * params.channels);
}

void compute_mean(float* mean, const float* in, const BatchNormParams& params) {
  std::fill_n(mean, params.channels, 0.0f);
  add_column_sums(mean, in, params.rows, params.channels);
  const float share = 1.0f / static_cast<float>(params.rows);
  simd::map(mean, mean, params.channels, [share](auto sum) { return sum * decltype(sum)(share); });
}

/// Mean of squared deviations: two passes, because E[x^2] - E[x]^2 cancels.
void compute_variance(float* variance, const float* mean, const float* in,
                      const BatchNormParams& params) {
  std::fill_n(variance, params.channels, 0.0f);
  for_each_row(params, [&](Index row) {
    simd::zip(variance, variance, in + row, mean, params.channels,
              [](auto sum, auto x, auto m) { return sum + (x - m) * (x - m); });
  });
  const float share = 1.0f / static_cast<float>(params.rows);
  simd::map(variance, variance, params.channels,
            [share](auto sum) { return sum * decltype(sum)(share); });
}

void move_running(float* running, const float* newest, float factor,
                  const BatchNormParams& params) {
  const float momentum = params.momentum;
  simd::zip(running, running, newest, params.channels, [=](auto old, auto value) {
    using V = decltype(old);
    return old * V(1.0f - momentum) + value * V(momentum * factor);
  });
}

void normalise(float* out, const float* in, const float* mean, const float* inverse_std,
               const float* scale, const float* shift, const BatchNormParams& params) {
  for_each_row(params, [&](Index row) {
    for (Index c = 0; c < params.channels; ++c) {
      out[row + c] = (in[row + c] - mean[c]) * inverse_std[c] * scale[c] + shift[c];
    }
  });
}

float inverse_root(float variance, float epsilon) { return 1.0f / std::sqrt(variance + epsilon); }

}  // namespace

void batch_norm_forward(float* out, float* mean, float* inverse_std, float* running_mean,
                        float* running_variance, const float* in, const float* scale,
                        const float* shift, const BatchNormParams& params) {
  compute_mean(mean, in, params);
  float* variance = inverse_std;
  compute_variance(variance, mean, in, params);
  const float rows = static_cast<float>(params.rows);
  move_running(running_mean, mean, 1.0f, params);
  move_running(running_variance, variance, params.rows > 1 ? rows / (rows - 1.0f) : 1.0f, params);
  for (Index c = 0; c < params.channels; ++c) {
    inverse_std[c] = inverse_root(variance[c], params.epsilon);
  }
  normalise(out, in, mean, inverse_std, scale, shift, params);
}

void batch_norm_inference(float* out, const float* in, const float* running_mean,
                          const float* running_variance, const float* scale, const float* shift,
                          const BatchNormParams& params) {
  const float epsilon = params.epsilon;
  for_each_row(params, [&](Index row) {
    for (Index c = 0; c < params.channels; ++c) {
      const float inverse_std = inverse_root(running_variance[c], epsilon);
      out[row + c] = (in[row + c] - running_mean[c]) * inverse_std * scale[c] + shift[c];
    }
  });
}

void batch_norm_backward(float* d_in, float* d_scale, float* d_shift, float* sums,
                         const float* d_out, const float* in, const float* scale, const float* mean,
                         const float* inverse_std, const BatchNormParams& params) {
  float* sum_gradient = sums;
  float* sum_product = sums + params.channels;
  std::fill_n(sums, 2 * params.channels, 0.0f);
  for_each_row(params, [&](Index row) {
    for (Index c = 0; c < params.channels; ++c) {
      const float normalised = (in[row + c] - mean[c]) * inverse_std[c];
      sum_gradient[c] += d_out[row + c];
      sum_product[c] += d_out[row + c] * normalised;
    }
  });
  for (Index c = 0; c < params.channels; ++c) {
    d_shift[c] += sum_gradient[c];
    d_scale[c] += sum_product[c];
  }
  if (d_in == nullptr) return;
  const float share = 1.0f / static_cast<float>(params.rows);
  for_each_row(params, [&](Index row) {
    for (Index c = 0; c < params.channels; ++c) {
      const float normalised = (in[row + c] - mean[c]) * inverse_std[c];
      const float centred =
          d_out[row + c] - share * (sum_gradient[c] + normalised * sum_product[c]);
      d_in[row + c] = scale[c] * inverse_std[c] * centred;
    }
  });
}

void batch_norm_inference_backward(float* d_in, float* d_scale, float* d_shift, const float* d_out,
                                   const float* in, const float* scale, const float* running_mean,
                                   const float* running_variance, const BatchNormParams& params) {
  for_each_row(params, [&](Index row) {
    for (Index c = 0; c < params.channels; ++c) {
      const float inverse_std = inverse_root(running_variance[c], params.epsilon);
      const float gradient = d_out[row + c];
      d_shift[c] += gradient;
      d_scale[c] += gradient * (in[row + c] - running_mean[c]) * inverse_std;
      if (d_in != nullptr) d_in[row + c] = gradient * scale[c] * inverse_std;
    }
  });
}

}  // namespace kernelgarten
