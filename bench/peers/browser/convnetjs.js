/** ConvNetJS: plain JavaScript, one image after the other. */
import convnetjs from 'convnetjs';
import { batchSize, classes, learningRate, randomLabels, randomPixels } from './works.js';

const { Net, Trainer, Vol } = convnetjs;

const articleCnn = [
  { type: 'input', out_sx: 28, out_sy: 28, out_depth: 1 },
  { type: 'conv', sx: 3, filters: 32, stride: 1, pad: 1, activation: 'relu' },
  { type: 'pool', sx: 2, stride: 2 },
  { type: 'conv', sx: 3, filters: 64, stride: 1, pad: 1, activation: 'relu' },
  { type: 'pool', sx: 2, stride: 2 },
  { type: 'softmax', num_classes: classes },
];

const mlp = [
  { type: 'input', out_sx: 1, out_sy: 1, out_depth: 784 },
  { type: 'fc', num_neurons: 128, activation: 'relu' },
  { type: 'softmax', num_classes: classes },
];

export function createConvnetjs() {
  return {
    'cnn.train': () => training(articleCnn, [28, 28, 1]),
    'cnn.infer': () => inference(articleCnn, [28, 28, 1]),
    'mlp.train': () => training(mlp, [1, 1, 784]),
  };
}

function training(layers, shape) {
  // It has no Adam; this is the cheapest of its methods.
  const trainer = new Trainer(network(layers), {
    method: 'sgd',
    momentum: 0.9,
    learning_rate: learningRate,
    batch_size: batchSize,
  });
  const images = volumes(shape);
  const labels = randomLabels();
  return {
    amount: batchSize,
    step() {
      return images.reduce(
        (sum, image, index) => sum + trainer.train(image, labels[index]).loss,
        0,
      );
    },
  };
}

function inference(layers, shape) {
  const net = network(layers);
  const images = volumes(shape);
  return {
    amount: batchSize,
    step() {
      return images.reduce((sum, image) => sum + net.forward(image).w[0], 0);
    },
  };
}

function network(layers) {
  const net = new Net();
  net.makeLayers(layers);
  return net;
}

function volumes([width, height, depth]) {
  const pixels = randomPixels();
  return Array.from({ length: batchSize }, (_, image) => {
    const volume = new Vol(width, height, depth, 0);
    volume.w.set(pixels.subarray(image * 784, (image + 1) * 784));
    return volume;
  });
}
