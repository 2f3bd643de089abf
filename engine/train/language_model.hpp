#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/data/text.hpp"
#include "engine/data/text_streams.hpp"
#include "engine/train/objective.hpp"
#include "engine/train/text_inspection.hpp"
#include "engine/train/text_writer.hpp"
#include "engine/train/trained_network.hpp"

namespace kernelgarten {

/// How well the next character of a part of the text is foreseen.
struct TextEvaluation {
  Split split;
  /// Steps taken when it began.
  Index step;
  /// Characters foreseen.
  Index count;
  /// Mean of -ln p(character), in nats; bits are nats / ln 2, the perplexity is e^nats.
  double loss;
  /// Share of the characters that were the most probable ones.
  double accuracy;
};

/// Trains a network to foresee a text, character by character. The network reads sequences of
/// symbols [steps] and gives a logit for each character of the vocabulary after each step
/// [steps, vocabulary]. The text is read in several places at once, one for each example of a
/// batch, and what recurrent layers carry goes on from step to step (truncated back-propagation
/// through time); with an epoch they start anew. The metrics' accuracy is that of the batch's
/// characters.
class LanguageModel : public TrainedNetwork {
 public:
  /// The last `validation_share` of the text is for `Split::kTest`. Throws InvalidArgument where
  /// network and text do not fit each other, or a setting is out of its range.
  LanguageModel(std::shared_ptr<const Text> text, double validation_share,
                const NetworkSpec& network, const TrainingSpec& training,
                std::shared_ptr<ThreadPool> pool = std::make_shared<ThreadPool>(1));

  void begin_evaluation(Split split) override;
  /// Measures the next window of all streams.
  bool advance_evaluation() override;
  const TextEvaluation& evaluation() const { return evaluation_; }
  /// Begins, advances to the end and returns.
  const TextEvaluation& evaluate(Split split);

  /// Reads and writes with the weights of the last finished step; keeps its place in between.
  TextWriter& writer();

  /// What the network makes of a text, read from its beginning with the weights of the last
  /// finished step; as `inspect_text`. The memory for it is given back.
  TextInspection inspect(std::string_view utf8, std::optional<Index> target = std::nullopt) const {
    return inspect_text(network_, spec_, text_->vocabulary(), utf8, target);
  }

  Index batches_per_epoch() const override { return train_.windows(); }
  const Text& text() const { return *text_; }
  std::size_t memory() const override;

 private:
  /// Two rows of states for each stream: where they are, and where they go.
  class States {
   public:
    States(Index streams, Index size) : buffers_{make(streams, size), make(streams, size)} {}
    /// For a pass that goes on, or one that starts.
    CarriedStates pass(bool starts) {
      return {starts ? nullptr : buffers_[now_].data(), buffers_[1 - now_].data()};
    }
    void go_on() { now_ = 1 - now_; }
    /// Where they are: [streams, size].
    std::span<float> now() { return buffers_[now_].span(); }
    std::size_t memory() const {
      return 2 * static_cast<std::size_t>(buffers_[0].size()) * sizeof(float);
    }

   private:
    static AlignedBuffer<float> make(Index streams, Index size) {
      return AlignedBuffer<float>(streams * size);
    }
    AlignedBuffer<float> buffers_[2];
    int now_ = 0;
  };

  void visit_state(StateVisitor& visit) override;
  Index vocabulary() const { return text_->vocabulary().size(); }
  void begin_step() override;
  void finish_step(StepMetrics& metrics, Index correct) override;
  void load(float* input, Examples examples, int lane) override;
  Score turn(float* d_outputs, const float* outputs, Examples examples, int lane) override;
  const TextStreams& streams_of(Split split) const {
    return split == Split::kTrain ? train_ : validation_;
  }
  void load(float* input, const TextStreams& streams, Examples examples, Index window) const;
  /// Mean loss and right predictions of these streams in a window.
  Score compare(float* d_outputs, const float* outputs, const TextStreams& streams,
                Examples examples, Index window, int lane);

  std::shared_ptr<const Text> text_;
  NetworkSpec spec_;
  Index steps_;
  TextStreams train_;
  TextStreams validation_;
  std::vector<LossLane> lanes_;
  States states_;
  States evaluation_states_;
  TextWriter writer_;
  /// The window that is next to be trained on.
  Index window_ = 0;
  Index epoch_ = 1;
  TextEvaluation evaluation_{};
  Index evaluation_window_ = 0;
  Score evaluation_sum_{};
};

}  // namespace kernelgarten
