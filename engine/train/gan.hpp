#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/data/batch_sampler.hpp"
#include "engine/data/real_examples.hpp"
#include "engine/train/gan_inference.hpp"
#include "engine/train/gan_spec.hpp"
#include "engine/train/latents.hpp"
#include "engine/train/player.hpp"
#include "engine/train/resumable.hpp"

namespace kernelgarten {

/// Who moves in a round.
enum class Players { kBoth, kDiscriminator, kGenerator };

/// A finished round. What the player that did not move would have said is NaN, and so is what was
/// said before a checkpoint from the midst of the round; of several steps of a player it is the
/// last one's.
struct GanStep {
  /// Rounds so far, this one included.
  Index step;
  /// Epoch, and round within it, both from 1.
  Index epoch;
  Index batch;
  float discriminator_loss;
  float generator_loss;
  /// Mean verdict on the real and the fake examples of the discriminator's step, before it moved.
  float real_verdict;
  float fake_verdict;
  /// Of each player's whole gradient, before clipping.
  double discriminator_gradient_norm;
  double generator_gradient_norm;
};

/// Trains two networks against each other. The generator makes fakes out of noise; the
/// discriminator learns to tell them from real examples, and the generator to be taken for real. In
/// a round the discriminator takes its steps, each on a batch of real examples and as many fakes,
/// which go through it one after the other, so that batch normalisation sees each kind on its own;
/// then the generator takes its steps. Its first one uses the forward pass that made the last
/// fakes; each further one makes new fakes. Or both learn from the same pass. Only a player's own
/// steps move its running statistics. Goodfellow et al., "Generative adversarial nets", NIPS 2014.
/// After construction a round allocates nothing, and every number has the same bits for any number
/// of threads.
///
/// A conditional GAN: noise is followed by the class, one-hot; the discriminator gives an output
/// for each class, and the one of the example's class counts (Miyato and Koyama, "cGANs with
/// projection discriminator", ICLR 2018, without the part that all classes share).
class Gan : public Resumable, private BatchTask {
 public:
  /// Builds both networks with fresh weights. Throws InvalidArgument where networks and examples do
  /// not fit each other, or a setting is out of its range.
  Gan(std::shared_ptr<const RealExamples> real, const NetworkSpec& generator,
      const NetworkSpec& discriminator, const GanTrainingSpec& training,
      std::shared_ptr<ThreadPool> pool = std::make_shared<ThreadPool>(1));

  /// One round, or the rest of the one in progress, whose players do not change. Throws NonFinite,
  /// naming player and layer, with both networks as the last finished step of a player left them.
  GanStep step(Players players = Players::kBoth);
  /// The next part of a round, some 20 ms on a slow machine: begins one where none is in progress.
  /// Metrics with the last part. Whatever else is asked in between sees the networks as the last
  /// finished step of a player left them.
  std::optional<GanStep> advance_step(Players players = Players::kBoth);

  /// Rounds finished so far.
  Index steps() const { return rounds_; }
  /// An epoch is as many rounds as take the discriminator through all real examples.
  Index batches_per_epoch() const;

  /// Standard normal noise [count, noise_size] that is always the same.
  std::vector<float> fixed_noise(Index count) const;
  /// Samples, of the averaged generator if there is one, and verdicts.
  GanInference& inference() { return *inference_; }

  Network& generator() { return generator_.network; }
  Network& discriminator() { return discriminator_.network; }
  Optimizer& generator_optimizer() { return generator_.update.optimizer(); }
  Optimizer& discriminator_optimizer() { return discriminator_.update.optimizer(); }

  /// Bytes of parameters, gradients, optimizer state and workspaces.
  std::size_t memory() const;

 private:
  /// Whose step it is.
  enum class Play { kDiscriminator, kGenerator, kTogether };
  /// What it is at.
  enum class Phase { kIdle, kGenerating, kOnReal, kOnFake, kPersuading, kLearning };

  /// A lane's part of the outputs that count: one for each example.
  struct Lane {
    std::vector<float> outputs, d_outputs;
  };

  Play next_play() const;
  Index plays_of_round() const;
  void begin_play();
  void draw(Index generation, Index count);
  void judge(Phase phase);
  void persuade();
  void learn();
  void turn_gradients();
  /// Goes on to what follows a phase that is through; true when the player's step is finished.
  bool end_phase();
  void finish_discriminator();
  void finish_generator();
  void move_average();
  GanStep finish_round();

  void load(float* input, Examples examples, int lane) override;
  Score turn(float* d_outputs, const float* outputs, Examples examples, int lane) override;
  float compare(float* d_outputs, const float* outputs, Index count) const;
  /// The class of an example of the batch, which is the place of the output that counts.
  Index label_of(Index example) const;

  void visit_state(StateVisitor& visit) override;
  void abandon_step() override;
  void cancel_step();

  std::shared_ptr<const RealExamples> real_;
  GanTrainingSpec training_;
  std::shared_ptr<ThreadPool> pool_;
  Index classes_;
  Player generator_;
  Player discriminator_;
  Index example_size_;
  std::optional<Network> averaged_;
  std::optional<GanInference> inference_;
  BatchSampler sampler_;
  Latents latents_;
  std::vector<Lane> lanes_;
  /// Of the discriminator's step in progress: the real examples, and its outputs for both kinds.
  std::span<const std::uint32_t> batch_;
  std::vector<float> real_outputs_, fake_outputs_, d_fake_outputs_;

  Phase phase_ = Phase::kIdle;
  Play play_ = Play::kDiscriminator;
  Players players_ = Players::kBoth;
  Index rounds_ = 0;
  /// Plays finished in this round.
  Index played_ = 0;
  /// Fakes are numbered by the batch; the last one that a finished step used.
  Index fakes_ = 0;
  /// How many of them the generator still has to learn from; none if the last step was its own.
  Index fake_count_ = 0;
  /// Whether the generator's workspace still holds the pass that made them.
  bool held_ = false;
  /// Those of the step in progress.
  Index drawn_ = 0;
  Index drawn_count_ = 0;
  GanStep metrics_{};
};

}  // namespace kernelgarten
