#include "engine/network/workspace.hpp"
#include "tests/engine/threads.hpp"
#include "tests/engine/values.hpp"

namespace kernelgarten::test {
namespace {

std::vector<std::string> executed(const NetworkSpec& spec) {
  std::vector<std::string> names;
  const Network network(spec);
  for (const Stage& stage : network.fused_stages()) names.push_back(stage.name);
  return names;
}

using Names = std::vector<std::string>;

/// Output, parameter gradients and the input's neighbours, as one pass leaves them.
struct Pass {
  Floats out, gradients;

  Pass(Network& network, Keep keep) : gradients(network.parameters().size(), 0.0f) {
    constexpr Examples kExamples{0, 3};
    Workspace workspace(network, {3, 3, 1}, keep);
    const Floats in = random_values(3 * element_count(network.input_shape()), 1);
    const Floats d_out = random_values(3 * element_count(network.output_shape()), 2);
    std::copy(in.begin(), in.end(), workspace.input(kExamples, 0));
    const PassContext context{Mode::kTraining, 7, network.state().data(), gradients.data(),
                              one_thread()};
    workspace.forward(network, workspace.all_layers(network), kExamples, 0, context);
    out.assign(workspace.output(kExamples, 0), workspace.output(kExamples, 0) + d_out.size());
    std::copy(d_out.begin(), d_out.end(), workspace.output_gradient(kExamples, 0));
    workspace.backward(network, workspace.all_layers(network), kExamples, 0, context);
  }
};

}  // namespace

TEST_CASE("fusion: convolution, ReLU and pooling become one stage where they can") {
  const Conv2dSpec conv{.filters = 4};
  CHECK(executed({{4, 4, 1}, {conv, ReluSpec{}, MaxPool2dSpec{}, FlattenSpec{}}, 1}) ==
        Names{"conv2d_1", "flatten_1"});
  CHECK(executed({{4, 4, 1}, {conv, ReluSpec{}, MaxPool2dSpec{}}, 1}) == Names{"conv2d_1"});
  CHECK(executed({{5, 4, 1}, {conv, ReluSpec{}, MaxPool2dSpec{}}, 1}) ==
        Names{"conv2d_1", "relu_1", "max_pool2d_1"});
  CHECK(executed({{4, 4, 1}, {conv, TanhSpec{}, MaxPool2dSpec{}}, 1}).size() == 3);
  CHECK(executed({{4, 4, 1}, {conv, ReluSpec{}}, 1}).size() == 2);
  CHECK(executed({{4, 4, 1}, {conv, ReluSpec{}, MaxPool2dSpec{{.size = 2, .stride = 1}}}, 1})
            .size() == 3);
}

TEST_CASE("fusion: a dense layer and its ReLU become one stage, on lists and on sequences") {
  CHECK(executed({{6}, {DenseSpec{5}, ReluSpec{}, DenseSpec{3}}, 1}) ==
        Names{"dense_1", "dense_2"});
  CHECK(executed({{4, 6}, {DenseSpec{5}, ReluSpec{}}, 1}) == Names{"dense_1"});
  CHECK(executed({{6}, {DenseSpec{5}, TanhSpec{}}, 1}).size() == 2);
}

TEST_CASE("fusion: outputs and gradients are those of the layers one by one, random masks too") {
  Network network({{8, 12, 2},
                   {Conv2dSpec{.filters = 9}, ReluSpec{}, MaxPool2dSpec{}, DropoutSpec{0.3},
                    Conv2dSpec{.filters = 5}, ReluSpec{}, MaxPool2dSpec{}, FlattenSpec{},
                    DropoutSpec{0.2}, DenseSpec{6}, ReluSpec{}, SigmoidSpec{}, DenseSpec{3}},
                   3});
  REQUIRE(network.fused_stages().size() == 8);
  const Pass fused(network, Keep::kNeeded), one_by_one(network, Keep::kEverything);
  CHECK(fused.out == one_by_one.out);
  // A bias gradient sums the winners only, in another order.
  check_close(fused.gradients, one_by_one.gradients, 1e-5);
}

}  // namespace kernelgarten::test
