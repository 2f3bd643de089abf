#include "engine/data/image_dataset.hpp"

#include <algorithm>
#include <map>

#include "engine/tensor/check.hpp"
#include "tests/engine/messages.hpp"
#include "tests/engine/synthetic_data.hpp"
#include "tests/engine/values.hpp"

namespace kernelgarten::test {
namespace {

using doctest::Contains;

Bytes image_of(const ImageDataset& dataset, Index index) {
  const auto image = dataset.image(index);
  return {image.begin(), image.end()};
}

doctest::String error_of(const Bytes& images, const Bytes& labels) {
  return message_of<InvalidData>([&] { ImageDataset::from_idx(images, labels); });
}

}  // namespace

TEST_CASE("image_dataset: holds what the files say") {
  const ImageDataset dataset =
      ImageDataset::from_idx(idx_file({2, 1, 3}, {1, 2, 3, 4, 5, 6}), idx_file({2}, {9, 0}));
  CHECK(dataset.count() == 2);
  CHECK(dataset.height() == 1);
  CHECK(dataset.width() == 3);
  CHECK(dataset.image_shape() == Shape{1, 3, 1});
  CHECK(dataset.classes() == 10);
  CHECK(image_of(dataset, 1) == Bytes{4, 5, 6});
  CHECK(dataset.label(0) == 9);
}

TEST_CASE("image_dataset: files that do not fit each other, labels over 9, nothing at all") {
  const Bytes images = idx_file({2, 1, 1}, {1, 2});
  CHECK(error_of(images, idx_file({3}, {1, 2, 3})) == Contains("2 images and 3 labels"));
  CHECK(error_of(images, idx_file({2}, {1, 10})) == Contains("[labels]"));
  CHECK(error_of(images, idx_file({2}, {1, 10})) == Contains("got 10 at position 1"));
  CHECK(error_of(idx_file({0, 28, 28}, {}), idx_file({0}, {})) == Contains("at least one image"));
  CHECK(error_of(idx_file({1, 0, 28}, {}), idx_file({1}, {1})) == Contains("at least one"));
  CHECK(error_of({}, idx_file({2}, {1, 2})) == Contains("[images]"));
  CHECK(error_of(images, {}) == Contains("[labels]"));
  CHECK(error_of(idx_file({2}, {1, 2}), images) == Contains("[images]"));
}

TEST_CASE("image_dataset: split_off moves a seeded share and loses nothing") {
  // Each image's first pixel is its number, which fixes its label.
  LabelledImages images{100, 1, 2, {}, {}};
  for (int i = 0; i < 100; ++i) {
    images.pixels.push_back(static_cast<std::uint8_t>(i));
    images.pixels.push_back(static_cast<std::uint8_t>(255 - i));
    images.labels.push_back(static_cast<std::uint8_t>(i % 10));
  }
  ImageDataset rest = images.dataset();
  const ImageDataset part = rest.split_off(0.2, 5);
  CHECK(part.count() == 20);
  CHECK(rest.count() == 80);
  std::map<int, int> seen;
  for (const ImageDataset* dataset : {&part, static_cast<const ImageDataset*>(&rest)}) {
    for (Index i = 0; i < dataset->count(); ++i) {
      const int number = dataset->image(i)[0];
      ++seen[number];
      CHECK(dataset->image(i)[1] == 255 - number);
      CHECK(dataset->label(i) == number % 10);
    }
  }
  CHECK(seen.size() == 100);

  ImageDataset again = images.dataset(), other = images.dataset();
  CHECK(image_of(again.split_off(0.2, 5), 3) == image_of(part, 3));
  const ImageDataset third = other.split_off(0.2, 6);
  bool differs = false;
  for (Index i = 0; i < 20; ++i) differs = differs || image_of(third, i) != image_of(part, i);
  CHECK(differs);
}

TEST_CASE("image_dataset: split_off refuses a share that leaves a part empty") {
  ImageDataset dataset = bar_images(10).dataset();
  for (const double fraction : {0.0, 1.0, -0.5, 2.0, 0.01, 0.99, std::nan("")}) {
    CHECK_THROWS_WITH_AS(dataset.split_off(fraction, 1), Contains("[data]"), InvalidArgument);
  }
  CHECK(dataset.count() == 10);
}

TEST_CASE("image_dataset: bytes become the range 0 to 1") {
  Floats out = poison(4);
  normalize_pixels(out.data(), Bytes{0, 51, 128, 255});
  check_close(out, Doubles{0, 0.2, 128.0 / 255.0, 1}, 1e-7);
}

}  // namespace kernelgarten::test
