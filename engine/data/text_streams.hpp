#pragma once

#include <cstdint>
#include <span>

#include "engine/tensor/shape.hpp"

namespace kernelgarten {

/// A part of a text, read in several places at once: it is cut into equally long streams, and each
/// window shows the next `steps` symbols of every stream, with the symbol that follows each.
class TextStreams {
 public:
  /// Throws InvalidArgument, naming `what`, unless every stream has at least one window.
  TextStreams(std::span<const std::uint16_t> symbols, Index streams, Index steps, const char* what);

  Index streams() const { return streams_; }
  Index windows() const { return stream_length_ / steps_; }

  /// The symbols of a stream in a window, as a network reads them: [steps].
  void load(float* to, Index stream, Index window) const;
  /// Those that follow.
  void load_next(std::int32_t* to, Index stream, Index window) const;

 private:
  const std::uint16_t* at(Index stream, Index window) const {
    return symbols_.data() + stream * stream_length_ + window * steps_;
  }

  std::span<const std::uint16_t> symbols_;
  Index streams_;
  Index steps_;
  Index stream_length_;
};

}  // namespace kernelgarten
