#ifdef KERNELGARTEN_GZIP

#include "engine/data/gzip.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "engine/tensor/check.hpp"
#include "tests/engine/synthetic_data.hpp"

namespace kernelgarten::test {
namespace {

/// "abc" twenty times, by Python's gzip.
const Bytes kPacked{0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x4b, 0x4c, 0x4a,
                    0x4e, 0x24, 0x17, 0x01, 0x00, 0x2d, 0xfa, 0x91, 0xe1, 0x3c, 0x00, 0x00, 0x00};

std::uint32_t crc32_of(const Bytes& bytes) {
  std::uint32_t crc = 0xffffffffu;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc % 2 == 1 ? 0xedb88320u : 0u);
  }
  return ~crc;
}

/// A gzip file whose only block is stored as it is; at most 65,535 bytes.
Bytes gzip_stored(const Bytes& bytes) {
  const auto size = static_cast<std::uint32_t>(bytes.size());
  Bytes file{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1};
  const auto append = [&](std::uint32_t number, int count) {
    for (int i = 0; i < count; ++i) file.push_back(static_cast<std::uint8_t>(number >> 8 * i));
  };
  append(size, 2);
  append(~size, 2);
  file.insert(file.end(), bytes.begin(), bytes.end());
  append(crc32_of(bytes), 4);
  append(size, 4);
  return file;
}

}  // namespace

TEST_CASE("gzip: unpacks") {
  CHECK(is_gzip(kPacked));
  CHECK_FALSE(is_gzip(Bytes{0x1f}));
  CHECK_FALSE(is_gzip(Bytes{0, 0, 8, 3}));
  const Bytes text = gunzip(kPacked);
  CHECK(text.size() == 60);
  CHECK(text[0] == 'a');
  CHECK(text[59] == 'c');
  CHECK(gunzip(gzip_stored({})).empty());
  const Bytes numbers = bar_images(200).pixels;
  CHECK(gunzip(gzip_stored(numbers)) == numbers);
}

TEST_CASE("gzip: cut anywhere, or with a wrong sum, it is refused") {
  for (std::size_t size = 0; size < kPacked.size(); ++size) {
    const Bytes cut(kPacked.begin(), kPacked.begin() + static_cast<Index>(size));
    CHECK_THROWS_AS(gunzip(cut), InvalidData);
  }
  Bytes damaged = gzip_stored({1, 2, 3});
  damaged[16] ^= 1;
  CHECK_THROWS_WITH_AS(gunzip(damaged), doctest::Contains("[gzip]"), InvalidData);
}

TEST_CASE("gzip: random garbage behind a good beginning never does worse than throw") {
  std::mt19937 generator(2);
  for (int round = 0; round < 500; ++round) {
    Bytes file(20 + generator() % 200);
    for (std::uint8_t& byte : file) byte = static_cast<std::uint8_t>(generator());
    std::copy_n(kPacked.begin(), 10, file.begin());
    CHECK_THROWS_AS(gunzip(file), InvalidData);
  }
}

TEST_CASE("gzip: a data set comes from packed files, packed garbage is refused") {
  const LabelledImages images = bar_images(20);
  const Bytes plain_images = idx_file({20, 10, 10}, images.pixels);
  const Bytes plain_labels = idx_file({20}, images.labels);
  const ImageDataset dataset =
      ImageDataset::from_idx(gzip_stored(plain_images), gzip_stored(plain_labels));
  CHECK(dataset.count() == 20);
  CHECK(dataset.label(13) == 3);
  CHECK_NOTHROW(ImageDataset::from_idx(gzip_stored(plain_images), plain_labels));
  CHECK_THROWS_AS(ImageDataset::from_idx(gzip_stored({1, 2, 3}), plain_labels), InvalidData);
  CHECK_THROWS_AS(ImageDataset::from_idx(kPacked, plain_labels), InvalidData);
}

}  // namespace kernelgarten::test

#endif  // KERNELGARTEN_GZIP
