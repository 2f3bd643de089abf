#pragma once

#include <cstdint>

#include "engine/tensor/shape.hpp"

namespace kernelgarten {

/// Inverted dropout: out[i] = in[i] mask[i], where mask[i] is 0 with probability `rate` and
/// 1 / (1 - rate) otherwise, so the expected value stays. The mask is a function of seed, stream
/// and first + i alone, so a batch in parts gets the mask of the whole; it is saved for the way
/// back. Srivastava et al., JMLR 2014.
void dropout_forward(float* out, float* mask, const float* in, Index first, Index count, float rate,
                     std::uint32_t seed, std::uint64_t stream);

/// d_in[i] = d_out[i] mask[i], written.
void dropout_backward(float* d_in, const float* d_out, const float* mask, Index count);

}  // namespace kernelgarten
