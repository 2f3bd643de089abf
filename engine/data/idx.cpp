#include "engine/data/idx.hpp"

#include "engine/tensor/check.hpp"

namespace kernelgarten {
namespace {

constexpr std::size_t kMagicSize = 4;
constexpr std::uint32_t kUnsignedByte = 8;
/// Far over any data set that fits a tab, and far under what overflows.
constexpr double kMostValues = 1 << 30;

std::uint32_t read_big_endian(std::span<const std::uint8_t> bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | bytes[i];
  return value;
}

}  // namespace

IdxBytes parse_idx(std::span<const std::uint8_t> file, std::size_t axes, const char* what) {
  check<InvalidData>(!file.empty(), "[", what, "] expected an IDX file, got an empty one");
  check<InvalidData>(file.size() < 2 || file[0] != 0x1f || file[1] != 0x8b, "[", what,
                     "] got a gzip file; unpack it first");
  const std::uint32_t expected = kUnsignedByte << 8 | static_cast<std::uint32_t>(axes);
  const std::size_t header = kMagicSize + 4 * axes;
  check<InvalidData>(file.size() >= kMagicSize, "[", what,
                     "] file ends inside its header: expected ", header, " bytes, got ",
                     file.size());
  const std::uint32_t magic = read_big_endian(file);
  check<InvalidData>(magic == expected, "[", what, "] expected magic number ", expected,
                     " (unsigned bytes, ", axes, " axes), got ", magic,
                     "; is this an IDX file, and the right one?");
  check<InvalidData>(file.size() >= header, "[", what, "] file ends inside its header: expected ",
                     header, " bytes, got ", file.size());
  IdxBytes result;
  double count = 1.0;
  for (std::size_t axis = 0; axis < axes; ++axis) {
    const std::uint32_t size = read_big_endian(file.subspan(kMagicSize + 4 * axis));
    count *= size;
    check<InvalidData>(count <= kMostValues, "[", what, "] header promises ", count,
                       " values, more than fit");
    result.shape.push_back(static_cast<Index>(size));
  }
  result.values = file.subspan(header);
  check<InvalidData>(static_cast<double>(result.values.size()) == count, "[", what,
                     "] header promises ", to_string(result.shape), " = ", count,
                     " bytes, the file has ", result.values.size(),
                     "; it may be truncated, get it again");
  return result;
}

}  // namespace kernelgarten
