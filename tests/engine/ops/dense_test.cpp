#include "engine/ops/dense.hpp"

#include "engine/ops/activation.hpp"
#include "tests/engine/gradient_check.hpp"
#include "tests/engine/reference.hpp"

namespace kernelgarten::test {
namespace {

struct Dense {
  DenseParams params;
  Floats in, weight, bias;

  explicit Dense(const DenseParams& sizes, std::uint32_t seed = 1)
      : params(sizes),
        in(random_values(sizes.batch * sizes.inputs, seed)),
        weight(random_values(sizes.inputs * sizes.units, seed + 1)),
        bias(random_values(sizes.units, seed + 2)) {}

  Floats forward() const {
    Floats out = poison(params.batch * params.units);
    ScratchBuffer scratch(dense_scratch_size(params));
    dense_forward(out.data(), in.data(), weight.data(), bias.data(), params, scratch);
    return out;
  }
};

struct DenseGradients {
  Floats d_in, d_weight, d_bias;

  DenseGradients(const Dense& dense, const Floats& d_out)
      : d_in(poison(static_cast<Index>(dense.in.size()))),
        d_weight(dense.weight.size(), 0.0f),
        d_bias(dense.bias.size(), 0.0f) {
    add(dense, d_out, d_in.data());
  }

  void add(const Dense& dense, const Floats& d_out, float* to_d_in) {
    ScratchBuffer scratch(dense_scratch_size(dense.params));
    dense_backward(to_d_in, d_weight.data(), d_bias.data(), d_out.data(), dense.in.data(),
                   dense.weight.data(), dense.params, scratch);
  }
};

}  // namespace

TEST_CASE("dense: closed form") {
  Dense dense({2, 2, 3});
  dense.in = {1, 2, -1, 0.5f};
  dense.weight = {1, 2, 3, 4, 5, 6};
  dense.bias = {10, 20, 30};
  CHECK(dense.forward() == Floats{19, 32, 45, 11, 20.5f, 30});
  const DenseGradients gradients(dense, {1, 0, 0, 0, 1, 2});
  CHECK(gradients.d_in == Floats{1, 4, 8, 17});
  CHECK(gradients.d_weight == Floats{1, -1, -2, 2, 0.5f, 1});
  CHECK(gradients.d_bias == Floats{1, 1, 2});
}

TEST_CASE("dense: equals the plain version on odd shapes") {
  for (const Index batch : {0, 1, 3, 17}) {
    for (const Index inputs : {1, 5, 33}) {
      for (const Index units : {1, 7, 10, 34}) {
        const Dense dense({batch, inputs, units}, static_cast<std::uint32_t>(batch + units));
        check_close(
            dense.forward(),
            reference::dense(widen(dense.in), widen(dense.weight), widen(dense.bias), batch), 1e-5);
      }
    }
  }
}

TEST_CASE("dense: Jacobian of the input, the weight and the bias") {
  const Index batch = 3;
  const Dense dense({batch, 5, 4});
  const Doubles in = widen(dense.in), weight = widen(dense.weight), bias = widen(dense.bias);
  check_jacobian([&](const Doubles& x) { return reference::dense(x, weight, bias, batch); },
                 [&](const Floats& d_out) { return DenseGradients(dense, d_out).d_in; }, dense.in);
  check_jacobian([&](const Doubles& w) { return reference::dense(in, w, bias, batch); },
                 [&](const Floats& d_out) { return DenseGradients(dense, d_out).d_weight; },
                 dense.weight);
  check_jacobian([&](const Doubles& b) { return reference::dense(in, weight, b, batch); },
                 [&](const Floats& d_out) { return DenseGradients(dense, d_out).d_bias; },
                 dense.bias);
}

TEST_CASE("dense: with its ReLU in the epilogue it is the two ops one after the other") {
  for (const DenseParams params : {DenseParams{1, 5, 3}, {3, 33, 34}, {40, 7, 17}}) {
    const Dense dense(params);
    const Index count = params.batch * params.units;
    const Floats d_out = random_values(count, 9);
    Floats expected = dense.forward(), d_sums = poison(count), out = poison(count);
    activation_forward(expected.data(), expected.data(), count, Relu{});
    activation_backward(d_sums.data(), d_out.data(), expected.data(), count, Relu{});
    const DenseGradients two_ops(dense, d_sums);

    ScratchBuffer scratch(dense_relu_scratch_size(params));
    dense_relu_forward(out.data(), dense.in.data(), dense.weight.data(), dense.bias.data(), params,
                       scratch);
    CHECK(out == expected);
    DenseGradients one_op(dense, filled(count, 0.0f));
    dense_relu_backward(one_op.d_in.data(), one_op.d_weight.data(), one_op.d_bias.data(),
                        d_out.data(), out.data(), dense.in.data(), dense.weight.data(), params,
                        scratch);
    CHECK(one_op.d_in == two_ops.d_in);
    CHECK(one_op.d_weight == two_ops.d_weight);
    CHECK(one_op.d_bias == two_ops.d_bias);
  }
}

TEST_CASE("dense: parameter gradients add up, the input's is written, or left out") {
  const Dense dense({3, 5, 4});
  const Floats d_out = random_values(12, 9);
  DenseGradients gradients(dense, d_out);
  const DenseGradients once = gradients;
  gradients.add(dense, d_out, nullptr);
  CHECK(gradients.d_in == once.d_in);
  gradients.add(dense, d_out, gradients.d_in.data());
  CHECK(gradients.d_in == once.d_in);
  for (std::size_t i = 0; i < once.d_weight.size(); ++i) {
    CHECK(gradients.d_weight[i] == doctest::Approx(3.0f * once.d_weight[i]));
  }
  for (std::size_t i = 0; i < once.d_bias.size(); ++i) {
    CHECK(gradients.d_bias[i] == doctest::Approx(3.0f * once.d_bias[i]));
  }
}

TEST_CASE("dense: an empty batch leaves the gradients as they were") {
  const Dense dense({0, 5, 4});
  const DenseGradients gradients(dense, {});
  CHECK(gradients.d_weight == filled(20, 0.0f));
  CHECK(gradients.d_bias == filled(4, 0.0f));
}

}  // namespace kernelgarten::test
