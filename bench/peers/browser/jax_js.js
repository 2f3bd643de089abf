/**
 * jax-js on its WebAssembly device. An array belongs to the function that it is passed to: `ref`
 * keeps one for later.
 */
import {
  blockUntilReady,
  defaultDevice,
  init,
  jit,
  lax,
  nn,
  numpy as np,
  random,
  tree,
  valueAndGrad,
} from '@jax-js/jax';
import {
  batchSize,
  classes,
  gemmGflop,
  gemmSize,
  heScale,
  learningRate,
  randomLabels,
  randomPixels,
} from './works.js';

const beta1 = 0.9;
const beta2 = 0.999;
const epsilon = 1e-8;

/** @param {{ threads: number }} setting */
export async function createJax({ threads }) {
  // It starts as many workers as the machine has cores, and offers no setting for that.
  Object.defineProperty(navigator, 'hardwareConcurrency', { value: threads });
  await init('wasm');
  defaultDevice('wasm');
  return {
    'cnn.train': () => training(articleCnn(), predictCnn, [batchSize, 1, 28, 28]),
    'cnn.infer': () => inference(articleCnn(), predictCnn, [batchSize, 1, 28, 28]),
    'mlp.train': () => training(mlp(), predictMlp, [batchSize, 784]),
    'gemm.256': product,
  };
}

/** Images are NCHW, convolution weights OIHW: the only order that it has. */
function articleCnn() {
  return [
    [weights([32, 1, 3, 3], 9), np.zeros([32, 1, 1])],
    [weights([64, 32, 3, 3], 9 * 32), np.zeros([64, 1, 1])],
    [weights([64 * 7 * 7, classes], 64 * 7 * 7), np.zeros([classes])],
  ];
}

function mlp() {
  return [
    [weights([784, 128], 784), np.zeros([128])],
    [weights([128, classes], 128), np.zeros([classes])],
  ];
}

function weights(shape, fanIn) {
  return random.normal(random.key(fanIn), shape).mul(heScale(fanIn));
}

function predictCnn([first, second, output], images) {
  const features = block(block(images, first), second);
  return dense(features.reshape([batchSize, 64 * 7 * 7]), output);
}

function predictMlp([hidden, output], images) {
  return dense(nn.relu(dense(images, hidden)), output);
}

function block(images, [weight, bias]) {
  const convolved = lax.conv(images, weight, [1, 1], 'SAME').add(bias);
  return lax.reduceWindow(nn.relu(convolved), np.max, [2, 2], [2, 2]);
}

function dense(input, [weight, bias]) {
  return np.dot(input, weight).add(bias);
}

function training(network, predict, shape) {
  const images = np.array(randomPixels()).reshape(shape);
  const labels = nn.oneHot(np.array(randomLabels(), { dtype: np.int32 }), classes);
  const loss = (parameters, batch, targets) =>
    nn
      .logSoftmax(predict(parameters, batch))
      .mul(targets)
      .sum()
      .mul(-1 / batchSize);
  const gradients = jit(valueAndGrad(loss));
  const optimizer = new Adam(network);
  return {
    amount: batchSize,
    async step() {
      const [value, gradient] = gradients(tree.ref(optimizer.parameters), images.ref, labels.ref);
      optimizer.step(gradient);
      await blockUntilReady(optimizer.parameters);
      const [number] = await value.data();
      return number;
    },
  };
}

/** Its own optimizers are in a package that is not on the registry. */
class Adam {
  #means;
  #squares;
  #steps = 0;
  #update = jit((parameters, means, squares, gradient, rate) => {
    const newMeans = tree.map(
      (mean, one) => mean.mul(beta1).add(one.mul(1 - beta1)),
      means,
      tree.ref(gradient),
    );
    const newSquares = tree.map(
      (square, one) => square.mul(beta2).add(np.square(one).mul(1 - beta2)),
      squares,
      gradient,
    );
    const newParameters = tree.map(
      (parameter, mean, square) =>
        parameter.sub(mean.mul(rate.ref).div(np.sqrt(square).add(epsilon))),
      parameters,
      tree.ref(newMeans),
      tree.ref(newSquares),
    );
    rate.dispose();
    return [newParameters, newMeans, newSquares];
  });

  constructor(parameters) {
    this.parameters = parameters;
    this.#means = tree.map((one) => np.zeros(one.shape), parameters);
    this.#squares = tree.map((one) => np.zeros(one.shape), parameters);
  }

  step(gradient) {
    this.#steps += 1;
    const rate = (learningRate * Math.sqrt(1 - beta2 ** this.#steps)) / (1 - beta1 ** this.#steps);
    [this.parameters, this.#means, this.#squares] = this.#update(
      this.parameters,
      this.#means,
      this.#squares,
      gradient,
      np.array(rate),
    );
  }
}

function inference(network, predict, shape) {
  const images = np.array(randomPixels()).reshape(shape);
  const probabilities = jit((parameters, batch) => nn.softmax(predict(parameters, batch)));
  return {
    amount: batchSize,
    async step() {
      const [number] = await probabilities(tree.ref(network), images.ref).data();
      return number;
    },
  };
}

function product() {
  const [left, right] = [1, 2].map((seed) =>
    random.uniform(random.key(seed), [gemmSize, gemmSize]),
  );
  const multiply = jit((a, b) => np.matmul(a, b));
  return {
    amount: gemmGflop,
    async step() {
      const result = multiply(left.ref, right.ref);
      await blockUntilReady(result);
      result.dispose();
      return 0;
    },
  };
}
