#include "engine/tensor/shape.hpp"

#include <functional>
#include <numeric>

namespace kernelgarten {

Index element_count(const Shape& shape) {
  return std::accumulate(shape.begin(), shape.end(), Index{1}, std::multiplies<>());
}

double wide_element_count(const Shape& shape) {
  double count = 1.0;
  for (const Index size : shape) count *= static_cast<double>(size);
  return count;
}

std::string to_string(const Shape& shape) {
  std::string text;
  for (const Index size : shape) {
    if (!text.empty()) text += " x ";
    text += std::to_string(size);
  }
  return text;
}

}  // namespace kernelgarten
