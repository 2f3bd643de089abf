// Every setting and pair of networks that a GAN refuses.

#include "tests/engine/train/gan_setups.hpp"

namespace kernelgarten::test {
namespace {

using doctest::Contains;

doctest::String refusal(const GanTrainingSpec& training) {
  return message_of<InvalidArgument>([&] { point_gan(training); });
}

doctest::String refusal(const NetworkSpec& generator, const NetworkSpec& discriminator,
                        const GanTrainingSpec& training = point_training(), Index points = 200) {
  return message_of<InvalidArgument>(
      [&] { Gan(ring(points), generator, discriminator, training); });
}

doctest::String refusal_of_classes(const NetworkSpec& generator, const NetworkSpec& discriminator) {
  return message_of<InvalidArgument>(
      [&] { Gan(std::make_shared<TwoClasses>(), generator, discriminator, class_training()); });
}

template <class T>
GanTrainingSpec with(T GanTrainingSpec::* field, T value) {
  GanTrainingSpec training = point_training();
  training.*field = value;
  return training;
}

GanTrainingSpec in_batches_of(Index size) { return with(&GanTrainingSpec::batch_size, size); }

}  // namespace

TEST_CASE("gan: a batch is from one example to all") {
  for (const Index size : {0, -1, 201}) {
    CHECK(refusal(in_batches_of(size)) ==
          Contains("[training] batch size must be from 1 to 200, the number of real examples,"));
  }
  CHECK(refusal(in_batches_of(200)) == "nothing was thrown");
}

TEST_CASE("gan: settings out of their range are refused") {
  for (const Index steps : {0, -1, 101}) {
    const auto message = Contains("[training] each player takes 1 to 100 steps in a round, got");
    CHECK(refusal(point_training(steps, 1)) == message);
    CHECK(refusal(point_training(1, steps)) == message);
  }
  const double nan = static_cast<double>(kNaN);
  for (const double label : {0.5, 0.0, 1.1, nan}) {
    CHECK(refusal(with(&GanTrainingSpec::real_label, label)) ==
          Contains("[training] the label of real examples must be above 0.5 and at most 1, got"));
  }
  GanTrainingSpec hinge = with(&GanTrainingSpec::real_label, 0.9);
  CHECK(refusal(hinge) == "nothing was thrown");
  hinge.loss = AdversarialLoss::kHinge;
  CHECK(refusal(hinge) ==
        "[training] the hinge loss knows no label of real examples; leave it at 1, got 0.9");
  for (const double averaging : {-0.1, 1.0, nan}) {
    CHECK(refusal(with(&GanTrainingSpec::averaging, averaging)) ==
          Contains("[training] averaging must be from 0 to below 1, got"));
  }
  CHECK(refusal(with(&GanTrainingSpec::conditional, true)) ==
        "[training] a conditional GAN needs examples with labels");
  OptimizerSpec optimizer;
  optimizer.learning_rate = -1.0;
  CHECK(refusal(with(&GanTrainingSpec::generator, optimizer)) == Contains("learning"));
  CHECK(refusal(with(&GanTrainingSpec::discriminator, optimizer)) == Contains("learning"));
}

TEST_CASE("gan: simultaneous steps want what one pass of the fakes can give") {
  GanTrainingSpec training = with(&GanTrainingSpec::simultaneous, true);
  CHECK(refusal(training) ==
        "[discriminator.batch_norm_1] simultaneous steps need a discriminator that does not mix "
        "examples");
  const NetworkSpec plain{{2}, {DenseSpec{1}}, 1};
  CHECK(refusal(point_generator(), plain, training) == "nothing was thrown");
  for (const AdversarialLoss loss : {AdversarialLoss::kLeastSquares, AdversarialLoss::kHinge}) {
    GanTrainingSpec other = training;
    other.loss = loss;
    CHECK(refusal(point_generator(), plain, other) ==
          "[training] simultaneous steps need the loss minimax or non_saturating");
  }
  training.generator_steps = 2;
  CHECK(refusal(point_generator(), plain, training) ==
        "[training] simultaneous steps are one of each player, got 1 and 2");
}

TEST_CASE("gan: networks that do not fit the examples are refused") {
  const NetworkSpec generator = point_generator(), discriminator = point_discriminator();
  CHECK(refusal({{2, 2}, {FlattenSpec{}, DenseSpec{2}}, 1}, discriminator) ==
        Contains("[generator] expected a flat input of noise, got 2 x 2"));
  CHECK(refusal({{4}, {DenseSpec{3}}, 1}, discriminator) ==
        "[generator.dense_1] expected outputs like the real examples, 2, got 3");
  CHECK(refusal(generator, {{3}, {DenseSpec{1}}, 1}) ==
        "[discriminator] expected inputs like the real examples, 2, got 3");
  CHECK(refusal(generator, {{2}, {DenseSpec{2}}, 1}) ==
        "[discriminator.dense_1] expected 1 output, got 2");

  CHECK(refusal_of_classes({{2}, {DenseSpec{2}}, 1}, class_discriminator()) ==
        "[generator] expected a flat input of noise and 2 classes, got 2");
  CHECK(refusal_of_classes(class_generator(), {{2}, {DenseSpec{1}}, 1}) ==
        "[discriminator.dense_1] expected 2 outputs, one for each class, got 1");
}

TEST_CASE("gan: batch normalisation over a single example is refused") {
  const NetworkSpec plain_generator{{4}, {DenseSpec{2}}, 1}, plain{{2}, {DenseSpec{1}}, 1};
  CHECK(refusal(point_generator(), plain, in_batches_of(1)) ==
        "[generator.batch_norm_1] cannot normalise over a single example; batches of 1 out of 200 "
        "leave one of 1, choose another batch size");
  CHECK(refusal(plain_generator, point_discriminator(), in_batches_of(199)) ==
        "[discriminator.batch_norm_1] cannot normalise over a single example; batches of 199 out "
        "of 200 leave one of 1, choose another batch size");
  CHECK(refusal(point_generator(), point_discriminator(), in_batches_of(16), 193) ==
        Contains("[generator.batch_norm_1] cannot normalise over a single example; batches of 16"));
  CHECK(refusal(plain_generator, plain, in_batches_of(1)) == "nothing was thrown");
  CHECK(refusal(plain_generator, plain, in_batches_of(16), 193) == "nothing was thrown");

  // Of an image each pixel counts.
  const NetworkSpec images{{4}, {DenseSpec{100}, ReshapeSpec{{10, 10, 1}}, BatchNormSpec{}}, 1};
  const NetworkSpec judge{{10, 10, 1}, {BatchNormSpec{}, FlattenSpec{}, DenseSpec{1}}, 1};
  const auto real = std::make_shared<RealImages>(bar_images(5).shared());
  CHECK(message_of<InvalidArgument>([&] { Gan(real, images, judge, in_batches_of(4)).step(); }) ==
        "nothing was thrown");
}

}  // namespace kernelgarten::test
