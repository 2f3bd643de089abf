#pragma once

#include <cstdint>

#include "engine/layers/layer.hpp"

namespace kernelgarten {

/// The winners of max pooling lie in the saved floats: same size, other bits.
inline std::int32_t* saved_winners(const LayerPass& pass) {
  static_assert(sizeof(std::int32_t) == sizeof(float));
  return reinterpret_cast<std::int32_t*>(pass.saved);
}

}  // namespace kernelgarten
