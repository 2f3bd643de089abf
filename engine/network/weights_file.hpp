#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/network/network.hpp"

namespace kernelgarten {

/// A safetensors file of a network's parameters (`conv2d_1.weight`) and running statistics, and of
/// nothing else: what is needed to use it. Throws InvalidArgument where two layers have the same
/// name.
std::vector<std::uint8_t> write_weights(Network& network);

/// Takes over what such a file of a network with the same layers holds. Throws, and changes nothing
/// then, InvalidData where the bytes are not a whole file, InvalidArgument where they are of
/// another network.
void read_weights(Network& network, std::span<const std::uint8_t> file);

}  // namespace kernelgarten
