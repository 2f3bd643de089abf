#include "engine/data/gzip.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>

#include "engine/tensor/check.hpp"

namespace kernelgarten {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 30;
/// windowBits for a window of 32 KB plus zlib's flag for a gzip wrapper.
constexpr int kGzipWindow = 15 + 16;

/// Ends the stream however the function is left.
struct InflateStream : z_stream {
  InflateStream() : z_stream{} {
    check<InvalidData>(inflateInit2(this, kGzipWindow) == Z_OK, "[gzip] out of memory");
  }
  ~InflateStream() { inflateEnd(this); }
};

}  // namespace

bool is_gzip(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

std::vector<std::uint8_t> gunzip(std::span<const std::uint8_t> bytes) {
  InflateStream stream;
  stream.next_in = const_cast<std::uint8_t*>(bytes.data());  // zlib only reads through it
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::vector<std::uint8_t> result;
  std::array<std::uint8_t, 1 << 16> part;
  int status = Z_OK;
  while (status == Z_OK) {
    stream.next_out = part.data();
    stream.avail_out = part.size();
    status = inflate(&stream, Z_NO_FLUSH);
    check<InvalidData>(status == Z_OK || status == Z_STREAM_END,
                       "[gzip] the file is damaged or ends early (",
                       stream.msg != nullptr ? stream.msg : "unexpected end", "); get it again");
    result.insert(result.end(), part.data(), stream.next_out);
    check<InvalidData>(result.size() <= kMostBytes, "[gzip] unpacks to more than 1 GiB");
  }
  return result;
}

}  // namespace kernelgarten
