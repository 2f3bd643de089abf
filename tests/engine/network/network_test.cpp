#include "engine/network/network.hpp"

#include "engine/tensor/check.hpp"
#include "tests/engine/messages.hpp"
#include "tests/engine/values.hpp"

namespace kernelgarten::test {
namespace {

using doctest::Contains;

NetworkSpec article_network() {
  const Initializer weight{InitializerKind::kNormal, 0.01}, bias{InitializerKind::kConstant, 0.1};
  const Conv2dSpec first{.filters = 32, .weight_init = weight, .bias_init = bias};
  const Conv2dSpec second{.filters = 64, .weight_init = weight, .bias_init = bias};
  return {{28, 28, 1},
          {first, ReluSpec{}, MaxPool2dSpec{}, second, ReluSpec{}, MaxPool2dSpec{}, FlattenSpec{},
           DenseSpec{10, {InitializerKind::kGlorotUniform}, bias}},
          1};
}

Floats parameters_of(Network& network) {
  const auto values = network.parameters();
  return {values.begin(), values.end()};
}

double std_of(std::span<const float> values) {
  double mean = 0.0, squares = 0.0;
  for (const float value : values) mean += static_cast<double>(value);
  mean /= static_cast<double>(values.size());
  for (const float value : values) {
    squares += (static_cast<double>(value) - mean) * (static_cast<double>(value) - mean);
  }
  return std::sqrt(squares / static_cast<double>(values.size()));
}

/// Every part must stand in the message.
void expect_error(const NetworkSpec& spec, const std::vector<const char*>& parts) {
  const auto message = message_of<InvalidArgument>([&] { Network network(spec); });
  for (const char* part : parts) CHECK(message == Contains(part));
}

}  // namespace

TEST_CASE("network: the article's, layer by layer") {
  Network network(article_network());
  const std::vector<std::pair<const char*, Shape>> expected{
      {"conv2d_1", {28, 28, 32}}, {"relu_1", {28, 28, 32}}, {"max_pool2d_1", {14, 14, 32}},
      {"conv2d_2", {14, 14, 64}}, {"relu_2", {14, 14, 64}}, {"max_pool2d_2", {7, 7, 64}},
      {"flatten_1", {3136}},      {"dense_1", {10}}};
  REQUIRE(network.stages().size() == expected.size());
  double flops = 0.0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK(network.stages()[i].name == expected[i].first);
    CHECK(network.stages()[i].output_shape == expected[i].second);
    if (network.stages()[i].parameter_count > 0) flops += network.stages()[i].layer->flops();
  }
  CHECK(network.parameters().size() == 320 + 18496 + 31370);
  CHECK(flops == doctest::Approx(0.45e6 + 7.23e6 + 0.06e6).epsilon(0.01));
  CHECK(network.output_shape() == Shape{10});
}

TEST_CASE("network: weights start as the spec says") {
  Network network(article_network());
  const auto first = network.parameters_of(network.stages()[0]);
  for (std::size_t i = 288; i < 320; ++i) CHECK(first[i] == 0.1f);
  const auto second = network.parameters_of(network.stages()[3]).first(18432);
  CHECK(std_of(second) == doctest::Approx(0.01).epsilon(0.03));
  const auto last = network.parameters_of(network.stages()[7]).first(31360);
  CHECK(std_of(last) == doctest::Approx(std::sqrt(2.0 / 3146.0)).epsilon(0.03));

  Network he({{28, 28, 4}, {Conv2dSpec{.filters = 200}, FlattenSpec{}, DenseSpec{3}}, 1});
  const auto filters = he.parameters_of(he.stages()[0]).first(7200);
  CHECK(std_of(filters) == doctest::Approx(std::sqrt(2.0 / 36.0)).epsilon(0.03));
}

TEST_CASE("network: same seed same weights, other seed other weights") {
  NetworkSpec spec = article_network();
  Network first(spec), second(spec);
  spec.seed = 2;
  Network third(spec);
  CHECK(parameters_of(first) == parameters_of(second));
  CHECK(parameters_of(first) != parameters_of(third));
}

TEST_CASE("network: names given are kept, the others count per type") {
  const Network network(
      {{4}, {DenseSpec{3}, LayerSpec{ReluSpec{}, "mine"}, DenseSpec{2}, ReluSpec{}}, 1});
  CHECK(network.stages()[0].name == "dense_1");
  CHECK(network.stages()[1].name == "mine");
  CHECK(network.stages()[2].name == "dense_2");
}

TEST_CASE("network: what does not fit is named, with what was expected and what came") {
  expect_error({{28, 28, 1}, {DenseSpec{10}}, 1}, {"[dense_1]", "28 x 28 x 1", "flatten"});
  expect_error({{784}, {Conv2dSpec{.filters = 8}}, 1}, {"[conv2d_1]", "image", "784"});
  expect_error({{784}, {MaxPool2dSpec{}}, 1}, {"[max_pool2d_1]", "image", "784"});
  expect_error({{4, 6, 1},
                {Conv2dSpec{.filters = 2},
                 Conv2dSpec{.filters = 2, .kernel = 5, .padding = Padding::kValid}},
                1},
               {"[conv2d_2]", "4", "5", "same"});
  expect_error({{28, 28, 1}, {LayerSpec{ReshapeSpec{{28, 27}}, "turn"}}, 1},
               {"[turn]", "784", "28 x 27"});
  expect_error({{6}, {ReshapeSpec{{-2, -3}}}, 1}, {"[reshape_1]", "at least 1"});
  expect_error({{6}, {ReshapeSpec{}}, 1}, {"[reshape_1]"});
}

TEST_CASE("network: settings out of range are named") {
  const Shape image{8, 8, 1};
  expect_error({image, {Conv2dSpec{.filters = 0}}, 1}, {"[conv2d_1] filters", "got 0"});
  expect_error({image, {Conv2dSpec{.filters = 1, .kernel = 0}}, 1}, {"[conv2d_1] kernel", "got 0"});
  expect_error({image, {Conv2dSpec{.filters = 1, .kernel = -1}}, 1}, {"[conv2d_1] kernel"});
  expect_error({{512, 512, 1}, {Conv2dSpec{.filters = 1, .kernel = 1001}}, 1},
               {"[conv2d_1]", "smaller kernel"});
  expect_error({image, {Conv2dSpec{.filters = 1, .stride = 0}}, 1}, {"[conv2d_1] stride", "got 0"});
  expect_error({image, {MaxPool2dSpec{{.size = 0}}}, 1}, {"[max_pool2d_1]", "got 0"});
  expect_error({image, {AveragePool2dSpec{{.stride = -2}}}, 1}, {"[average_pool2d_1]", "got -2"});
  expect_error({{4}, {DenseSpec{0}}, 1}, {"[dense_1] units", "got 0"});
  expect_error({{4}, {DropoutSpec{1.0}}, 1}, {"[dropout_1] rate", "got 1"});
  expect_error({{4}, {DropoutSpec{std::nan("")}}, 1}, {"[dropout_1] rate", "got nan"});
  expect_error({{4}, {LeakyReluSpec{-0.1}}, 1}, {"[leaky_relu_1] slope", "got -0.1"});
  expect_error({{4}, {BatchNormSpec{.momentum = 1.5}}, 1}, {"[batch_norm_1] momentum", "1.5"});
  expect_error({{4}, {BatchNormSpec{.epsilon = 0.0}}, 1}, {"[batch_norm_1] epsilon", "got 0"});
  expect_error({{4}, {}, 1}, {"[network]", "layers", "got 0"});
  expect_error({{}, {ReluSpec{}}, 1}, {"[network] input"});
  expect_error({{4, 0, 1}, {ReluSpec{}}, 1}, {"[network] input", "4 x 0 x 1"});
}

TEST_CASE("network: absurd sizes end in a message, not in arithmetic that overflows") {
  constexpr Index kHuge = PTRDIFF_MAX / 2 + 1, kOdd = kHuge - 1;
  const Shape image{8, 8, 1};
  expect_error({{kHuge, kHuge, kHuge}, {ReluSpec{}}, 1}, {"[network]"});
  expect_error({image, {Conv2dSpec{.filters = kHuge}}, 1}, {"[conv2d_1]"});
  expect_error({image, {Conv2dSpec{.filters = 1, .kernel = kOdd}}, 1}, {"[conv2d_1]"});
  expect_error({image, {Conv2dSpec{.filters = 1, .stride = PTRDIFF_MAX}}, 1}, {"[conv2d_1]"});
  expect_error({image, {MaxPool2dSpec{{.size = PTRDIFF_MAX}}}, 1}, {"[max_pool2d_1]"});
  expect_error({{4}, {DenseSpec{kHuge}}, 1}, {"[dense_1]"});
  expect_error({{1 << 20}, {DenseSpec{1 << 20}}, 1}, {"[dense_1]", "parameters"});
  expect_error({image, {ReshapeSpec{{kHuge, kHuge}}}, 1}, {"[reshape_1]"});
}

}  // namespace kernelgarten::test
