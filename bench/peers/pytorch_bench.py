"""Measures PyTorch on the CPU, eager mode, on the work of `npm run bench:peers` and `bench:native`.

    python pytorch_bench.py [--threads 1 2] [--seconds 0.8] cnn.train cnn.infer ...

Prints one JSON object a line: the version first, then each work with each setting.
"""

import argparse
import functools
import json
import math
import sys
import time

import torch
from torch import nn
from torch.nn import functional

import pytorch_gan

BATCH_SIZE = 128
LEARNING_RATE = 1e-3
STREAMS, WINDOW, VOCABULARY = 64, 64, 65
PRODUCT_SIZES = (64, 128, 256, 512, 1024)
LAYOUTS = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}


def article_cnn():
    return nn.Sequential(
        nn.Conv2d(1, 32, 3, padding="same"),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding="same"),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(7 * 7 * 64, 10),
    )


def mlp():
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))


class RowByRow(nn.Module):
    """Reads an image row by row and tells its class after the last one."""

    def __init__(self, cell, units=128):
        super().__init__()
        self.cell = cell(28, units, batch_first=True)
        self.classes = nn.Linear(units, 10)

    def forward(self, images):
        outputs, _ = self.cell(images.squeeze(1))
        return self.classes(outputs[:, -1])


class Characters(nn.Module):
    """Two LSTM layers that foresee the next character after each step; keeps its state."""

    def __init__(self, units=128):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, 64)
        self.cells = nn.LSTM(64, units, 2, batch_first=True)
        self.logits = nn.Linear(units, VOCABULARY)
        self.state = None

    def forward(self, symbols):
        outputs, state = self.cells(self.embedding(symbols), self.state)
        self.state = tuple(part.detach() for part in state)
        return self.logits(outputs)


def batch():
    images = torch.rand(BATCH_SIZE, 1, 28, 28)
    return images, torch.randint(0, 10, (BATCH_SIZE,))


def training(make_network, layout):
    network = make_network().to(memory_format=LAYOUTS[layout])
    images, labels = batch()
    images = images.to(memory_format=LAYOUTS[layout])
    optimizer = torch.optim.Adam(network.parameters(), lr=LEARNING_RATE)

    def step():
        optimizer.zero_grad()
        loss = functional.cross_entropy(network(images), labels)
        loss.backward()
        optimizer.step()
        if not math.isfinite(loss.item()):
            raise RuntimeError("the loss is not finite")

    return step


def character_training(_):
    network = Characters()
    text = torch.randint(0, VOCABULARY, (STREAMS, WINDOW + 1))
    optimizer = torch.optim.Adam(network.parameters(), lr=LEARNING_RATE)

    def step():
        optimizer.zero_grad()
        logits = network(text[:, :-1])
        loss = functional.cross_entropy(logits.flatten(0, 1), text[:, 1:].flatten())
        loss.backward()
        optimizer.step()
        if not math.isfinite(loss.item()):
            raise RuntimeError("the loss is not finite")

    return step


def inference(make_network, layout):
    network = make_network().eval().to(memory_format=LAYOUTS[layout])
    images = batch()[0].to(memory_format=LAYOUTS[layout])

    @torch.inference_mode()
    def step():
        return functional.softmax(network(images), dim=1)

    return step


def gan_training(make_networks, size, learning_rate):
    def make_step(layout):
        return pytorch_gan.training(*make_networks(), size, learning_rate, LAYOUTS[layout])

    return LAYOUTS, make_step, size, "images/s"


def dcgan():
    return pytorch_gan.Generator(64, (64, 32)), pytorch_gan.discriminator((32, 64))


def quick_gan():
    return pytorch_gan.Generator(12, (32, 16)), pytorch_gan.quick_discriminator((16, 32))


def product(size):
    def make_step(_):
        left, right, out = (torch.rand(size, size) for _ in range(3))
        return lambda: torch.mm(left, right, out=out)

    return ["contiguous"], make_step, 2 * size**3 / 1e9, "GFLOP/s"


def rows(cell):
    make_network = functools.partial(RowByRow, cell)
    return ["contiguous"], lambda layout: training(make_network, layout), BATCH_SIZE, "sequences/s"


# name -> (layouts tried, layout -> one step, what a step counts for, unit)
WORKS = {
    "cnn.train": (LAYOUTS, lambda layout: training(article_cnn, layout), BATCH_SIZE, "images/s"),
    "cnn.infer": (LAYOUTS, lambda layout: inference(article_cnn, layout), BATCH_SIZE, "images/s"),
    "mlp.train": (["contiguous"], lambda layout: training(mlp, layout), BATCH_SIZE, "images/s"),
    "lstm.train": rows(nn.LSTM),
    "gru.train": rows(nn.GRU),
    "charrnn.train": (["contiguous"], character_training, STREAMS * WINDOW, "characters/s"),
    "gan.train": gan_training(dcgan, 128, 5e-4),
    "gan-default.train": gan_training(quick_gan, 32, 1e-3),
    **{f"gemm.{size}": product(size) for size in PRODUCT_SIZES},
}


def rate(step, seconds):
    """How often in a second `step` runs."""
    start = time.perf_counter()
    count = 0
    elapsed = 0.0
    while elapsed < seconds:
        step()
        count += 1
        elapsed = time.perf_counter() - start
    return count / elapsed


def measure(work, threads, seconds):
    layouts, make_step, amount, unit = WORKS[work]
    torch.set_num_threads(threads)
    for layout in layouts:
        step = make_step(layout)
        rate(step, seconds / 4)
        value = amount * rate(step, seconds)
        yield {"work": work, "threads": threads, "layout": layout, "value": value, "unit": unit}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("works", nargs="*", metavar="work", help=", ".join(WORKS))
    parser.add_argument("--threads", nargs="+", type=int, default=[1])
    parser.add_argument("--seconds", type=float, default=0.8)
    arguments = parser.parse_args()
    unknown = [work for work in arguments.works if work not in WORKS]
    if unknown:
        parser.error(f"no work is called {', '.join(unknown)}; there are {', '.join(WORKS)}")
    torch.manual_seed(1)
    about = {"version": torch.__version__, "simd": torch.backends.cpu.get_cpu_capability()}
    print(json.dumps({**about, "config": torch.__config__.show()}))
    for work in arguments.works:
        for threads in arguments.threads:
            for line in measure(work, threads, arguments.seconds):
                print(json.dumps(line))
                sys.stdout.flush()


main()
