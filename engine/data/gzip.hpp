#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace kernelgarten {

/// Whether the bytes open as a gzip file does.
bool is_gzip(std::span<const std::uint8_t> bytes);

/// Unpacks a gzip file. Throws InvalidData if it is damaged, ends early, or would unpack to more
/// than 1 GiB. Native builds only; in a browser and in Node the SDK unpacks.
std::vector<std::uint8_t> gunzip(std::span<const std::uint8_t> bytes);

}  // namespace kernelgarten
