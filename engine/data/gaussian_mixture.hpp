#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/tensor/shape.hpp"

namespace kernelgarten {

/// `count` points in the plane [count, 2]: each belongs to one of the centres [n, 2], chosen with
/// equal chances, and lies around it with standard deviation `spread` along each axis. From the
/// seed: the same numbers everywhere. Throws InvalidArgument unless centres come in pairs and are
/// finite, and for a count or a spread out of range.
std::vector<float> gaussian_mixture(std::span<const float> centres, double spread, Index count,
                                    std::uint32_t seed);

}  // namespace kernelgarten
