#include "engine/data/idx.hpp"

#include <doctest/doctest.h>

#include "engine/tensor/check.hpp"
#include "tests/engine/messages.hpp"
#include "tests/engine/synthetic_data.hpp"

namespace kernelgarten::test {
namespace {

using doctest::Contains;

doctest::String error_of(const Bytes& file, std::size_t axes) {
  return message_of<InvalidData>([&] { parse_idx(file, axes, "images"); });
}

}  // namespace

TEST_CASE("idx: sizes and values of a good file") {
  const Bytes file = idx_file({2, 1, 3}, {1, 2, 3, 4, 5, 255});
  const IdxBytes idx = parse_idx(file, 3, "images");
  CHECK(idx.shape == Shape{2, 1, 3});
  CHECK(Bytes(idx.values.begin(), idx.values.end()) == Bytes{1, 2, 3, 4, 5, 255});
  CHECK(parse_idx(idx_file({0}, {}), 1, "labels").values.empty());
}

TEST_CASE("idx: an empty file, a gzip file, a wrong magic number") {
  CHECK(error_of({}, 3) == Contains("[images] expected an IDX file, got an empty one"));
  CHECK(error_of({0x1f, 0x8b, 8, 0}, 3) == Contains("gzip"));
  CHECK(error_of(idx_file({2}, {1, 2}), 3) == Contains("expected magic number 2051"));
  CHECK(error_of(idx_file({2}, {1, 2}), 3) == Contains("got 2049"));
  Bytes floats = idx_file({1, 1, 1}, {1});
  floats[2] = 0x0D;
  CHECK(error_of(floats, 3) == Contains("magic number"));
  CHECK(error_of({'<', 'h', 't', 'm', 'l', '>', ' ', ' '}, 3) == Contains("magic number"));
}

TEST_CASE("idx: cut anywhere, it is refused") {
  const Bytes file = idx_file({3, 4, 5}, Bytes(60, 7));
  for (std::size_t size = 0; size < file.size(); ++size) {
    CAPTURE(size);
    const Bytes cut(file.begin(), file.begin() + static_cast<Index>(size));
    CHECK_THROWS_AS(parse_idx(cut, 3, "images"), InvalidData);
  }
  const Bytes truncated(file.begin(), file.end() - 1);
  CHECK(error_of(truncated, 3) == Contains("3 x 4 x 5 = 60"));
  CHECK(error_of(truncated, 3) == Contains("59"));
  Bytes longer = file;
  longer.push_back(0);
  CHECK(error_of(longer, 3) == Contains("61"));
}

TEST_CASE("idx: sizes that promise more than memory holds") {
  CHECK(error_of(idx_file({0xffffffffu, 0xffffffffu, 0xffffffffu}, {1}), 3) ==
        Contains("[images]"));
  CHECK(error_of(idx_file({0x80000000u}, {1}), 1) == Contains("[images]"));
  CHECK_THROWS_AS(parse_idx(idx_file({1u << 16, 1u << 16, 0}, {1}), 3, "images"), InvalidData);
}

TEST_CASE("idx: random bytes, and random damage to a good file, never do worse than throw") {
  std::mt19937 generator(1);
  const Bytes good = idx_file({3, 4, 5}, Bytes(60, 7));
  for (int round = 0; round < 3000; ++round) {
    Bytes file = good;
    if (round % 2 == 0) {
      file.resize(generator() % 40);
      for (std::uint8_t& byte : file) byte = static_cast<std::uint8_t>(generator());
    } else {
      file[generator() % 16] = static_cast<std::uint8_t>(generator());
      file.resize(file.size() - generator() % 3);
    }
    try {
      const IdxBytes idx = parse_idx(file, 3, "images");
      CHECK(element_count(idx.shape) == static_cast<Index>(idx.values.size()));
    } catch (const InvalidData&) {
    }
  }
}

}  // namespace kernelgarten::test
