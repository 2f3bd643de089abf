#include "engine/ops/dropout.hpp"

#include "engine/simd/loops.hpp"
#include "engine/tensor/random.hpp"

namespace kernelgarten {

void dropout_forward(float* out, float* mask, const float* in, Index first, Index count, float rate,
                     std::uint32_t seed, std::uint64_t stream) {
  Random random(seed, stream);
  random.skip_to(static_cast<std::uint64_t>(first));
  const float kept = 1.0f / (1.0f - rate);
  for (Index i = 0; i < count; ++i) mask[i] = random.uniform() < rate ? 0.0f : kept;
  simd::zip(out, in, mask, count, [](auto x, auto m) { return x * m; });
}

void dropout_backward(float* d_in, const float* d_out, const float* mask, Index count) {
  simd::zip(d_in, d_out, mask, count, [](auto gradient, auto m) { return gradient * m; });
}

}  // namespace kernelgarten
