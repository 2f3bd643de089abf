#pragma once

// The plain versions that the engine is measured against: one loop nest per formula, templated on
// the scalar. With double they are the oracle.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/ops/window.hpp"

namespace kernelgarten::reference {

template <class T>
using Values = std::vector<T>;

inline std::size_t at(Index index) { return static_cast<std::size_t>(index); }

/// A [m, k] times B [k, n].
template <class T>
Values<T> matmul(const Values<T>& a, const Values<T>& b, Index m, Index n, Index k) {
  Values<T> c(at(m * n), T{});
  for (Index i = 0; i < m; ++i) {
    for (Index p = 0; p < k; ++p) {
      const T factor = a[at(i * k + p)];
      for (Index j = 0; j < n; ++j) c[at(i * n + j)] += factor * b[at(p * n + j)];
    }
  }
  return c;
}

template <class T>
Values<T> transpose(const Values<T>& a, Index rows, Index columns) {
  Values<T> turned(a.size());
  for (Index i = 0; i < rows; ++i) {
    for (Index j = 0; j < columns; ++j) turned[at(j * rows + i)] = a[at(i * columns + j)];
  }
  return turned;
}

template <class T>
Values<T> dense(const Values<T>& in, const Values<T>& weight, const Values<T>& bias, Index batch) {
  const Index units = static_cast<Index>(bias.size());
  const Index inputs = static_cast<Index>(weight.size()) / units;
  Values<T> out = matmul(in, weight, batch, units, inputs);
  for (Index i = 0; i < batch * units; ++i) out[at(i)] += bias[at(i % units)];
  return out;
}

/// Images and the square windows that move over them, as the user describes them.
struct Windows {
  Index batch, height, width, channels;
  Index size, stride;
  Padding padding;

  Index out_length(Index in) const {
    return padding == Padding::kSame ? (in + stride - 1) / stride : (in - size) / stride + 1;
  }
  Index out_height() const { return out_length(height); }
  Index out_width() const { return out_length(width); }
  Index in_count() const { return batch * height * width * channels; }
  Index out_pixels() const { return batch * out_height() * out_width(); }

  /// Zeros before the image: half of what the last window lacks, the smaller half.
  Index before(Index in) const {
    if (padding == Padding::kValid) return 0;
    return std::max<Index>(0, (out_length(in) - 1) * stride + size - in) / 2;
  }

  /// visit(output pixel, window row, window column, input pixel) for every cell in the image.
  template <class Visit>
  void for_each_cell(Visit visit) const {
    for (Index n = 0; n < batch; ++n) {
      for (Index pixel = 0; pixel < out_height() * out_width(); ++pixel) {
        const Index top = pixel / out_width() * stride - before(height);
        const Index left = pixel % out_width() * stride - before(width);
        for (Index i = 0; i < size; ++i) {
          for (Index j = 0; j < size; ++j) {
            const Index y = top + i, x = left + j;
            if (y < 0 || y >= height || x < 0 || x >= width) continue;
            visit(n * out_height() * out_width() + pixel, i, j, (n * height + y) * width + x);
          }
        }
      }
    }
  }
};

/// out[n, y, x, o] = bias[o] + sum of in[n, y s + i, x s + j, c] weight[i, j, c, o]
template <class T>
Values<T> conv2d(const Values<T>& in, const Values<T>& weight, const Values<T>& bias,
                 const Windows& windows) {
  const Index filters = static_cast<Index>(bias.size());
  Values<T> out(at(windows.out_pixels() * filters));
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = bias[i % bias.size()];
  windows.for_each_cell([&](Index to, Index i, Index j, Index from) {
    for (Index c = 0; c < windows.channels; ++c) {
      const Index tap = ((i * windows.size + j) * windows.channels + c) * filters;
      const T value = in[at(from * windows.channels + c)];
      for (Index o = 0; o < filters; ++o) out[at(to * filters + o)] += value * weight[at(tap + o)];
    }
  });
  return out;
}

template <class T>
struct Conv2dGradients {
  Values<T> d_in, d_weight, d_bias;
};

/// The transpose of each of the three ways in which `conv2d` is linear.
template <class T>
Conv2dGradients<T> conv2d_gradients(const Values<T>& d_out, const Values<T>& in,
                                    const Values<T>& weight, Index filters,
                                    const Windows& windows) {
  Conv2dGradients<T> d{Values<T>(in.size(), T{}), Values<T>(weight.size(), T{}),
                       Values<T>(at(filters), T{})};
  for (std::size_t i = 0; i < d_out.size(); ++i) d.d_bias[i % d.d_bias.size()] += d_out[i];
  windows.for_each_cell([&](Index to, Index i, Index j, Index from) {
    for (Index c = 0; c < windows.channels; ++c) {
      const Index tap = ((i * windows.size + j) * windows.channels + c) * filters;
      for (Index o = 0; o < filters; ++o) {
        const T gradient = d_out[at(to * filters + o)];
        d.d_in[at(from * windows.channels + c)] += gradient * weight[at(tap + o)];
        d.d_weight[at(tap + o)] += gradient * in[at(from * windows.channels + c)];
      }
    }
  });
  return d;
}

/// A transposed convolution of images [batch, height, width, channels] to ones of `out_height`
/// rows.
struct TransposedWindows {
  Index batch, height, width, channels;
  Index size, stride, top, left;
  Index out_height, out_width;
};

/// out[n, y s + i - top, x s + j - left, o] = bias[o] + sum of in[n, y, x, c] weight[i, j, o, c]
template <class T>
Values<T> conv_transpose2d(const Values<T>& in, const Values<T>& weight, const Values<T>& bias,
                           const TransposedWindows& w) {
  const Index filters = static_cast<Index>(bias.size());
  Values<T> out(at(w.batch * w.out_height * w.out_width * filters));
  for (std::size_t k = 0; k < out.size(); ++k) out[k] = bias[k % bias.size()];
  for (Index pixel = 0; pixel < w.batch * w.height * w.width; ++pixel) {
    const Index n = pixel / (w.height * w.width);
    const Index y0 = pixel / w.width % w.height * w.stride - w.top;
    const Index x0 = pixel % w.width * w.stride - w.left;
    for (Index tap = 0; tap < w.size * w.size; ++tap) {
      const Index y = y0 + tap / w.size, x = x0 + tap % w.size;
      if (y < 0 || y >= w.out_height || x < 0 || x >= w.out_width) continue;
      for (Index o = 0; o < filters; ++o) {
        for (Index c = 0; c < w.channels; ++c) {
          out[at(((n * w.out_height + y) * w.out_width + x) * filters + o)] +=
              in[at(pixel * w.channels + c)] * weight[at((tap * filters + o) * w.channels + c)];
        }
      }
    }
  }
  return out;
}

template <class T>
Values<T> max_pool2d(const Values<T>& in, const Windows& windows) {
  const Index channels = windows.channels;
  Values<T> out(at(windows.out_pixels() * channels), -std::numeric_limits<T>::infinity());
  windows.for_each_cell([&](Index to, Index, Index, Index from) {
    for (Index c = 0; c < channels; ++c) {
      T& best = out[at(to * channels + c)];
      best = std::max(best, in[at(from * channels + c)]);
    }
  });
  return out;
}

template <class T>
Values<T> average_pool2d(const Values<T>& in, const Windows& windows) {
  const Index channels = windows.channels;
  Values<T> out(at(windows.out_pixels() * channels), T{});
  Values<T> cells(out.size(), T{});
  windows.for_each_cell([&](Index to, Index, Index, Index from) {
    for (Index c = 0; c < channels; ++c) {
      out[at(to * channels + c)] += in[at(from * channels + c)];
      cells[at(to * channels + c)] += T{1};
    }
  });
  for (std::size_t i = 0; i < out.size(); ++i) out[i] /= cells[i];
  return out;
}

template <class T>
Values<T> column_means(const Values<T>& in, Index columns) {
  Values<T> means(at(columns), T{});
  const T rows = static_cast<T>(in.size() / at(columns));
  for (std::size_t i = 0; i < in.size(); ++i) means[i % at(columns)] += in[i] / rows;
  return means;
}

/// Mean squared distance from the means; divided by the number of rows.
template <class T>
Values<T> column_variances(const Values<T>& in, Index columns) {
  const Values<T> means = column_means(in, columns);
  Values<T> squares(in.size());
  for (std::size_t i = 0; i < in.size(); ++i) {
    const T distance = in[i] - means[i % at(columns)];
    squares[i] = distance * distance;
  }
  return column_means(squares, columns);
}

template <class T>
Values<T> normalise(const Values<T>& in, const Values<T>& means, const Values<T>& variances,
                    const Values<T>& scale, const Values<T>& shift, T epsilon) {
  Values<T> out(in.size());
  for (std::size_t i = 0; i < in.size(); ++i) {
    const std::size_t c = i % means.size();
    out[i] = (in[i] - means[c]) / std::sqrt(variances[c] + epsilon) * scale[c] + shift[c];
  }
  return out;
}

template <class T>
Values<T> batch_norm(const Values<T>& in, const Values<T>& scale, const Values<T>& shift,
                     T epsilon) {
  const Index channels = static_cast<Index>(scale.size());
  return normalise(in, column_means(in, channels), column_variances(in, channels), scale, shift,
                   epsilon);
}

template <class T>
Values<T> softmax(const Values<T>& in, Index columns) {
  Values<T> out(in.size());
  for (std::size_t row = 0; row < in.size(); row += at(columns)) {
    const T largest = *std::max_element(in.begin() + static_cast<Index>(row),
                                        in.begin() + static_cast<Index>(row) + columns);
    T sum{};
    for (std::size_t j = row; j < row + at(columns); ++j) {
      out[j] = std::exp(in[j] - largest);
      sum += out[j];
    }
    for (std::size_t j = row; j < row + at(columns); ++j) out[j] /= sum;
  }
  return out;
}

template <class T>
T relu(T x) {
  return x > T{} ? x : T{};
}
template <class T>
T leaky_relu(T x, T slope) {
  return x > T{} ? x : slope * x;
}
template <class T>
T sigmoid(T x) {
  return T{1} / (T{1} + std::exp(-x));
}

template <class T>
T softmax_cross_entropy(const Values<T>& logits, const std::vector<std::int32_t>& labels) {
  const std::size_t classes = logits.size() / labels.size();
  const Values<T> probabilities = softmax(logits, static_cast<Index>(classes));
  T total{};
  for (std::size_t i = 0; i < labels.size(); ++i) {
    total -= std::log(probabilities[i * classes + labels[i]]);
  }
  return total / static_cast<T>(labels.size());
}

template <class T>
T binary_cross_entropy(const Values<T>& probabilities, const Values<T>& targets) {
  T total{};
  for (std::size_t i = 0; i < targets.size(); ++i) {
    total -= targets[i] * std::log(probabilities[i]) +
             (T{1} - targets[i]) * std::log(T{1} - probabilities[i]);
  }
  return total / static_cast<T>(targets.size());
}

template <class T>
T mean_squared_error(const Values<T>& predictions, const Values<T>& targets) {
  T total{};
  for (std::size_t i = 0; i < targets.size(); ++i) {
    total += (predictions[i] - targets[i]) * (predictions[i] - targets[i]);
  }
  return total / static_cast<T>(targets.size());
}

/// A recurrent cell's weights as the equations name them, one row of inputs after the other: W
/// [inputs, gates * units], U [units, gates * units], b and b_u [gates * units].
template <class T>
struct RecurrentWeights {
  Values<T> w, u, b, b_u;
};

/// One example's outputs of all steps, [steps, units], for inputs [steps, inputs], with the gates
/// of PyTorch in PyTorch's order: i, f, g, o for "lstm", r, z, n for "gru".
template <class T>
Values<T> recurrent(const std::string& cell, const Values<T>& x, const RecurrentWeights<T>& weights,
                    Values<T> h, Values<T> c, Index steps) {
  const Index units = static_cast<Index>(h.size());
  const Index inputs = static_cast<Index>(x.size()) / steps;
  Values<T> all;
  for (Index t = 0; t < steps; ++t) {
    const Values<T> row(x.begin() + t * inputs, x.begin() + (t + 1) * inputs);
    const Values<T> of_input = dense(row, weights.w, weights.b, 1);
    const Values<T> of_output = dense(h, weights.u, weights.b_u, 1);
    const auto sum = [&](Index gate, Index j) {
      return of_input[at(gate * units + j)] + of_output[at(gate * units + j)];
    };
    for (Index j = 0; j < units; ++j) {
      T& out = h[at(j)];
      if (cell == "lstm") {
        T& memory = c[at(j)];
        memory = sigmoid(sum(1, j)) * memory + sigmoid(sum(0, j)) * std::tanh(sum(2, j));
        out = sigmoid(sum(3, j)) * std::tanh(memory);
      } else if (cell == "gru") {
        const T r = sigmoid(sum(0, j)), z = sigmoid(sum(1, j));
        const Index n_column = 2 * units + j;
        const T n = std::tanh(of_input[at(n_column)] + r * of_output[at(n_column)]);
        out = (T(1) - z) * n + z * out;
      } else {
        out = cell == "tanh" ? std::tanh(sum(0, j)) : std::max(sum(0, j), T(0));
      }
    }
    all.insert(all.end(), h.begin(), h.end());
  }
  return all;
}

}  // namespace kernelgarten::reference
