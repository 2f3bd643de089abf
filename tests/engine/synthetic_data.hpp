#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <vector>

#include "engine/data/image_dataset.hpp"

namespace kernelgarten::test {

using Bytes = std::vector<std::uint8_t>;

/// An IDX file of unsigned bytes: header and whatever values are given.
inline Bytes idx_file(const std::vector<std::uint32_t>& sizes, const Bytes& values) {
  Bytes file{0, 0, 8, static_cast<std::uint8_t>(sizes.size())};
  for (const std::uint32_t size : sizes) {
    for (const int shift : {24, 16, 8, 0}) file.push_back(static_cast<std::uint8_t>(size >> shift));
  }
  file.insert(file.end(), values.begin(), values.end());
  return file;
}

/// Images as bytes with their labels, before they become a data set.
struct LabelledImages {
  std::uint32_t count, height, width;
  Bytes pixels;
  Bytes labels;

  ImageDataset dataset() const {
    return ImageDataset::from_idx(idx_file({count, height, width}, pixels),
                                  idx_file({count}, labels));
  }
  std::shared_ptr<const ImageDataset> shared() const {
    return std::make_shared<const ImageDataset>(dataset());
  }
};

/// Labels 0 to 9 in turn; each image is noise with one bright bar whose place tells the label.
inline LabelledImages bar_images(std::uint32_t count, std::uint32_t side = 10,
                                 std::uint32_t seed = 1) {
  LabelledImages images{count, side, side, {}, {}};
  std::mt19937 generator(seed);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t label = i % 10;
    images.labels.push_back(static_cast<std::uint8_t>(label));
    for (std::uint32_t y = 0; y < side; ++y) {
      for (std::uint32_t x = 0; x < side; ++x) {
        const bool bright = y % 10 == label;
        images.pixels.push_back(static_cast<std::uint8_t>(generator() % 64 + (bright ? 192 : 0)));
      }
    }
  }
  return images;
}

}  // namespace kernelgarten::test
