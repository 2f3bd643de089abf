#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/tensor/shape.hpp"

namespace kernelgarten {

/// Labelled images, resident as bytes; a batch is a list of indices.
class ImageDataset {
 public:
  /// From IDX files, plain or (natively) gzip: images [count, height, width], labels [count] from
  /// 0 to 9. Throws InvalidData where a file is not what it should be or the two do not fit.
  static ImageDataset from_idx(std::span<const std::uint8_t> images,
                               std::span<const std::uint8_t> labels);

  Index count() const { return static_cast<Index>(labels_.size()); }
  Index height() const { return height_; }
  Index width() const { return width_; }
  Index channels() const { return 1; }
  Index classes() const { return kClasses; }
  Index image_size() const { return height_ * width_; }
  Shape image_shape() const { return {height_, width_, channels()}; }

  std::span<const std::uint8_t> image(Index index) const;
  std::uint8_t label(Index index) const { return labels_[static_cast<std::size_t>(index)]; }

  /// Moves a random share of the examples, drawn from `seed`, into a new data set. The order of
  /// both parts is random, too. Throws InvalidArgument unless both get at least one example.
  ImageDataset split_off(double fraction, std::uint32_t seed);

 private:
  static constexpr Index kClasses = 10;

  ImageDataset(Index height, Index width) : height_(height), width_(width) {}
  ImageDataset take(std::span<const std::uint32_t> indices) const;

  Index height_;
  Index width_;
  std::vector<std::uint8_t> pixels_;
  std::vector<std::uint8_t> labels_;
};

/// out[i] = bytes[i] / 255: the range 0 to 1 that networks are fed.
void normalize_pixels(float* out, std::span<const std::uint8_t> bytes);

}  // namespace kernelgarten
