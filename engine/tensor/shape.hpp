#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace kernelgarten {

/// Signed size of anything that is counted or indexed.
using Index = std::ptrdiff_t;

/// For numbers that are not negative, and a unit of at least 1.
constexpr Index ceil_divide(Index count, Index unit) { return (count + unit - 1) / unit; }
constexpr Index round_up(Index count, Index unit) { return ceil_divide(count, unit) * unit; }

/// Sizes of a tensor's axes, outermost first. Images are {height, width, channels}; the batch axis
/// is kept apart because it changes from call to call.
using Shape = std::vector<Index>;

/// Product of all sizes; 1 for a scalar.
Index element_count(const Shape& shape);

/// The same for sizes nobody has checked yet, whose product may be more than an Index holds.
double wide_element_count(const Shape& shape);

/// "28 x 28 x 1"
std::string to_string(const Shape& shape);

}  // namespace kernelgarten
