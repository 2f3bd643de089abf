#pragma once

#include <doctest/doctest.h>

namespace kernelgarten::test {

/// What `Error` says when `run` throws it; comparable with doctest::Contains.
template <class Error, class Run>
doctest::String message_of(Run run) {
  try {
    run();
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was thrown";
}

}  // namespace kernelgarten::test
