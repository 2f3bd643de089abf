"""The inputs of formula.hpp, bit for bit, and the C++ that holds the results."""

import numpy as np
import torch


def values(salt, shape, scale=1.0, offset=0.0):
    """scale * hash in [-1, 1) + offset, computed in float32 as the tests do, then widened."""
    count = int(np.prod(shape))
    x = (np.arange(1, count + 1, dtype=np.uint64) * 2654435761) & 0xFFFFFFFF
    x ^= (salt * 0x9E3779B9) & 0xFFFFFFFF
    x = ((x ^ (x >> 16)) * 0x85EBCA6B) & 0xFFFFFFFF
    x = ((x ^ (x >> 13)) * 0xC2B2AE35) & 0xFFFFFFFF
    x ^= x >> 16
    unit = (x >> 8).astype(np.float32) * np.float32(2.0**-23) - np.float32(1)
    scaled = np.float32(scale) * unit + np.float32(offset)
    return torch.from_numpy(scaled.astype(np.float64)).reshape(shape)


def philox4x32(counter, key):
    """Ten rounds on counters [n, 4] of 32 bits each. Salmon et al., SC 2011."""
    x, (k0, k1), low = counter.astype(np.uint64), key, np.uint64(0xFFFFFFFF)
    for _ in range(10):
        p0, p1 = np.uint64(0xD2511F53) * x[:, 0], np.uint64(0xCD9E8D57) * x[:, 2]
        x = np.stack([p1 >> np.uint64(32) ^ x[:, 1] ^ np.uint64(k0), p1 & low,
                      p0 >> np.uint64(32) ^ x[:, 3] ^ np.uint64(k1), p0 & low], 1)
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return x


def normals(seed, stream, shape):
    """The first standard normal numbers of that stream: Box-Muller, of two words each."""
    count = int(np.prod(shape))
    counter = np.zeros((-(-count // 2), 4), dtype=np.uint64)
    counter[:, 0] = np.arange(len(counter))
    counter[:, 2], counter[:, 3] = stream & 0xFFFFFFFF, stream >> 32
    words = philox4x32(counter, (seed, 0)).reshape(-1)[:2 * count]
    radius, angle = ((words >> np.uint64(8)).astype(np.float64) * 2.0**-24).reshape(-1, 2).T
    drawn = np.sqrt(-2 * np.log(1 - radius)) * np.cos(2 * np.pi * angle)
    return torch.from_numpy(drawn.astype(np.float32).astype(np.float64)).reshape(shape)


class Header:
    """One generated C++ file."""

    def __init__(self, what):
        version = torch.__version__.split("+")[0]
        self.lines = [
            "// Made by tests/golden/make_golden.py "
            f"with PyTorch {version}, in double. Do not edit.",
            f"// {what}",
            "#pragma once",
            "// clang-format off",
            "",
            "namespace kernelgarten::golden {",
            "",
        ]

    def array(self, name, numbers):
        flat = torch.as_tensor(numbers, dtype=torch.float64).detach().reshape(-1).tolist()
        self.lines.append(f"inline constexpr double {name}[] = {{")
        line = "   "
        for number in flat:
            text = f" {number:.9g},"
            if len(line) + len(text) > 100:
                self.lines.append(line)
                line = "   "
            line += text
        self.lines += [line, "};"]

    def write(self, path):
        path.write_text("\n".join(self.lines + ["", "}  // namespace kernelgarten::golden", ""]))
