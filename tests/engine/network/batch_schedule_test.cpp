#include "engine/network/batch_schedule.hpp"

#include "engine/network/workspace.hpp"
#include "tests/engine/values.hpp"

namespace kernelgarten::test {
namespace {

/// What a batch that goes through a network and back in chunks leaves behind.
struct ChunkedRun {
  Floats out, gradients, state;
  std::vector<StepPart> parts;

  ChunkedRun(Network& network, Index batch, Index max_batch, Index chunk)
      : gradients(network.parameters().size()),
        state(network.state().begin(), network.state().end()) {
    const Index inputs = element_count(network.input_shape());
    const Index outputs = element_count(network.output_shape());
    const Floats in = random_values(batch * inputs, 1), d_out = random_values(batch * outputs, 2);
    Workspace workspace(network, max_batch, chunk, Keep::kNeeded);
    BatchSchedule schedule(network, chunk);
    const PassContext context{Mode::kTraining, 5, state.data(), gradients.data()};
    schedule.begin(batch);
    while (!schedule.done()) {
      const StepPart part = schedule.next();
      const auto [begin, end] = part.examples;
      if (part.loads) {
        std::copy(in.begin() + begin * inputs, in.begin() + end * inputs,
                  workspace.input(part.examples));
      }
      workspace.forward(network, part.forward, part.examples, context);
      if (part.turns) {
        const float* output = workspace.output(part.examples);
        out.insert(out.end(), output, output + part.examples.count() * outputs);
        std::copy(d_out.begin() + begin * outputs, d_out.begin() + end * outputs,
                  workspace.output_gradient(part.examples));
      }
      workspace.backward(network, part.backward, part.examples, context);
      parts.push_back(part);
    }
  }
};

/// Layers that mix examples: none, first, last, next to each other, with all kinds in between.
std::vector<NetworkSpec> networks() {
  const Shape image{6, 6, 2};
  const LayerSpec conv = Conv2dSpec{.filters = 3}, norm = BatchNormSpec{};
  return {
      {image, {conv, LeakyReluSpec{}, MaxPool2dSpec{}, FlattenSpec{}, DropoutSpec{}, DenseSpec{4}}},
      {image, {norm, conv, ReluSpec{}, norm, TanhSpec{}, MaxPool2dSpec{}, FlattenSpec{}}},
      {image, {conv, norm, norm, ReluSpec{}, conv, SigmoidSpec{}, norm}},
      {image, {norm}},
      {image,
       {DropoutSpec{}, conv, ReluSpec{}, norm, DropoutSpec{}, AveragePool2dSpec{}, conv, ReluSpec{},
        norm, ReluSpec{}, FlattenSpec{}, ReshapeSpec{{9, 3}}, FlattenSpec{}, DenseSpec{5}, norm,
        DenseSpec{3}, SoftmaxSpec{}}},
  };
}

}  // namespace

TEST_CASE("batch_schedule: in chunks or as a whole, the step is the same") {
  for (const NetworkSpec& spec : networks()) {
    Network network(spec);
    const ChunkedRun whole(network, 7, 7, 7);
    for (const Index chunk : {1, 2, 3, 6}) {
      CAPTURE(chunk);
      const ChunkedRun chunked(network, 7, 9, chunk);
      check_close(chunked.out, whole.out, 1e-6);
      check_close(chunked.gradients, whole.gradients, 1e-5);
      check_close(chunked.state, whole.state, 1e-6);
    }
  }
}

TEST_CASE("batch_schedule: every chunk goes to the loss and back where no layer mixes examples") {
  Network network(networks()[0]);
  const ChunkedRun run(network, 7, 7, 3);
  REQUIRE(run.parts.size() == 3);
  for (const StepPart& part : run.parts) {
    CHECK(part.loads);
    CHECK(part.turns);
    CHECK(part.backward.end == network.stages().size());
  }
  CHECK(run.parts[2].examples.begin == 6);
  CHECK(run.parts[2].examples.end == 7);
}

TEST_CASE("batch_schedule: a layer that mixes examples gets the batch as a whole") {
  Network network(networks()[1]);
  for (const StepPart& part : ChunkedRun(network, 7, 7, 3).parts) {
    for (const Layers layers : {part.forward, part.backward}) {
      for (std::size_t i = layers.begin; i < layers.end; ++i) {
        const bool mixes = network.stages()[i].layer->mixes_examples();
        CHECK(part.examples.count() <= (mixes ? 7 : 3));
        CHECK((!mixes || part.examples.count() == 7));
      }
    }
  }
}

TEST_CASE("batch_schedule: a cancelled batch is done, and the next one begins at its beginning") {
  const Network network(networks()[2]);
  BatchSchedule schedule(network, 2);
  CHECK(schedule.done());
  schedule.begin(5);
  schedule.next();
  schedule.cancel();
  CHECK(schedule.done());
  schedule.begin(5);
  CHECK(schedule.next().examples.begin == 0);
}

TEST_CASE("chunk_size: by the work of one example, at least one, at most the batch") {
  const Network light({{4}, {DenseSpec{2}}});
  CHECK(chunk_size(light, 128) == 128);
  CHECK(chunk_size(light, 1) == 1);
  // 2 x 28 x 28 x 9 x 32 x 32 operations, three times: 43 million an example, 15 chunks of 200
  // million in 64 examples would hold 4.6 each.
  const Network heavy({{28, 28, 32}, {Conv2dSpec{.filters = 32}}});
  CHECK(chunk_size(heavy, 64) == 5);
  const Network heaviest({{28, 28, 256}, {Conv2dSpec{.filters = 256}}});
  CHECK(chunk_size(heaviest, 64) == 1);
}

}  // namespace kernelgarten::test
