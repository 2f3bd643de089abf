/** TensorFlow.js: its core and one of its two backends for the CPU. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
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

/** @param {{ threads: number }} setting */
export async function createWasm({ threads }) {
  const { setThreadsCount } = await import('@tensorflow/tfjs-backend-wasm');
  const { setBinaries } = await import('./tfjs_binaries.js');
  setBinaries();
  setThreadsCount(threads);
  return create('wasm');
}

export async function createCpu() {
  await import('@tensorflow/tfjs-backend-cpu');
  return create('cpu');
}

async function create(backend) {
  if (!(await tf.setBackend(backend))) throw new Error(`the backend ${backend} did not start`);
  return {
    'cnn.train': () => training(articleCnn(), [batchSize, 28, 28, 1]),
    'cnn.infer': () => inference(articleCnn(), [batchSize, 28, 28, 1]),
    'mlp.train': () => training(mlp(), [batchSize, 784]),
    'lstm.train': () => training(lstmRows(), [batchSize, 28, 28]),
    'gemm.256': product,
  };
}

/** Convolution weights are HWIO, images NHWC. */
function articleCnn() {
  const [w1, b1] = parameters([3, 3, 1, 32]);
  const [w2, b2] = parameters([3, 3, 32, 64]);
  const [w3, b3] = parameters([7 * 7 * 64, classes]);
  return (images) => {
    const first = tf.maxPool(convolution(images, w1, b1), 2, 2, 'valid');
    const second = tf.maxPool(convolution(first, w2, b2), 2, 2, 'valid');
    return dense(tf.reshape(second, [batchSize, 7 * 7 * 64]), w3, b3);
  };
}

function mlp() {
  const [w1, b1] = parameters([784, 128]);
  const [w2, b2] = parameters([128, classes]);
  return (images) => dense(dense(images, w1, b1, 'relu'), w2, b2);
}

/** Reads an image row by row and tells its class after the last one. */
function lstmRows() {
  const units = 128;
  const [kernel, bias] = parameters([28 + units, 4 * units]);
  const [w, b] = parameters([units, classes]);
  const forgetBias = tf.scalar(1);
  return (images) => {
    let memory = tf.zeros([batchSize, units]);
    let hidden = memory;
    for (const row of tf.unstack(images, 1)) {
      [memory, hidden] = tf.basicLSTMCell(forgetBias, kernel, bias, row, memory, hidden);
    }
    return dense(hidden, w, b);
  };
}

function parameters(shape) {
  const units = shape.at(-1);
  const fanIn = shape.reduce((product, size) => product * size) / units;
  return [tf.variable(tf.randomNormal(shape, 0, heScale(fanIn))), tf.variable(tf.zeros([units]))];
}

function convolution(x, filter, bias) {
  return tf.fused.conv2d({ x, filter, strides: 1, pad: 'same', bias, activation: 'relu' });
}

function dense(a, b, bias, activation) {
  return tf.fused.matMul({ a, b, bias, activation });
}

function training(network, shape) {
  const images = tf.tensor(randomPixels(), shape);
  const labels = tf.oneHot(tf.tensor1d(randomLabels(), 'int32'), classes);
  const optimizer = tf.train.adam(learningRate);
  const loss = () => tf.losses.softmaxCrossEntropy(labels, network(images));
  return {
    amount: batchSize,
    async step() {
      const value = optimizer.minimize(loss, true);
      const [number] = await value.data();
      value.dispose();
      return number;
    },
  };
}

function inference(network, shape) {
  const images = tf.tensor(randomPixels(), shape);
  return {
    amount: batchSize,
    async step() {
      const probabilities = tf.tidy(() => tf.softmax(network(images)));
      const [number] = await probabilities.data();
      probabilities.dispose();
      return number;
    },
  };
}

/** Both backends compute at once: nothing has to be read to make them. */
function product() {
  const [left, right] = [1, 2].map(() => tf.randomUniform([gemmSize, gemmSize]));
  return {
    amount: gemmGflop,
    step() {
      tf.matMul(left, right).dispose();
      return 0;
    },
  };
}
