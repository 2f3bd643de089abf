import type { Classifier, Engine } from '../../../bindings/src/index.js';
import { easyImages } from './idx.js';
import { smallNetwork, smallTraining } from './specs.js';

/** A classifier of easy images: 160 to train on, 40 held out. */
export function easyClassifier(
  engine: Engine,
  network = smallNetwork,
  training = smallTraining,
): Classifier {
  const { images, labels } = easyImages(200);
  const train = engine.dataset(images, labels);
  return engine.classifier(train, train.splitOff(0.2, 3), network, training);
}
