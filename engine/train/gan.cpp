#include "engine/train/gan.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/io/prefix_visitor.hpp"
#include "engine/simd/loops.hpp"
#include "engine/tensor/check.hpp"
#include "engine/train/gan_checks.hpp"

namespace kernelgarten {
namespace {

constexpr float kNothing = std::numeric_limits<float>::quiet_NaN();
constexpr GanStep kNothingSaid{0, 0, 0, kNothing, kNothing, kNothing, kNothing, kNothing, kNothing};
/// Dropout draws other masks for fakes, and others again in the generator's step.
constexpr std::uint64_t kPersuadingPasses = std::uint64_t{1} << 32;

float mean_verdict(std::span<const float> outputs, AdversarialLoss loss) {
  double sum = 0.0;
  for (const float output : outputs) sum += double{verdict(output, loss)};
  return static_cast<float>(sum / static_cast<double>(outputs.size()));
}

}  // namespace

Gan::Gan(std::shared_ptr<const RealExamples> real, const NetworkSpec& generator,
         const NetworkSpec& discriminator, const GanTrainingSpec& training,
         std::shared_ptr<ThreadPool> pool)
    : real_(std::move(real)),
      training_(checked(training, *real_)),
      pool_(std::move(pool)),
      classes_(training.conditional ? real_->classes() : 0),
      generator_("generator", generator, training.batch_size, Keep::kBatch, training.generator,
                 pool_),
      discriminator_("discriminator", discriminator, training.batch_size, Keep::kNeeded,
                     training.discriminator, pool_),
      example_size_(element_count(real_->shape())),
      averaged_(training.averaging > 0.0 ? std::optional<Network>(generator) : std::nullopt),
      sampler_(real_->count(), training.batch_size, training.seed),
      latents_(training.batch_size, noise_size_of(generator_.network, classes_), classes_),
      real_outputs_(static_cast<std::size_t>(training.batch_size)),
      fake_outputs_(real_outputs_.size()),
      d_fake_outputs_(real_outputs_.size()) {
  check_fit(generator_.network, discriminator_.network, training_, *real_);
  inference_.emplace(averaged_ ? *averaged_ : generator_.network, discriminator_.network, classes_,
                     training.loss, training.batch_size, pool_);
  const auto most = static_cast<std::size_t>(discriminator_.batch.chunk());
  for (int lane = 0; lane < pool_->threads(); ++lane) {
    lanes_.push_back({std::vector<float>(most), std::vector<float>(most)});
  }
}

Index Gan::batches_per_epoch() const {
  return ceil_divide(sampler_.batches_per_epoch(), training_.discriminator_steps);
}

GanStep Gan::step(Players players) {
  while (true) {
    if (const auto metrics = advance_step(players)) return *metrics;
  }
}

std::optional<GanStep> Gan::advance_step(Players players) {
  if (phase_ == Phase::kIdle) {
    if (played_ == 0) {
      players_ = players;
      metrics_ = kNothingSaid;
    }
    begin_play();
  }
  const bool in_generator = phase_ == Phase::kGenerating || phase_ == Phase::kLearning;
  try {
    const bool through = (in_generator ? generator_ : discriminator_).advance(*this);
    if (!through || !end_phase()) return std::nullopt;
  } catch (...) {
    cancel_step();
    throw;
  }
  phase_ = Phase::kIdle;
  if (++played_ < plays_of_round()) return std::nullopt;
  return finish_round();
}

Gan::Play Gan::next_play() const {
  if (players_ == Players::kDiscriminator) return Play::kDiscriminator;
  if (players_ == Players::kGenerator) return Play::kGenerator;
  if (training_.simultaneous) return Play::kTogether;
  return played_ < training_.discriminator_steps ? Play::kDiscriminator : Play::kGenerator;
}

Index Gan::plays_of_round() const {
  if (players_ != Players::kBoth || training_.simultaneous) return 1;
  return training_.discriminator_steps + training_.generator_steps;
}

void Gan::begin_play() {
  play_ = next_play();
  if (play_ != Play::kGenerator) {
    batch_ = sampler_.next();
    draw(fakes_ + 1, static_cast<Index>(batch_.size()));
  } else if (fake_count_ == 0) {
    draw(fakes_ + 1, training_.batch_size);
  } else if (!held_) {
    draw(fakes_, fake_count_);
  } else {
    persuade();
  }
}

/// Noise, and then fakes.
void Gan::draw(Index generation, Index count) {
  held_ = false;
  drawn_ = generation;
  drawn_count_ = count;
  latents_.draw(count, training_.seed, generation);
  phase_ = Phase::kGenerating;
  generator_.update.begin();
  generator_.batch.begin({count, static_cast<std::uint64_t>(generation), generator_.update.state(),
                          &generator_.update.gradients()},
                         Trip::kThere);
}

/// The discriminator learns from one kind of examples.
void Gan::judge(Phase phase) {
  phase_ = phase;
  const auto pass = static_cast<std::uint64_t>(2 * discriminator_.steps);
  const bool shared = play_ == Play::kTogether && phase == Phase::kOnFake;
  discriminator_.batch.begin({drawn_count_,
                              phase == Phase::kOnReal ? pass : pass + 1,
                              discriminator_.update.state(),
                              &discriminator_.update.gradients(),
                              {},
                              shared ? generator_.batch.output_gradient() : nullptr});
}

/// The fakes go through the discriminator once more, which leaves the gradient that the generator
/// learns from.
void Gan::persuade() {
  phase_ = Phase::kPersuading;
  discriminator_.batch.begin({drawn_count_,
                              kPersuadingPasses + static_cast<std::uint64_t>(generator_.steps),
                              discriminator_.update.state(),
                              nullptr,
                              {},
                              generator_.batch.output_gradient()});
}

/// The gradient that the fakes have goes through the generator.
void Gan::learn() {
  phase_ = Phase::kLearning;
  generator_.batch.begin({drawn_count_, static_cast<std::uint64_t>(drawn_),
                          generator_.update.state(), &generator_.update.gradients()},
                         Trip::kBack);
}

/// Makes the discriminator's gradient with respect to the fakes the generator's.
void Gan::turn_gradients() {
  float* gradient = generator_.batch.output_gradient();
  for (Index i = 0; i < drawn_count_; ++i, gradient += example_size_) {
    const float output = fake_outputs_[static_cast<std::size_t>(i)];
    const float factor = generator_over_discriminator(output, training_.loss);
    simd::map(gradient, gradient, example_size_,
              [factor](auto d) { return d * decltype(d)(factor); });
  }
}

bool Gan::end_phase() {
  switch (phase_) {
    case Phase::kGenerating:
      if (play_ != Play::kGenerator) {
        discriminator_.update.begin();
        judge(Phase::kOnReal);
      } else {
        persuade();
      }
      return false;
    case Phase::kOnReal:
      metrics_.discriminator_loss = static_cast<float>(discriminator_.batch.score().loss);
      judge(Phase::kOnFake);
      return false;
    case Phase::kOnFake:
      if (play_ == Play::kDiscriminator) {
        finish_discriminator();
        return true;
      }
      turn_gradients();
      learn();
      return false;
    case Phase::kPersuading:
      metrics_.generator_loss = static_cast<float>(discriminator_.batch.score().loss);
      learn();
      return false;
    case Phase::kLearning:
      if (play_ == Play::kTogether) finish_discriminator();
      finish_generator();
      return true;
    case Phase::kIdle:
      break;
  }
  return false;
}

void Gan::finish_discriminator() {
  const auto count = static_cast<std::size_t>(drawn_count_);
  metrics_.discriminator_gradient_norm = discriminator_.finish();
  metrics_.discriminator_loss += static_cast<float>(discriminator_.batch.score().loss);
  metrics_.real_verdict = mean_verdict(std::span(real_outputs_).first(count), training_.loss);
  metrics_.fake_verdict = mean_verdict(std::span(fake_outputs_).first(count), training_.loss);
  fakes_ = drawn_;
  fake_count_ = drawn_count_;
  held_ = true;
}

void Gan::finish_generator() {
  if (play_ == Play::kTogether) {
    metrics_.generator_loss =
        generator_loss(d_fake_outputs_.data(), fake_outputs_.data(), drawn_count_, training_.loss);
  }
  metrics_.generator_gradient_norm = generator_.finish();
  fakes_ = drawn_;
  fake_count_ = 0;
  held_ = false;
  if (averaged_) move_average();
}

/// average = d average + (1 - d) newest, of weights and running statistics. At the beginning, where
/// the past is no good, d is (1 + steps) / (10 + steps).
void Gan::move_average() {
  const auto steps = static_cast<double>(generator_.steps);
  const double past = std::min(training_.averaging, (1.0 + steps) / (10.0 + steps));
  const auto move = [past](std::span<float> average, std::span<const float> newest) {
    simd::zip(average.data(), average.data(), newest.data(), static_cast<Index>(average.size()),
              [d = static_cast<float>(past)](auto old, auto value) {
                using V = decltype(old);
                return value + (old - value) * V(d);
              });
  };
  move(averaged_->parameters(), generator_.network.parameters());
  move(averaged_->state(), generator_.network.state());
}

GanStep Gan::finish_round() {
  played_ = 0;
  ++rounds_;
  metrics_.step = rounds_;
  metrics_.epoch = ceil_divide(rounds_, batches_per_epoch());
  metrics_.batch = (rounds_ - 1) % batches_per_epoch() + 1;
  return metrics_;
}

void Gan::load(float* input, Examples examples, int) {
  if (phase_ == Phase::kGenerating) {
    std::copy_n(latents_.row(examples.begin), examples.count() * latents_.row_size(), input);
  } else if (phase_ == Phase::kOnReal) {
    for (Index i = examples.begin; i < examples.end; ++i, input += example_size_) {
      real_->load(input, static_cast<Index>(batch_[static_cast<std::size_t>(i)]));
    }
  } else {
    std::copy_n(generator_.batch.output() + examples.begin * example_size_,
                examples.count() * example_size_, input);
  }
}

Score Gan::turn(float* d_outputs, const float* outputs, Examples examples, int lane) {
  auto& [own, d_own] = lanes_[static_cast<std::size_t>(lane)];
  const Index row = element_count(discriminator_.network.output_shape()), count = examples.count();
  std::vector<float>& all = phase_ == Phase::kOnReal ? real_outputs_ : fake_outputs_;
  for (Index i = 0; i < count; ++i) {
    const float output = outputs[i * row + label_of(examples.begin + i)];
    own[static_cast<std::size_t>(i)] = output;
    all[static_cast<std::size_t>(examples.begin + i)] = output;
  }
  const float loss = compare(d_own.data(), own.data(), count);
  std::fill_n(d_outputs, count * row, 0.0f);
  for (Index i = 0; i < count; ++i) {
    d_outputs[i * row + label_of(examples.begin + i)] = d_own[static_cast<std::size_t>(i)];
  }
  return {double{loss}, 0};
}

float Gan::compare(float* d_outputs, const float* outputs, Index count) const {
  switch (phase_) {
    case Phase::kOnReal:
      return discriminator_loss_on_real(d_outputs, outputs, count, training_.loss,
                                        static_cast<float>(training_.real_label));
    case Phase::kOnFake:
      return discriminator_loss_on_fake(d_outputs, outputs, count, training_.loss);
    default:
      return generator_loss(d_outputs, outputs, count, training_.loss);
  }
}

Index Gan::label_of(Index example) const {
  if (classes_ == 0) return 0;
  if (phase_ != Phase::kOnReal) return latents_.label(example);
  return real_->label(static_cast<Index>(batch_[static_cast<std::size_t>(example)]));
}

std::vector<float> Gan::fixed_noise(Index count) const {
  constexpr Index kMostExamples = 1 << 16;
  check(count >= 0 && count <= kMostExamples, "[noise] expected 0 to ", kMostExamples,
        " examples, got ", count);
  constexpr std::uint64_t kFixed = 0;
  Random random(training_.seed, random_stream(RandomUse::kLatent, kFixed));
  std::vector<float> noise(static_cast<std::size_t>(count * inference_->noise_size()));
  std::ranges::generate(noise, [&] { return random.normal(); });
  return noise;
}

void Gan::visit_state(StateVisitor& visit) {
  visit.same("model", "gan");
  visit.same("examples", concat(real_->count()));
  visit.same("batch_size", concat(training_.batch_size));
  PrefixVisitor of_generator(visit, "generator."), of_discriminator(visit, "discriminator.");
  generator_.visit_state(of_generator);
  discriminator_.visit_state(of_discriminator);
  if (averaged_) {
    PrefixVisitor of_average(visit, "averaged.");
    averaged_->visit_state(of_average);
  }
  visit.count("rounds", rounds_, kMostCount);
  visit.count("played", played_, training_.discriminator_steps + training_.generator_steps - 1);
  // Only a round of both has more than one step.
  if (played_ > 0) players_ = Players::kBoth;
  visit.count("fakes", fakes_, kMostCount);
  visit.count("fake_count", fake_count_, training_.batch_size);
  const bool takes_real = phase_ != Phase::kIdle && play_ != Play::kGenerator;
  sampler_.visit_state(visit, !takes_real);
}

void Gan::abandon_step() {
  cancel_step();
  metrics_ = kNothingSaid;
}

void Gan::cancel_step() {
  generator_.batch.cancel();
  discriminator_.batch.cancel();
  phase_ = Phase::kIdle;
  held_ = false;
}

std::size_t Gan::memory() const {
  const std::size_t average = averaged_ ? averaged_->memory() : 0;
  return generator_.memory() + discriminator_.memory() + average + inference_->memory() +
         latents_.memory();
}

}  // namespace kernelgarten
