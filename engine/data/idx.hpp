#pragma once

#include <cstdint>
#include <span>

#include "engine/tensor/shape.hpp"

namespace kernelgarten {

/// Contents of an IDX file of unsigned bytes: sizes, and a view of the bytes given.
struct IdxBytes {
  Shape shape;
  std::span<const std::uint8_t> values;
};

/// Reads MNIST's file format: two zero bytes, the type (8 for unsigned bytes), the number of axes,
/// each size as a big-endian 32-bit number, and the values. Throws InvalidData unless there are
/// exactly `axes` axes and as many values as they say. `what` opens the message: "images".
IdxBytes parse_idx(std::span<const std::uint8_t> file, std::size_t axes, const char* what);

}  // namespace kernelgarten
