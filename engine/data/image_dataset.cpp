#include "engine/data/image_dataset.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/data/idx.hpp"
#include "engine/tensor/check.hpp"
#include "engine/tensor/random.hpp"
#ifdef KERNELGARTEN_GZIP
#include "engine/data/gzip.hpp"
#endif

namespace kernelgarten {
namespace {

/// Calls use(plain bytes) with the file unpacked where that is needed and possible.
template <class Use>
void with_plain_bytes(std::span<const std::uint8_t> file, Use use) {
#ifdef KERNELGARTEN_GZIP
  if (is_gzip(file)) {
    use(gunzip(file));
    return;
  }
#endif
  use(file);
}

}  // namespace

ImageDataset ImageDataset::from_idx(std::span<const std::uint8_t> images,
                                    std::span<const std::uint8_t> labels) {
  ImageDataset dataset(0, 0);
  Index image_count = 0;
  with_plain_bytes(images, [&](std::span<const std::uint8_t> file) {
    const IdxBytes idx = parse_idx(file, 3, "images");
    image_count = idx.shape[0];
    dataset.height_ = idx.shape[1];
    dataset.width_ = idx.shape[2];
    dataset.pixels_.assign(idx.values.begin(), idx.values.end());
  });
  with_plain_bytes(labels, [&](std::span<const std::uint8_t> file) {
    const IdxBytes idx = parse_idx(file, 1, "labels");
    dataset.labels_.assign(idx.values.begin(), idx.values.end());
  });
  check<InvalidData>(image_count == dataset.count(),
                     "[data] expected as many labels as images, got ", image_count, " images and ",
                     dataset.count(), " labels");
  check<InvalidData>(image_count >= 1 && dataset.image_size() >= 1,
                     "[data] expected at least one image with at least one pixel, got ",
                     to_string({image_count, dataset.height_, dataset.width_}));
  const auto too_large =
      std::ranges::find_if(dataset.labels_, [](std::uint8_t label) { return label >= kClasses; });
  check<InvalidData>(too_large == dataset.labels_.end(), "[labels] expected labels from 0 to ",
                     kClasses - 1, ", got ",
                     too_large == dataset.labels_.end() ? 0 : int{*too_large}, " at position ",
                     too_large - dataset.labels_.begin());
  return dataset;
}

std::span<const std::uint8_t> ImageDataset::image(Index index) const {
  const auto size = static_cast<std::size_t>(image_size());
  return std::span(pixels_).subspan(static_cast<std::size_t>(index) * size, size);
}

ImageDataset ImageDataset::split_off(double fraction, std::uint32_t seed) {
  check(fraction > 0.0 && fraction < 1.0,
        "[data] the share to split off must be between 0 and 1, got ", fraction);
  const auto size = static_cast<std::size_t>(std::lround(fraction * static_cast<double>(count())));
  check(size >= 1 && size < labels_.size(), "[data] splitting ", fraction, " off ", count(),
        " examples leaves one part empty");
  std::vector<std::uint32_t> order(labels_.size());
  std::iota(order.begin(), order.end(), 0u);
  Random(seed, random_stream(RandomUse::kSplit, 0)).shuffle(order);
  const std::span<const std::uint32_t> all(order);
  ImageDataset part = take(all.first(size));
  *this = take(all.subspan(size));
  return part;
}

ImageDataset ImageDataset::take(std::span<const std::uint32_t> indices) const {
  ImageDataset part(height_, width_);
  part.pixels_.reserve(indices.size() * static_cast<std::size_t>(image_size()));
  part.labels_.reserve(indices.size());
  for (const std::uint32_t index : indices) {
    const auto pixels = image(static_cast<Index>(index));
    part.pixels_.insert(part.pixels_.end(), pixels.begin(), pixels.end());
    part.labels_.push_back(labels_[index]);
  }
  return part;
}

void normalize_pixels(float* out, std::span<const std::uint8_t> bytes) {
  constexpr float kScale = 1.0f / 255.0f;
  for (std::size_t i = 0; i < bytes.size(); ++i) out[i] = static_cast<float>(bytes[i]) * kScale;
}

}  // namespace kernelgarten
