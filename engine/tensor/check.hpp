#pragma once

#include <cmath>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

namespace kernelgarten {

/// A caller asked for something that makes no sense: a shape, a size, a rate.
class InvalidArgument : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

/// Bytes that were given as data are not what they should be.
class InvalidData : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

/// A loss, an activation or a gradient is no longer a finite number.
class NonFinite : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

namespace internal {

inline void append(std::string& text, std::string_view part) { text += part; }

/// Whole numbers in full, others as printf's %g writes them: six digits, no trailing zeros.
template <class Number>
  requires std::is_arithmetic_v<Number>
void append(std::string& text, Number number) {
  if constexpr (std::is_integral_v<Number>) {
    text += std::to_string(number);
  } else {
    char digits[32];
    const double value = static_cast<double>(number);
    const bool whole = value > -1e15 && value < 1e15 && value == std::trunc(value);
    std::snprintf(digits, sizeof digits, whole ? "%.0f" : "%g", value);
    text += digits;
  }
}

}  // namespace internal

/// Joins its arguments into one text: `concat("[conv2d] expected ", 3, " channels")`.
template <class... Parts>
std::string concat(const Parts&... parts) {
  std::string text;
  (internal::append(text, parts), ...);
  return text;
}

/// Throws `Error` with the joined message parts unless `condition` holds. Messages open with the
/// name of the place in brackets and say what was expected and what came.
template <class Error = InvalidArgument, class... Parts>
void check(bool condition, const Parts&... parts) {
  if (!condition) throw Error(concat(parts...));
}

}  // namespace kernelgarten
