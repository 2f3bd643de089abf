#pragma once

// Element-wise activations. Each is a pair of functors, written once for a pack and for a float:
// the value y = f(x), and the gradient dx = dy f'(x) expressed through y, so that only the output
// has to be kept and the activation can overwrite its input.

#include "engine/simd/loops.hpp"
#include "engine/simd/math.hpp"

namespace kernelgarten {

/// y = max(x, 0)
struct Relu {
  template <class V>
  V value(V x) const {
    return simd::select(x < V(0.0f), V(0.0f), x);
  }
  template <class V>
  V gradient(V y, V dy) const {
    return simd::select(y > V(0.0f), dy, V(0.0f));
  }
};

/// y = x for x > 0, slope x elsewhere; slope is not negative, so y has the sign of x.
struct LeakyRelu {
  float slope;

  template <class V>
  V value(V x) const {
    return simd::select(x < V(0.0f), x * V(slope), x);
  }
  template <class V>
  V gradient(V y, V dy) const {
    return simd::select(y > V(0.0f), dy, dy * V(slope));
  }
};

/// y = 1 / (1 + e^-x), y' = y (1 - y)
struct Sigmoid {
  template <class V>
  V value(V x) const {
    return simd::sigmoid(x);
  }
  template <class V>
  V gradient(V y, V dy) const {
    return dy * y * (V(1.0f) - y);
  }
};

/// y = tanh x, y' = 1 - y^2
struct Tanh {
  template <class V>
  V value(V x) const {
    return simd::tanh(x);
  }
  template <class V>
  V gradient(V y, V dy) const {
    return dy * (V(1.0f) - y * y);
  }
};

/// out[i] = f(in[i]); `out` may be `in`.
template <class Activation>
void activation_forward(float* out, const float* in, Index count, Activation f) {
  simd::map(out, in, count, [f](auto x) { return f.value(x); });
}

/// d_in[i] = d_out[i] f'(x[i]), from the outputs; `d_in` may be `d_out`.
template <class Activation>
void activation_backward(float* d_in, const float* d_out, const float* out, Index count,
                         Activation f) {
  simd::zip(d_in, out, d_out, count, [f](auto y, auto dy) { return f.gradient(y, dy); });
}

}  // namespace kernelgarten
