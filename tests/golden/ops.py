"""Ops on tensors in the engine's layout, NHWC and HWIO; PyTorch's is NCHW and OIHW."""

import torch
import torch.nn.functional as F


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
