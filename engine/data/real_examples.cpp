#include "engine/data/real_examples.hpp"

#include <algorithm>
#include <cmath>

#include "engine/simd/loops.hpp"
#include "engine/tensor/check.hpp"

namespace kernelgarten {

void RealImages::load(float* to, Index index) const {
  normalize_pixels(to, images_->image(index));
  simd::map(to, to, images_->image_size(),
            [](auto x) { return x * decltype(x)(2.0f) - decltype(x)(1.0f); });
}

RealPoints::RealPoints(std::vector<float> coordinates) : coordinates_(std::move(coordinates)) {
  check(!coordinates_.empty() && coordinates_.size() % 2 == 0,
        "[points] expected x and y of at least one point, got ", coordinates_.size(), " numbers");
  for (const float value : coordinates_) {
    check<InvalidData>(std::isfinite(value), "[points] expected finite numbers, got ", value);
  }
}

void RealPoints::load(float* to, Index index) const {
  std::copy_n(coordinates_.data() + 2 * index, 2, to);
}

}  // namespace kernelgarten
