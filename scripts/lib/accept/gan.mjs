/** GANs that learn to make digits: how good their samples are after so many real images. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../folders.mjs';
import { elapsed, say } from '../report.mjs';
import { rounded } from '../statistics.mjs';

/** Names of `npm run accept`, and the presets of the SDK that they train. */
export const ganRuns = { gan: 'gan-default', 'gan-conditional': 'gan-conditional' };

/** Real images that the discriminator sees. */
const images = 120_000;

/**
 * @param {import('playwright-core').Page} page `accept.html`
 * @param {{ name: keyof typeof ganRuns, source: object, seed: number, engine: object }} task
 */
export async function trainGan(page, { name, ...task }) {
  const start = Date.now();
  const curve = [];
  await page.exposeFunction('reportEpoch', (report) => {
    say(`${name}: ${describe(report)}`);
    curve.push(toPoint(report));
  });
  say(`${name}: training with seed ${task.seed} ...`);
  const { imagesPerRound, rounds, grid } = await page.evaluate(
    (options) => window.acceptGan(options),
    { ...task, preset: ganRuns[name], images },
  );
  const last = curve.at(-1);
  if (last === undefined) throw new Error(`${name} ended without being judged.`);
  const picture = savePicture(name, grid);
  say(`${name}: score ${last.inception_score} in ${elapsed(start)}; samples in ${picture}`);
  return {
    name,
    value: last.inception_score,
    unit: 'inception-style score of 2,000 samples',
    seed: task.seed,
    real_images: rounds * imagesPerRound,
    images_per_second: rounded((rounds * imagesPerRound) / last.training_seconds),
    seconds: last.seconds,
    training_seconds: last.training_seconds,
    smallest_share: Math.min(...last.shares),
    ...(last.obeyed && { smallest_obeyed: Math.min(...last.obeyed) }),
    picture,
    curve,
  };
}

function describe({ images: seen, inceptionScore, frechetDistance, shares, obeyed, seconds }) {
  const parts = [
    `${seen} images`,
    `score ${inceptionScore.toFixed(2)}`,
    `Frechet distance ${frechetDistance.toFixed(1)}`,
    `smallest share ${(100 * Math.min(...shares)).toFixed(1)} %`,
  ];
  if (obeyed) parts.push(`worst digit obeyed ${(100 * Math.min(...obeyed)).toFixed(1)} %`);
  return [...parts, `${seconds.toFixed(1)} s`].join(', ');
}

function toPoint({ inceptionScore, frechetDistance, confidence, shares, obeyed, ...report }) {
  return {
    images: report.images,
    inception_score: rounded(inceptionScore),
    frechet_distance: rounded(frechetDistance),
    confidence: rounded(confidence),
    shares: shares.map(rounded),
    ...(obeyed && { obeyed: obeyed.map(rounded) }),
    seconds: rounded(report.seconds),
    training_seconds: rounded(report.trainingSeconds),
  };
}

/** @returns {string} the file's place, from the project's folder */
function savePicture(name, dataUrl) {
  const place = join('build', 'accept', `${name}.png`);
  const file = join(root, place);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, Buffer.from(dataUrl.slice(dataUrl.indexOf(',') + 1), 'base64'));
  return place;
}
