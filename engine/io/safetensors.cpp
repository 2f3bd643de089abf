#include "engine/io/safetensors.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "engine/io/json_scanner.hpp"
#include "engine/tensor/check.hpp"

namespace kernelgarten {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are copied as they are");

constexpr std::string_view kMetadata = "__metadata__";
constexpr std::size_t kLengthSize = 8;

struct DtypeInfo {
  Dtype dtype;
  const char* name;
  int size;
};
constexpr std::array kDtypes{DtypeInfo{Dtype::kF32, "F32", 4}, DtypeInfo{Dtype::kF64, "F64", 8},
                             DtypeInfo{Dtype::kI64, "I64", 8}};

std::string to_json(const Shape& shape) {
  std::string list = "[";
  for (const Index size : shape) list += concat(list.size() > 1 ? "," : "", size);
  return list + "]";
}

/// What is left of the file behind its header.
class DataSection {
 public:
  explicit DataSection(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  /// Tensors follow one another without gaps.
  std::span<const std::uint8_t> take(const std::string& name, std::uint64_t begin,
                                     std::uint64_t end) {
    check<InvalidData>(begin == taken_ && end >= begin && end <= bytes_.size(), "[", name,
                       "] expected data from byte ", taken_, ", at most to ", bytes_.size(),
                       ", got ", begin, " to ", end);
    taken_ = static_cast<std::size_t>(end);
    return bytes_.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
  }
  void check_all_taken() const {
    check<InvalidData>(taken_ == bytes_.size(), "[safetensors] expected ", taken_,
                       " bytes of data, got ", bytes_.size());
  }

 private:
  std::span<const std::uint8_t> bytes_;
  std::size_t taken_ = 0;
};

const DtypeInfo& read_dtype(JsonScanner& json, const std::string& tensor) {
  const std::string name = json.string();
  const auto info = std::ranges::find(kDtypes, name, &DtypeInfo::name);
  check<InvalidData>(info != kDtypes.end(), "[", tensor, "] expected numbers F32, F64 or I64, got ",
                     name);
  return *info;
}

Shape read_shape(JsonScanner& json) {
  // So that an Index holds each, where it has 32 bits too.
  constexpr std::uint64_t kLargestSize = 0x7FFFFFFF;
  Shape shape;
  json.list('[', ']', [&] { shape.push_back(static_cast<Index>(json.number(kLargestSize))); });
  return shape;
}

TensorView read_tensor(JsonScanner& json, const std::string& name, DataSection& data) {
  constexpr std::uint64_t kLargestOffset = std::uint64_t{1} << 50;
  json.expect('{');
  json.key("dtype");
  const DtypeInfo& dtype = read_dtype(json, name);
  json.expect(',');
  json.key("shape");
  const Shape shape = read_shape(json);
  json.expect(',');
  json.key("data_offsets");
  json.expect('[');
  const std::uint64_t begin = json.number(kLargestOffset);
  json.expect(',');
  const std::uint64_t end = json.number(kLargestOffset);
  json.expect(']');
  json.expect('}');
  const std::span<const std::uint8_t> bytes = data.take(name, begin, end);
  // In double: the product of sizes that nobody has checked yet.
  check<InvalidData>(wide_element_count(shape) * dtype.size == static_cast<double>(bytes.size()),
                     "[", name, "] expected bytes for ", to_string(shape), " numbers, got ",
                     bytes.size());
  return {dtype.dtype, shape, bytes};
}

template <class Value>
void insert_once(std::map<std::string, Value>& map, const std::string& key, Value value) {
  check<InvalidData>(map.emplace(key, std::move(value)).second, "[", key,
                     "] expected once in the file, got it twice");
}

}  // namespace

const char* to_string(Dtype dtype) {
  return std::ranges::find(kDtypes, dtype, &DtypeInfo::dtype)->name;
}

void SafetensorsWriter::add_metadata(const std::string& key, const std::string& value) {
  metadata_ += concat(metadata_.empty() ? "" : ",", to_json(key), ":", to_json(value));
}

void SafetensorsWriter::add_tensor(const std::string& name, Dtype dtype, const Shape& shape,
                                   std::span<const std::uint8_t> bytes) {
  check(names_.insert(name).second, "[", name,
        "] two tensors of a file have this name; give the layers different ones");
  const std::size_t begin = data_.size();
  data_.insert(data_.end(), bytes.begin(), bytes.end());
  tensors_ += concat(",", to_json(name), ":{\"dtype\":\"", to_string(dtype),
                     "\",\"shape\":", to_json(shape), ",\"data_offsets\":[", begin, ",",
                     data_.size(), "]}");
}

std::vector<std::uint8_t> SafetensorsWriter::file() const {
  std::string header = concat("{\"", kMetadata, "\":{", metadata_, "}", tensors_, "}");
  // With spaces at its end, so that the numbers are aligned.
  header.resize((header.size() + kLengthSize - 1) / kLengthSize * kLengthSize, ' ');
  std::vector<std::uint8_t> file;
  file.reserve(kLengthSize + header.size() + data_.size());
  for (std::size_t i = 0; i < kLengthSize; ++i) {
    file.push_back(static_cast<std::uint8_t>(std::uint64_t{header.size()} >> 8 * i));
  }
  file.insert(file.end(), header.begin(), header.end());
  file.insert(file.end(), data_.begin(), data_.end());
  return file;
}

Safetensors read_safetensors(std::span<const std::uint8_t> file) {
  check<InvalidData>(file.size() >= kLengthSize, "[safetensors] expected at least ", kLengthSize,
                     " bytes, got ", file.size());
  std::uint64_t length;
  std::memcpy(&length, file.data(), kLengthSize);
  check<InvalidData>(length <= file.size() - kLengthSize, "[safetensors] expected a header of ",
                     length, " bytes, but only ", file.size() - kLengthSize, " follow");
  const auto size = static_cast<std::size_t>(length);
  JsonScanner json({reinterpret_cast<const char*>(file.data()) + kLengthSize, size});
  DataSection data(file.subspan(kLengthSize + size));
  Safetensors content;
  json.list('{', '}', [&] {
    const std::string name = json.string();
    json.expect(':');
    if (name != kMetadata) {
      insert_once(content.tensors, name, read_tensor(json, name, data));
      return;
    }
    json.list('{', '}', [&] {
      const std::string key = json.string();
      json.expect(':');
      insert_once(content.metadata, key, json.string());
    });
  });
  json.expect_end();
  data.check_all_taken();
  return content;
}

}  // namespace kernelgarten
