/** `npm run make:judge`: trains the network by which generated digits are scored. */
import './lib/node_version.mjs';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { emit } from '../bindings/build_package.mjs';
import { dataFolder, ensureData } from './lib/data.mjs';
import { prepareEngine } from './lib/engine.mjs';
import { root } from './lib/folders.mjs';
import { elapsed, formatBytes, runScript, say, UserError } from './lib/report.mjs';

const target = join(root, 'bindings/src/data/judge.safetensors');
const leastAccuracy = 0.99;
const epochs = 15;
/** It falls to a hundredth, the same factor after each epoch. */
const firstRate = 2e-3;
const rateDecay = 0.01 ** (1 / (epochs - 1));

await runScript(async () => {
  await ensureData({ full: true });
  await prepareEngine();
  emit();
  const { loadEngine } = await sdk('index.js');
  const { digitJudge } = await sdk('digit_judge.js');
  // The same bits for any number of threads, but not for another build of the engine.
  const engine = await loadEngine({ variant: 'simd128-threads' });
  const { train, test } = await engine.loadData(fullMnist());
  const classifier = engine.classifier(train, test, digitJudge.network, {
    batchSize: 128,
    optimizer: { type: 'adam', learningRate: firstRate },
  });
  const accuracy = learn(classifier);
  if (accuracy < leastAccuracy) {
    throw new UserError(`Expected a test accuracy of ${leastAccuracy}; ${target} stays as it is.`);
  }
  const weights = classifier.weightsFile();
  writeFileSync(target, weights);
  say(`wrote ${target}, ${formatBytes(weights.length)}`);
});

function sdk(module) {
  return import(pathToFileURL(join(root, 'dist', module)).href);
}

function fullMnist() {
  const { mnist } = JSON.parse(readFileSync(join(dataFolder, 'manifest.json'), 'utf8'));
  const file = (name) => join(dataFolder, mnist[name]);
  return {
    images: file('trainImages'),
    labels: file('trainLabels'),
    test: { images: file('testImages'), labels: file('testLabels') },
  };
}

/** Says after each epoch how many test images are told apart, and returns the last of these shares. */
function learn(classifier) {
  const start = Date.now();
  const { batchesPerEpoch } = classifier.info();
  let accuracy = 0;
  for (let epoch = 1; epoch <= epochs; epoch += 1) {
    for (let batch = 0; batch < batchesPerEpoch; batch += 1) classifier.step();
    ({ accuracy } = classifier.evaluate('test'));
    say(`epoch ${epoch}: test accuracy ${accuracy} after ${elapsed(start)}`);
    classifier.learningRate *= rateDecay;
  }
  return accuracy;
}
