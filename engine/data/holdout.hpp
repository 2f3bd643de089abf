#pragma once

#include <span>

#include "engine/tensor/check.hpp"

namespace kernelgarten {

/// Throws InvalidArgument unless some, but not all, of a sequence is to be held out.
inline void check_validation_share(double share) {
  check(share > 0.0 && share < 1.0,
        "[validation] the share held out must be above 0 and below 1, got ", share);
}

/// The start of a sequence: what is trained on where its last `share` is held out for validation.
template <class T>
std::span<T> train_part(std::span<T> all, double share) {
  check_validation_share(share);
  return all.first(static_cast<std::size_t>(static_cast<double>(all.size()) * (1.0 - share)));
}

/// The rest.
template <class T>
std::span<T> validation_part(std::span<T> all, double share) {
  return all.subspan(train_part(all, share).size());
}

}  // namespace kernelgarten
