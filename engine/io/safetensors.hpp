#pragma once

#include <cstdint>
#include <cstring>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "engine/tensor/shape.hpp"

namespace kernelgarten {

/// What the numbers of a tensor in a file are.
enum class Dtype { kF32, kF64, kI64 };

/// "F32"
const char* to_string(Dtype dtype);

template <class T>
inline constexpr Dtype kDtypeOf = Dtype::kI64;
template <>
inline constexpr Dtype kDtypeOf<float> = Dtype::kF32;
template <>
inline constexpr Dtype kDtypeOf<double> = Dtype::kF64;

/// Builds a file of the safetensors format (https://github.com/huggingface/safetensors): the length
/// of the header in 8 bytes, the header in JSON, the numbers; all little-endian.
class SafetensorsWriter {
 public:
  void add_metadata(const std::string& key, const std::string& value);
  /// A tensor of float, double or std::int64_t. Throws InvalidArgument where the name is taken.
  template <class T>
  void add(const std::string& name, const Shape& shape, std::span<const T> values) {
    const auto bytes = std::as_bytes(values);
    add_tensor(name, kDtypeOf<T>, shape,
               {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  }
  std::vector<std::uint8_t> file() const;

 private:
  void add_tensor(const std::string& name, Dtype dtype, const Shape& shape,
                  std::span<const std::uint8_t> bytes);

  std::string metadata_;
  std::string tensors_;
  std::set<std::string> names_;
  std::vector<std::uint8_t> data_;
};

/// A tensor in a file.
struct TensorView {
  Dtype dtype;
  Shape shape;
  /// As many as shape and dtype ask for; not aligned.
  std::span<const std::uint8_t> bytes;

  template <class T>
  void copy_to(std::span<T> values) const {
    if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  }
};

/// What is in a file, which outlives it.
struct Safetensors {
  std::map<std::string, std::string> metadata;
  std::map<std::string, TensorView> tensors;
};

/// Throws InvalidData unless the bytes are a whole file of the format, with tensors of a Dtype one
/// after another, each described as the usual writers do: "dtype", "shape", "data_offsets".
Safetensors read_safetensors(std::span<const std::uint8_t> file);

}  // namespace kernelgarten
