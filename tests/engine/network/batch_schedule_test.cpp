#include "engine/network/batch_schedule.hpp"

#include "engine/network/workspace.hpp"
#include "tests/engine/threads.hpp"
#include "tests/engine/values.hpp"

namespace kernelgarten::test {
namespace {

/// How a batch is cut: the most shards, the most examples of a chunk, the threads that take them.
struct Cut {
  Index shards;
  Index chunk;
  int threads = 1;
};

/// What a batch that goes through a network and back in chunks leaves behind.
struct ChunkedRun {
  Floats out, gradients, state;
  std::vector<StepPart> parts;
  /// Those of each part.
  std::vector<std::vector<WorkItem>> items;

  ChunkedRun(Network& used, Index batch, Index max_batch, const Cut& cut,
             const std::vector<Trip>& trips = {Trip::kThereAndBack})
      : out(static_cast<std::size_t>(batch * element_count(used.output_shape()))),
        gradients(used.parameters().size()),
        state(used.state().begin(), used.state().end()),
        network(used),
        pool(cut.threads),
        workspace(used, {max_batch, cut.chunk, cut.threads},
                  trips.size() == 1 ? Keep::kNeeded : Keep::kBatch),
        in(random_values(batch * element_count(used.input_shape()), 1)),
        d_out(random_values(batch * element_count(used.output_shape()), 2)),
        shards(static_cast<std::size_t>(cut.shards), gradients) {
    BatchSchedule schedule(network, cut.shards, cut.chunk);
    for (const Trip trip : trips) {
      schedule.begin(batch, trip);
      run_to_end(schedule, cut.threads);
      if (trip == Trip::kThere) turn({0, batch}, 0);
    }
    for (const Floats& shard : shards) {
      for (std::size_t i = 0; i < gradients.size(); ++i) gradients[i] += shard[i];
    }
  }

 private:
  void run_to_end(BatchSchedule& schedule, int threads) {
    while (!schedule.done()) {
      const StepPart part = schedule.next(threads);
      std::vector<WorkItem> row;
      for (Index i = 0; i < part.items; ++i) row.push_back(schedule.item(part, i));
      pool.run(part.items, [&](Index index, int lane) {
        const WorkItem& item = row[static_cast<std::size_t>(index)];
        if (item.examples.count() > 0) run(part, item, lane);
      });
      parts.push_back(part);
      items.push_back(row);
    }
  }

  void run(const StepPart& part, const WorkItem& item, int lane) {
    const auto [begin, end] = item.examples;
    const Index inputs = element_count(network.input_shape());
    Floats& own = shards[static_cast<std::size_t>(item.shard)];
    const PassContext context{Mode::kTraining, 5, state.data(), own.data(), pool};
    if (part.loads) {
      std::copy(in.begin() + begin * inputs, in.begin() + end * inputs,
                workspace.input(item.examples, lane));
    }
    workspace.forward(network, part.forward, item.examples, lane, context);
    if (part.turns) turn(item.examples, lane);
    workspace.backward(network, part.backward, item.examples, lane, context);
  }

  void turn(Examples examples, int lane) {
    const Index outputs = element_count(network.output_shape());
    std::copy_n(workspace.output(examples, lane), examples.count() * outputs,
                out.begin() + examples.begin * outputs);
    std::copy(d_out.begin() + examples.begin * outputs, d_out.begin() + examples.end * outputs,
              workspace.output_gradient(examples, lane));
  }

  Network& network;
  ThreadPool pool;
  Workspace workspace;
  Floats in, d_out;
  std::vector<Floats> shards;
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

TEST_CASE("batch_schedule: in shards, in chunks or as a whole, the step is the same") {
  for (const NetworkSpec& spec : networks()) {
    Network network(spec);
    const ChunkedRun whole(network, 7, 7, {1, 7});
    for (const Cut cut : {Cut{1, 1}, {1, 2}, {1, 3}, {1, 6}, {2, 4}, {2, 1}, {4, 2}, {8, 1}}) {
      CAPTURE(cut.shards);
      CAPTURE(cut.chunk);
      const ChunkedRun chunked(network, 7, 9, cut);
      check_close(chunked.out, whole.out, 1e-6);
      check_close(chunked.gradients, whole.gradients, 1e-5);
      check_close(chunked.state, whole.state, 1e-6);
    }
  }
}

TEST_CASE("batch_schedule: all the way there and later back is the same as at once") {
  for (const NetworkSpec& spec : networks()) {
    Network network(spec);
    const ChunkedRun at_once(network, 23, 23, {4, 2, 1});
    for (const int threads : kThreadCounts) {
      const ChunkedRun later(network, 23, 30, {4, 2, threads}, {Trip::kThere, Trip::kBack});
      CHECK(later.out == at_once.out);
      CHECK(later.gradients == at_once.gradients);
      CHECK(later.state == at_once.state);
    }
  }
}

TEST_CASE("batch_schedule: the number of threads changes no bit") {
  for (const NetworkSpec& spec : networks()) {
    Network network(spec);
    for (const Index shards : {1, 2, 4, 8}) {
      const ChunkedRun alone(network, 23, 23, {shards, 2, 1});
      for (const int threads : kThreadCounts) {
        CAPTURE(threads);
        const ChunkedRun together(network, 23, 23, {shards, 2, threads});
        CHECK(together.out == alone.out);
        CHECK(together.gradients == alone.gradients);
        CHECK(together.state == alone.state);
      }
    }
  }
}

TEST_CASE("batch_schedule: every chunk goes to the loss and back where no layer mixes examples") {
  Network network(networks()[0]);
  const ChunkedRun run(network, 7, 7, {1, 3});
  REQUIRE(run.parts.size() == 3);
  for (const StepPart& part : run.parts) {
    CHECK(part.loads);
    CHECK(part.turns);
    CHECK(part.backward.end == network.stages().size());
  }
  CHECK(run.items[2][0].examples.begin == 5);
  CHECK(run.items[2][0].examples.end == 7);
}

TEST_CASE("batch_schedule: a layer that mixes examples gets the batch as a whole") {
  Network network(networks()[1]);
  const ChunkedRun run(network, 7, 7, {2, 3, 2});
  for (std::size_t p = 0; p < run.parts.size(); ++p) {
    const StepPart& part = run.parts[p];
    for (const Layers layers : {part.forward, part.backward}) {
      for (std::size_t i = layers.begin; i < layers.end; ++i) {
        const bool mixes = network.stages()[i].layer->mixes_examples();
        CHECK(part.whole_batch == mixes);
        for (const WorkItem& item : run.items[p]) {
          CHECK(item.examples.count() <= (mixes ? 7 : 3));
          CHECK((!mixes || item.examples.count() == 7));
        }
      }
    }
  }
}

TEST_CASE("batch_schedule: a part has items of different shards, and all examples get their turn") {
  Network network(networks()[0]);
  for (const Index batch : {1, 2, 5, 9, 23, 64}) {
    for (const int threads : kThreadCounts) {
      const ChunkedRun run(network, batch, 64, {4, 3, threads});
      std::vector<int> turns(static_cast<std::size_t>(batch));
      for (const auto& items : run.items) {
        CHECK(items.size() <= static_cast<std::size_t>(threads));
        std::vector<Index> shards;
        for (const WorkItem& item : items) {
          CHECK(item.examples.count() <= 3);
          CHECK(std::ranges::count(shards, item.shard) == 0);
          shards.push_back(item.shard);
          for (Index i = item.examples.begin; i < item.examples.end; ++i) {
            ++turns[static_cast<std::size_t>(i)];
          }
        }
      }
      CHECK(turns == std::vector<int>(static_cast<std::size_t>(batch), 1));
    }
  }
}

TEST_CASE("batch_schedule: a cancelled batch is done, and the next one begins at its beginning") {
  const Network network(networks()[2]);
  BatchSchedule schedule(network, 1, 2);
  CHECK(schedule.done());
  schedule.begin(5);
  schedule.next(1);
  schedule.cancel();
  CHECK(schedule.done());
  schedule.begin(5);
  CHECK(schedule.item(schedule.next(1), 0).examples.begin == 0);
}

TEST_CASE("chunk_size: by the work of one example, at least one, at most the batch") {
  const Network light({{4}, {DenseSpec{2}}});
  CHECK(chunk_size(light, 128) == 128);
  CHECK(chunk_size(light, 1) == 1);
  // 2 x 28 x 28 x 9 x 32 x 32 operations, three times: 43 million an example, 15 chunks of 200
  // million in 64 examples would hold 4.6 each.
  const Network heavy({{28, 28, 32}, {Conv2dSpec{.filters = 32}}});
  CHECK(chunk_size(heavy, 64) == 10);
  const Network heaviest({{28, 28, 256}, {Conv2dSpec{.filters = 256}}});
  CHECK(chunk_size(heaviest, 64) == 1);
}

TEST_CASE("shard_count: by the work, the parameters and the batch, at most eight") {
  const Network light({{4}, {DenseSpec{2}}});
  CHECK(shard_count(light, 128) == 1);
  const Network heavy({{28, 28, 32}, {Conv2dSpec{.filters = 32}}});
  CHECK(shard_count(heavy, 64) == 8);
  CHECK(shard_count(heavy, 5) == 4);
  CHECK(shard_count(heavy, 1) == 1);
  // 16.8 million parameters: a second buffer is one too many.
  const Network large({{4096}, {DenseSpec{4096, {InitializerKind::kZeros}}}});
  CHECK(shard_count(large, 4096) == 1);
}

}  // namespace kernelgarten::test
