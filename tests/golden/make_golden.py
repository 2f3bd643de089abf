#!/usr/bin/env python3
"""Writes the golden values that tests/engine compares the engine with.

    pip install torch numpy && python tests/golden/make_golden.py

Everything is computed in double. The engine's layout is NHWC and HWIO, PyTorch's NCHW and OIHW:
inputs and results here are in the engine's, and are turned on the way in and out.
"""

import pathlib

import torch
import torch.nn.functional as F

from formula import Header, values

HERE = pathlib.Path(__file__).parent


def to_nchw(x):
    return x.permute(0, 3, 1, 2)


def to_nhwc(x):
    return x.permute(0, 2, 3, 1)


def pad_as_tensorflow(x, size, stride, value=0.0):
    """Zeros for padding 'same', the odd one at the end, as TensorFlow adds them."""
    pads = []
    for length in (x.shape[3], x.shape[2]):
        needed = max(0, (-(-length // stride) - 1) * stride + size - length)
        pads += [needed // 2, needed - needed // 2]
    return F.pad(x, pads, value=value)


def conv2d(stride, padding):
    def run(x, weight, bias):
        size = weight.shape[0]
        x = to_nchw(x)
        if padding == "same":
            x = pad_as_tensorflow(x, size, stride)
        return to_nhwc(F.conv2d(x, weight.permute(3, 2, 0, 1), bias, stride))

    return run


def conv_transpose2d(stride, padding, output_padding=0):
    def run(x, weight, bias):
        size, x = weight.shape[0], to_nchw(x)
        whole = F.conv_transpose2d(x, weight.permute(3, 2, 0, 1), None, stride)
        pads = []
        for length in (x.shape[3], x.shape[2]):
            full = (length - 1) * stride + size
            same = padding == "same"
            out = (length * stride if same else full) + output_padding
            before = max(0, full - length * stride) // 2 if same else 0
            pads += [-before, out - full + before]
        return to_nhwc(F.pad(whole, pads)) + bias

    return run


def max_pool(size, stride, padding):
    def run(x):
        x = to_nchw(x)
        if padding == "same":
            x = pad_as_tensorflow(x, size, stride, float("-inf"))
        return to_nhwc(F.max_pool2d(x, size, stride))

    return run


def average_pool(size, stride, padding):
    """Padded cells do not count: the sum of the cells over the number of real ones."""

    def run(x):
        x = to_nchw(x)
        ones = torch.ones_like(x)
        if padding == "same":
            x, ones = (pad_as_tensorflow(t, size, stride) for t in (x, ones))
        return to_nhwc(F.avg_pool2d(x, size, stride) / F.avg_pool2d(ones, size, stride))

    return run


def recurrent(module, units, sequences=True, **options):
    """A module of torch.nn on weights in the engine's layout: [inputs, gates * units], and for GRU
    the gates n, r, z of the inputs, r, z, n of the previous output, whose n has the second bias."""
    gru = module is torch.nn.GRU

    def gates(tensor, order):
        if not gru:
            return tensor
        blocks = tensor.split(units, -1)
        return torch.cat([blocks[i] for i in order], -1)

    def run(x, *parameters):
        cell = module(x.shape[-1], units, batch_first=True, **options).double()
        named, each = {}, 4 if gru else 3
        for direction, suffix in enumerate(["", "_reverse"][:len(parameters) // each]):
            w, u, b, *rest = parameters[direction * each:(direction + 1) * each]
            b_u = torch.zeros_like(b)
            if rest:
                b_u = torch.cat([b_u[:2 * units], rest[0]])
            named |= {f"weight_ih_l0{suffix}": gates(w, (1, 2, 0)).T,
                      f"weight_hh_l0{suffix}": u.T,
                      f"bias_ih_l0{suffix}": gates(b, (1, 2, 0)), f"bias_hh_l0{suffix}": b_u}
        out, last = torch.func.functional_call(cell, named, (x,))
        if sequences:
            return out
        last = last[0] if isinstance(last, tuple) else last
        return torch.cat(list(last), -1)

    return run


def recurrent_shapes(inputs, units, gates, separate=0):
    shapes = [(inputs, gates * units), (units, gates * units), (gates * units,)]
    return shapes + ([(separate * units,)] if separate else [])


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


if __name__ == "__main__":
    torch.set_num_threads(1)
    layers()
    losses()
    optimizers()
    article_cnn()
    recurrent_networks()
    sample_scores()
