#include "engine/io/safetensors.hpp"

#include "engine/tensor/check.hpp"
#include "tests/engine/messages.hpp"
#include "tests/engine/synthetic_data.hpp"
#include "tests/engine/values.hpp"

namespace kernelgarten::test {
namespace {

using doctest::Contains;

/// A file with this header, and so many bytes behind it.
Bytes file_of(const std::string& header, std::size_t data = 0) {
  Bytes file(8 + header.size() + data);
  const std::uint64_t length = header.size();
  std::memcpy(file.data(), &length, sizeof length);
  std::ranges::copy(header, file.begin() + 8);
  return file;
}

/// A tensor's entry in a header.
std::string entry(const std::string& dtype, const std::string& shape, const std::string& offsets) {
  return concat("{\"dtype\":\"", dtype, "\",\"shape\":", shape, ",\"data_offsets\":", offsets, "}");
}

template <class T>
std::vector<T> values_of(const TensorView& tensor) {
  std::vector<T> values(tensor.bytes.size() / sizeof(T));
  tensor.copy_to(std::span(values));
  return values;
}

Bytes small_file() {
  SafetensorsWriter writer;
  writer.add_metadata("model", "test");
  writer.add<float>("a.weight", {2, 3}, Floats{1, 2, 3, 4, 5, 6});
  writer.add<double>("rate", {}, Doubles{0.1});
  writer.add<std::int64_t>("steps", {}, std::vector<std::int64_t>{7});
  return writer.file();
}

}  // namespace

TEST_CASE("safetensors: the bytes that the format asks for") {
  SafetensorsWriter writer;
  writer.add_metadata("k", "v");
  writer.add<float>("x", {2}, Floats{1.0f, -2.0f});
  const std::string header =
      R"({"__metadata__":{"k":"v"},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} )";
  REQUIRE(header.size() % 8 == 0);
  Bytes expected = file_of(header);
  const Bytes numbers{0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0};
  expected.insert(expected.end(), numbers.begin(), numbers.end());
  CHECK(writer.file() == expected);
}

TEST_CASE("safetensors: what is written is read again, whatever it is called") {
  const std::string odd = "a\"b\\c/\n\t\x01 数🌟";
  SafetensorsWriter writer;
  writer.add_metadata(odd, odd);
  writer.add<float>(odd, {1, 3}, Floats{0.5f, -kInfinity, 1e-40f});
  writer.add<double>("scalar", {}, Doubles{0.1});
  writer.add<std::int64_t>("whole", {2}, std::vector<std::int64_t>{-1, 1ll << 40});
  writer.add<float>("empty", {4, 0}, Floats{});
  const Bytes file = writer.file();
  const Safetensors content = read_safetensors(file);
  CHECK(content.metadata == std::map<std::string, std::string>{{odd, odd}});
  REQUIRE(content.tensors.size() == 4);
  CHECK(content.tensors.at(odd).dtype == Dtype::kF32);
  CHECK(content.tensors.at(odd).shape == Shape{1, 3});
  CHECK(values_of<float>(content.tensors.at(odd)) == Floats{0.5f, -kInfinity, 1e-40f});
  CHECK(content.tensors.at("scalar").shape.empty());
  CHECK(values_of<double>(content.tensors.at("scalar")) == Doubles{0.1});
  CHECK(values_of<std::int64_t>(content.tensors.at("whole")) ==
        std::vector<std::int64_t>{-1, 1ll << 40});
  CHECK(content.tensors.at("empty").shape == Shape{4, 0});
  CHECK_THROWS_WITH_AS(writer.add<float>("empty", {0}, Floats{}), Contains("[empty]"),
                       InvalidArgument);
}

TEST_CASE("safetensors: spaces, and escapes of other writers") {
  const Bytes file =
      file_of(" { \"\\u0041\\n\" : " + entry("F32", "[ 1 , 1 ]", "[ 0 , 4 ]") + " }\n ", 4);
  CHECK(read_safetensors(file).tensors.at("A\n").shape == Shape{1, 1});
  CHECK(read_safetensors(file_of("{}")).tensors.empty());
}

TEST_CASE("safetensors: what is not a file of the format is refused, with the place") {
  const std::string good = entry("F32", "[1]", "[0,4]");
  const auto refusal = [](const std::string& header, std::size_t data = 4) {
    const Bytes file = file_of(header, data);
    return message_of<InvalidData>([&] { read_safetensors(file); });
  };
  CHECK(message_of<InvalidData>([] { read_safetensors(Bytes(7)); }) == Contains("8 bytes, got 7"));
  CHECK(message_of<InvalidData>([] { read_safetensors(Bytes(9, 0xFF)); }) ==
        Contains("only 1 follow"));
  CHECK(refusal("") == Contains("expected { at byte 0"));
  CHECK(refusal("{\"x\":" + good) == Contains("expected }"));
  CHECK(refusal("{\"x\":" + good + ",}") == Contains("expected \""));
  CHECK(refusal("{\"x\":" + good + "}x") == Contains("nothing more"));
  CHECK(refusal("{\"x\":" + good + "}", 5) == Contains("expected 4 bytes of data, got 5"));
  CHECK(refusal("{\"x\":" + good + "}", 3) == Contains("[x]"));
  CHECK(refusal("{\"x\":" + good + ",\"x\":" + entry("F32", "[0]", "[4,4]") + "}") ==
        Contains("[x] expected once"));
  CHECK(refusal("{\"__metadata__\":{\"k\":\"\",\"k\":\"\"}}", 0) == Contains("[k] expected once"));
  CHECK(refusal("{\"x\":" + entry("F16", "[2]", "[0,4]") + "}") == Contains("got F16"));
  CHECK(refusal("{\"x\":" + entry("F32", "[2]", "[0,4]") + "}") == Contains("got 4"));
  CHECK(refusal("{\"x\":" + entry("F32", "[1]", "[4,0]") + "}") == Contains("[x] expected data"));
  CHECK(refusal("{\"x\":" + entry("F32", "[0]", "[2,2]") + "}") == Contains("from byte 0"));
  CHECK(refusal("{\"x\":" + entry("F32", "[-1]", "[0,4]") + "}") == Contains("a number"));
  CHECK(refusal("{\"x\":" + entry("F32", "[99999999999999999999]", "[0,4]") + "}") ==
        Contains("up to 2147483647"));
  // The product of the sizes would be 0 in 64 bits.
  CHECK(refusal("{\"x\":" + entry("F32", "[1073741824,1073741824,16]", "[0,0]") + "}", 0) ==
        Contains("[x] expected bytes"));
  CHECK(refusal("{\"\\u00e9\":" + good + "}") == Contains("ASCII"));
  CHECK(refusal("{\"\\x\":" + good + "}") == Contains("escape"));
  CHECK(refusal("{\"\n\":" + good + "}") == Contains("control"));
  CHECK(refusal("{\"x\":{\"shape\":[1]}}") == Contains("\"dtype\""));
  // A text that does not end before the file does.
  CHECK(refusal("{\"x", 0) == Contains("expected more"));
  CHECK(refusal("{\"\\", 0) == Contains("expected more"));
}

TEST_CASE("safetensors: part of a file is refused, and a spoilt one read within its bounds") {
  const Bytes file = small_file();
  for (std::size_t size = 0; size < file.size(); ++size) {
    // Exactly so large, for the address sanitizer.
    const Bytes part(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
    CAPTURE(size);
    CHECK_THROWS_AS(read_safetensors(part), InvalidData);
  }
  int refused = 0;
  for (std::size_t place = 0; place < file.size(); ++place) {
    for (int value = 0; value < 256; ++value) {
      Bytes spoilt = file;
      spoilt[place] = static_cast<std::uint8_t>(value);
      try {
        const Safetensors content = read_safetensors(spoilt);
        for (const auto& [name, tensor] : content.tensors) values_of<std::uint8_t>(tensor);
      } catch (const InvalidData&) {
        ++refused;
      }
    }
  }
  CHECK(refused > 10000);
}

}  // namespace kernelgarten::test
