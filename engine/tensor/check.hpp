#pragma once

#include <sstream>
#include <stdexcept>
#include <string>

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

/// Joins its arguments into one text: `concat("[conv2d] expected ", 3, " channels")`.
template <class... Parts>
std::string concat(const Parts&... parts) {
  std::ostringstream text;
  (text << ... << parts);
  return text.str();
}

/// Throws `Error` with the joined message parts unless `condition` holds. Messages open with the
/// name of the place in brackets and say what was expected and what came.
template <class Error = InvalidArgument, class... Parts>
void check(bool condition, const Parts&... parts) {
  if (!condition) throw Error(concat(parts...));
}

}  // namespace kernelgarten
