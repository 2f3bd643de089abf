#include "engine/ops/output_gradient.hpp"

#include "engine/ops/conv2d_relu_pool.hpp"
#include "engine/simd/lane_pack.hpp"

namespace kernelgarten {
namespace {

/// Each window's four pixels take the gradient or zero.
void write_pooled(const PaddedImage& to, const float* gradient, const std::int32_t* winner,
                  const Conv2dParams& params, Index top, Index left) {
  const Index width = params.grid.out_width, channels = params.out_channels;
  for (Index y = 0; y < params.grid.out_height; y += kPoolSide) {
    for (Index x = 0; x < width; x += kPoolSide, gradient += channels, winner += channels) {
      float* above = to.at(top + y, left + x);
      float* below = above + to.row();
      const auto first = static_cast<std::int32_t>(y * width + x);
      const auto next_row = static_cast<std::int32_t>(width);
      simd::for_each_pack(channels, [&](Index c, auto lanes) {
        const simd::Pack d = lanes.load(gradient + c);
        const simd::IntPack won = lanes.load(winner + c);
        const auto share = [&](std::int32_t pixel) {
          return simd::select(simd::equal(won, simd::IntPack(pixel)), d, simd::Pack(0.0f));
        };
        lanes.store(above + c, share(first));
        lanes.store(above + to.channels + c, share(first + 1));
        lanes.store(below + c, share(first + next_row));
        lanes.store(below + to.channels + c, share(first + next_row + 1));
      });
    }
  }
}

}  // namespace

void OutputGradient::write(const PaddedImage& to, const Conv2dParams& params, Index n, Index top,
                           Index left) const {
  if (pooled()) {
    const Index offset = n * params.out_size() / (kPoolSide * kPoolSide);
    write_pooled(to, gradient + offset, winner + offset, params, top, left);
  } else {
    to.copy_in(gradient + n * params.out_size(),
               {params.grid.out_height, params.grid.out_width, params.out_channels, top, left});
  }
}

}  // namespace kernelgarten
