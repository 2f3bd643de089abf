#!/usr/bin/env python3
"""Writes the golden values that tests/engine compares the engine with.

    pip install torch numpy && python tests/golden/make_golden.py

Everything is computed in double. The engine's layout is NHWC and HWIO, PyTorch's NCHW and OIHW:
inputs and results here are in the engine's, and are turned on the way in and out.
"""

import pathlib

import torch
import torch.nn.functional as F

from formula import Header, normals, values
from ops import (average_pool, conv2d, conv_transpose2d, max_pool, recurrent, recurrent_shapes,
                 to_nchw, to_nhwc)

HERE = pathlib.Path(__file__).parent


def layers():
    header = Header("Outputs and gradients of each layer for the inputs of layers_golden_test.cpp.")

    def add(name, run, input_shape, parameter_shapes=()):
        x = values(1, input_shape, 2.0).requires_grad_()
        parameters = [values(2 + i, shape).requires_grad_() for i, shape in
                      enumerate(parameter_shapes)]
        out = run(x, *parameters)
        out.backward(values(9, out.shape))
        header.array(f"{name}_out", out)
        header.array(f"{name}_d_in", x.grad)
        if parameters:
            header.array(f"{name}_d_parameters", torch.cat([p.grad.flatten() for p in parameters]))

    add("dense", lambda x, w, b: x @ w + b, (3, 5), [(5, 4), (4,)])
    add("conv2d_same", conv2d(1, "same"), (2, 5, 4, 2), [(3, 3, 2, 3), (3,)])
    add("conv2d_same_stride2", conv2d(2, "same"), (2, 6, 5, 2), [(3, 3, 2, 3), (3,)])
    add("conv2d_valid", conv2d(1, "valid"), (2, 6, 7, 1), [(5, 5, 1, 4), (4,)])
    add("conv2d_valid_stride3", conv2d(3, "valid"), (1, 7, 8, 3), [(3, 3, 3, 2), (2,)])
    add("conv2d_even", conv2d(2, "same"), (2, 6, 4, 2), [(4, 4, 2, 3), (3,)])
    add("conv_transpose2d_same", conv_transpose2d(2, "same"), (2, 3, 4, 2), [(4, 4, 3, 2), (3,)])
    add("conv_transpose2d_output_padding", conv_transpose2d(2, "same", 1), (1, 3, 2, 2),
        [(3, 3, 2, 2), (2,)])
    add("conv_transpose2d_valid", conv_transpose2d(3, "valid"), (1, 2, 3, 3), [(5, 5, 2, 3), (2,)])
    add("max_pool2d_same", max_pool(2, 2, "same"), (2, 5, 5, 3))
    add("max_pool2d_valid", max_pool(3, 2, "valid"), (2, 7, 6, 2))
    add("average_pool2d_same", average_pool(2, 2, "same"), (2, 5, 5, 3))
    add("average_pool2d_overlapping", average_pool(3, 1, "same"), (2, 4, 5, 2))
    add("upsample2d", lambda x: to_nhwc(F.interpolate(to_nchw(x), scale_factor=2)), (2, 3, 2, 3))
    add("relu", F.relu, (4, 7))
    add("leaky_relu", lambda x: F.leaky_relu(x, 0.2), (4, 7))
    add("sigmoid", torch.sigmoid, (4, 7))
    add("tanh", torch.tanh, (4, 7))
    add("softmax", lambda x: F.softmax(x, -1), (4, 7))
    add("batch_norm", lambda x, scale, shift: F.batch_norm(
        x.reshape(-1, 3), None, None, scale, shift, True).reshape(x.shape),
        (4, 3, 2, 3), [(3,), (3,)])

    sequence, elman = (2, 4, 3), recurrent_shapes(3, 5, 1)
    lstm, gru = recurrent_shapes(3, 5, 4), recurrent_shapes(3, 5, 3, 1)
    nn = torch.nn
    add("simple_rnn_tanh", recurrent(nn.RNN, 5), sequence, elman)
    add("simple_rnn_relu", recurrent(nn.RNN, 5, nonlinearity="relu"), sequence, elman)
    add("lstm", recurrent(nn.LSTM, 5), sequence, lstm)
    add("lstm_last", recurrent(nn.LSTM, 5, sequences=False), sequence, lstm)
    add("gru", recurrent(nn.GRU, 5), sequence, gru)
    add("gru_last", recurrent(nn.GRU, 5, sequences=False), sequence, gru)
    add("lstm_bidirectional", recurrent(nn.LSTM, 5, bidirectional=True), sequence, 2 * lstm)
    add("gru_bidirectional_last", recurrent(nn.GRU, 5, sequences=False, bidirectional=True),
        sequence, 2 * gru)

    mean, variance = torch.zeros(3, dtype=torch.float64), torch.ones(3, dtype=torch.float64)
    for salt in (1, 5):
        F.batch_norm(values(salt, (24, 3), 2.0), mean, variance, training=True, momentum=0.1)
    header.array("batch_norm_running_mean", mean)
    header.array("batch_norm_running_variance", variance)
    add("batch_norm_inference", lambda x, scale, shift: F.batch_norm(
        x.reshape(-1, 3), mean, variance, scale, shift, False).reshape(x.shape),
        (4, 3, 2, 3), [(3,), (3,)])
    header.write(HERE / "layers.hpp")


def losses():
    header = Header("Losses and their gradients for the inputs of losses_golden_test.cpp.")

    def add(name, run, outputs):
        outputs = outputs.requires_grad_()
        loss = run(outputs)
        loss.backward()
        header.array(f"{name}_loss", loss)
        header.array(f"{name}_gradient", outputs.grad)

    shape, labels = (6, 10), torch.tensor([0, 3, 9, 9, 1, 5])
    targets = values(2, shape, 0.5, 0.5)
    add("softmax_cross_entropy", lambda z: F.cross_entropy(z, labels), values(1, shape, 5.0))
    add("binary_cross_entropy", lambda p: F.binary_cross_entropy(p, targets),
        values(1, shape, 0.49, 0.5))
    add("binary_cross_entropy_with_logits",
        lambda z: F.binary_cross_entropy_with_logits(z, targets), values(1, shape, 5.0))
    add("mean_squared_error", lambda y: F.mse_loss(y, targets), values(1, shape, 2.0))

    def add_adversarial(name, run):
        add(name, run, values(1, (60,), 5.0))

    def logits(target):
        return lambda z: F.binary_cross_entropy_with_logits(z, torch.full_like(z, target))

    def half_square(target):
        return lambda z: ((z - target) ** 2 / 2).mean()

    add_adversarial("logits_on_real", logits(0.9))
    add_adversarial("logits_on_fake", logits(0.0))
    add_adversarial("minimax_generator", lambda z: torch.log(1 - torch.sigmoid(z)).mean())
    add_adversarial("non_saturating_generator", lambda z: -torch.log(torch.sigmoid(z)).mean())
    add_adversarial("least_squares_on_real", half_square(0.9))
    add_adversarial("least_squares_on_fake", half_square(0.0))
    add_adversarial("least_squares_generator", half_square(1.0))
    add_adversarial("hinge_on_real", lambda z: F.relu(1 - z).mean())
    add_adversarial("hinge_on_fake", lambda z: F.relu(1 + z).mean())
    add_adversarial("hinge_generator", lambda z: -z.mean())
    header.write(HERE / "losses.hpp")


def optimizers():
    """Ten steps on a gradient that depends on the parameters, so that a wrong step shows later."""
    header = Header("Parameters after each of ten steps of each optimizer, step after step.")
    optim = torch.optim
    kinds = {
        "sgd": lambda p: optim.SGD(p, lr=0.1),
        "momentum": lambda p: optim.SGD(p, lr=0.05, momentum=0.9),
        "nesterov": lambda p: optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True),
        "rmsprop": lambda p: optim.RMSprop(p, lr=0.01, alpha=0.9, eps=0.01),
        "adam": lambda p: optim.Adam(p, lr=0.01, betas=(0.9, 0.999), eps=1e-8),
        "adam_soft": lambda p: optim.Adam(p, lr=0.05, betas=(0.5, 0.99), eps=0.1),
    }
    for name, make in kinds.items():
        for clip in (0.0, 1.5):
            p = values(1, (9,)).requires_grad_()
            optimizer = make([p])
            track = []
            for step in range(10):
                p.grad = 0.5 * p.detach() + values(100 + step, (9,))
                if clip:
                    torch.nn.utils.clip_grad_norm_([p], clip)
                optimizer.step()
                track.append(p.detach().clone())
            header.array(name + ("_clipped" if clip else ""), torch.stack(track))
    header.write(HERE / "optimizers.hpp")


def golden_images(count):
    pixels = ((values(50, (count, 28, 28, 1)) + 1) * 128).floor()
    rows = torch.arange(28, dtype=torch.float64).reshape(1, 28, 1, 1)
    labels = torch.arange(count) % 10
    # A bright bar at a height that depends on the label, over noise: something to learn.
    bar = (rows // 2 == labels.reshape(-1, 1, 1, 1) + 2).to(torch.float64)
    return torch.where(bar.expand_as(pixels) > 0, 255.0, (pixels / 2).floor()) / 255.0, labels


def ten_steps(run, labels, shapes, scales):
    """Losses, gradient norms and the final parameters of ten steps of Adam 1e-3."""
    parameters = [values(60 + i, shape, scale).requires_grad_()
                  for i, (shape, scale) in enumerate(zip(shapes, scales))]
    optimizer = torch.optim.Adam(parameters, lr=1e-3)
    losses_, norms = [], []
    for _ in range(10):
        optimizer.zero_grad()
        loss = F.cross_entropy(run(*parameters), labels)
        loss.backward()
        losses_.append(loss.item())
        norms.append(torch.cat([p.grad.flatten() for p in parameters]).norm().item())
        optimizer.step()
    return losses_, norms, parameters


def article_cnn():
    """The article's network on 16 images."""
    header = Header("Ten steps of the article's CNN, as article_cnn_golden_test.cpp takes them.")
    count = 16
    images, labels = golden_images(count)
    convolve, pool = conv2d(1, "same"), max_pool(2, 2, "same")

    def run(w1, b1, w2, b2, w3, b3):
        x = pool(F.relu(convolve(images, w1, b1)))
        x = pool(F.relu(convolve(x, w2, b2)))
        return x.reshape(count, -1) @ w3 + b3

    shapes = [(3, 3, 1, 32), (32,), (3, 3, 32, 64), (64,), (7 * 7 * 64, 10), (10,)]
    losses_, norms, parameters = ten_steps(run, labels, shapes, [0.5, 0.1, 0.1, 0.1, 0.03, 0.1])
    header.array("article_cnn_losses", losses_)
    header.array("article_cnn_gradient_norms", norms)
    header.array("article_cnn_biases_1", parameters[1])
    header.array("article_cnn_biases_3", parameters[5])
    header.write(HERE / "article_cnn.hpp")


def recurrent_networks():
    """Each cell on the rows of 16 images."""
    header = Header("Ten steps of recurrent networks, as recurrent_golden_test.cpp takes them.")
    images, labels = golden_images(16)
    units, nn = 20, torch.nn
    cells = {
        "simple_rnn": (recurrent(nn.RNN, units, False), 1, 0),
        "simple_rnn_relu": (recurrent(nn.RNN, units, False, nonlinearity="relu"), 1, 0),
        "lstm": (recurrent(nn.LSTM, units, False), 4, 0),
        "gru": (recurrent(nn.GRU, units, False), 3, 1),
    }
    for name, (cell, gates, separate) in cells.items():
        shapes = [*recurrent_shapes(28, units, gates, separate), (units, 10), (10,)]
        scales = [0.2, 0.2, *[0.1] * (1 + separate), 0.3, 0.1]
        losses_, norms, _ = ten_steps(
            lambda *p: cell(images.squeeze(-1), *p[:-2]) @ p[-2] + p[-1], labels, shapes, scales)
        header.array(f"{name}_losses", losses_)
        header.array(f"{name}_norms", norms)
    header.write(HERE / "recurrent.hpp")


def sample_scores():
    header = Header("Scores of samples for the inputs of sample_scores_golden_test.cpp.")
    p = F.softmax(values(1, (40, 10), 5.0), -1)
    header.array("mean_confidence", p.amax(-1).mean())
    header.array("class_shares", F.one_hot(p.argmax(-1), 10).double().mean(0))
    header.array("inception_score", (p * (p / p.mean(0)).log()).sum(-1).mean().exp())

    def gaussian(features):
        return features.mean(0), torch.cov(features.T)

    def frechet(first, second):
        """The root's trace from the eigenvalues of S1 S2, which is not symmetric."""
        (m1, s1), (m2, s2) = gaussian(first), gaussian(second)
        roots = torch.linalg.eigvals(s1 @ s2).sqrt().real
        return (m1 - m2).square().sum() + s1.trace() + s2.trace() - 2 * roots.sum()

    first, second = values(2, (30, 6), 1.0), values(3, (50, 6), 2.0, 0.5)
    header.array("feature_mean", gaussian(first)[0])
    header.array("feature_covariance", gaussian(first)[1])
    header.array("frechet_distance", frechet(first, second))
    header.write(HERE / "sample_scores.hpp")


LATENT_STREAMS = 7 << 56
NOISE_SIZE = 8


class GoldenPlayer:
    """A network of gan(), its optimizer and the running statistics of its batch normalisations."""

    def __init__(self, run, shapes, scales, channels):
        self.run = run
        self.parameters = [values(60 + i, shape, scale).requires_grad_()
                           for i, (shape, scale) in enumerate(zip(shapes, scales))]
        self.statistics = [(torch.zeros(n, dtype=torch.float64), torch.ones(n, dtype=torch.float64))
                           for n in channels]
        self.optimizer = torch.optim.Adam(self.parameters, lr=2e-3, betas=(0.5, 0.999), eps=1e-4)

    def __call__(self, x, moves_statistics=True):
        statistics = iter(self.statistics if moves_statistics else
                          [(mean.clone(), variance.clone()) for mean, variance in self.statistics])

        def batch_norm(x, scale, shift):
            flat = x.reshape(-1, x.shape[-1])
            return F.batch_norm(flat, *next(statistics), scale, shift, True, 0.1).reshape(x.shape)

        return self.run(x, batch_norm, *self.parameters)

    def step(self, loss):
        """The gradient's norm."""
        gradients = torch.autograd.grad(loss, self.parameters)
        for parameter, gradient in zip(self.parameters, gradients):
            parameter.grad = gradient
        self.optimizer.step()
        return torch.cat([gradient.flatten() for gradient in gradients]).norm().item()


def gan_generator():
    def run(z, batch_norm, w1, b1, s1, t1, w2, b2, s2, t2, w3, b3):
        x = batch_norm((z @ w1 + b1).reshape(-1, 7, 7, 4), s1, t1)
        x = conv_transpose2d(2, "same")(F.leaky_relu(x, 0.2), w2, b2)
        x = F.leaky_relu(batch_norm(x, s2, t2), 0.2)
        return torch.tanh(conv_transpose2d(2, "same")(x, w3, b3))

    shapes = [(NOISE_SIZE, 196), (196,), (4,), (4,), (4, 4, 4, 4), (4,), (4,), (4,), (4, 4, 1, 4),
              (1,)]
    return GoldenPlayer(run, shapes, [0.5, 0.1, 1, 0.1, 0.3, 0.1, 1, 0.1, 0.3, 0.1], [4, 4])


def gan_discriminator(normalise=True):
    def end(x, w3, b3):
        return F.leaky_relu(x, 0.2).reshape(len(x), -1) @ w3 + b3

    def convolve(x, w1, b1, w2, b2):
        return conv2d(2, "same")(F.leaky_relu(conv2d(2, "same")(x, w1, b1), 0.2), w2, b2)

    def normalising(x, batch_norm, w1, b1, w2, b2, s2, t2, w3, b3):
        return end(batch_norm(convolve(x, w1, b1, w2, b2), s2, t2), w3, b3)

    def plain(x, _, w1, b1, w2, b2, w3, b3):
        return end(convolve(x, w1, b1, w2, b2), w3, b3)

    first, last = [(4, 4, 1, 4), (4,), (4, 4, 4, 8), (8,)], [(7 * 7 * 8, 1), (1,)]
    if not normalise:
        return GoldenPlayer(plain, [*first, *last], [0.3, 0.1, 0.2, 0.1, 0.05, 0.1], [])
    return GoldenPlayer(normalising, [*first, (8,), (8,), *last],
                        [0.3, 0.1, 0.2, 0.1, 1, 0.1, 0.05, 0.1], [8])


def gan():
    """A small convolutional GAN on 16 images."""
    header = Header("Ten rounds of a GAN with each loss, as gan_golden_test.cpp plays them.")
    images = golden_images(16)[0] * 2 - 1

    def cross_entropy(z, target):
        return F.binary_cross_entropy_with_logits(z, torch.full_like(z, target))

    def half_square(z, target):
        return ((z - target) ** 2 / 2).mean()

    def play(name, on_real, on_fake, persuading, verdict, simultaneous=False):
        generator, discriminator = gan_generator(), gan_discriminator(not simultaneous)
        rounds = []
        for generation in range(1, 11):
            fakes = generator(normals(1, LATENT_STREAMS | generation, (16, NOISE_SIZE)))
            of_real, of_fake = discriminator(images), discriminator(fakes.detach())
            discriminator_loss = on_real(of_real) + on_fake(of_fake)
            if simultaneous:
                generator_loss = persuading(discriminator(fakes))
                generator_norm = generator.step(generator_loss)
                discriminator_norm = discriminator.step(discriminator_loss)
            else:
                discriminator_norm = discriminator.step(discriminator_loss)
                generator_loss = persuading(discriminator(fakes, moves_statistics=False))
                generator_norm = generator.step(generator_loss)
            rounds.append([discriminator_loss.item(), generator_loss.item(),
                           verdict(of_real).mean().item(), verdict(of_fake).mean().item(),
                           discriminator_norm, generator_norm])
        header.array(f"gan_{name}_rounds", rounds)
        for player, network in ("generator", generator), ("discriminator", discriminator):
            statistics = [numbers for pair in network.statistics for numbers in pair]
            if statistics:
                header.array(f"gan_{name}_{player}_statistics", torch.cat(statistics))

    def of_fake(z):
        return cross_entropy(z, 0.0)

    def of_real(z):
        return cross_entropy(z, 1.0)

    play("minimax", of_real, of_fake, lambda z: -of_fake(z), torch.sigmoid)
    play("non_saturating", of_real, of_fake, of_real, torch.sigmoid)
    play("real_label", lambda z: cross_entropy(z, 0.9), of_fake, of_real, torch.sigmoid)
    play("least_squares", lambda z: half_square(z, 1.0), lambda z: half_square(z, 0.0),
         lambda z: half_square(z, 1.0), lambda z: z.clamp(0, 1))
    play("hinge", lambda z: F.relu(1 - z).mean(), lambda z: F.relu(1 + z).mean(),
         lambda z: -z.mean(), lambda z: ((z + 1) / 2).clamp(0, 1))
    play("minimax_at_once", of_real, of_fake, lambda z: -of_fake(z), torch.sigmoid, True)
    play("non_saturating_at_once", of_real, of_fake, of_real, torch.sigmoid, True)
    header.array("gan_fixed_noise", normals(1, LATENT_STREAMS, (2, NOISE_SIZE)))
    header.write(HERE / "gan.hpp")


if __name__ == "__main__":
    torch.set_num_threads(1)
    layers()
    losses()
    optimizers()
    article_cnn()
    recurrent_networks()
    sample_scores()
    gan()
