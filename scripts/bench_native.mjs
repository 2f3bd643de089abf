/** `npm run bench:native -- [WORKS] ...`: the native engine beside PyTorch, on the same cores. */
import './lib/node_version.mjs';
import { parseArgs } from 'node:util';
import { findWork } from './lib/bench/works.mjs';
import { writeAtomically } from './lib/files.mjs';
import { wholeNumber } from './lib/options.mjs';
import { compete, rank } from './lib/peers/contest.mjs';
import { startNative } from './lib/peers/native_contestant.mjs';
import { startPytorch } from './lib/peers/pytorch_contestant.mjs';
import { formatTable } from './lib/peers/table.mjs';
import { runScript, say } from './lib/report.mjs';
import { checkNames } from './lib/results.mjs';
import { median, rounded } from './lib/statistics.mjs';
import { ensureToolchain } from './lib/toolchain.mjs';

/** What PyTorch has no counterpart of. */
const alone = 'peak';
const products = [64, 128, 256, 512, 1024].map((size) => `gemm.${size}`);
const works = [alone, ...products, 'cnn.train', 'cnn.infer'];
const usualRounds = 5;
const limits = { milliseconds: 800, budget: Infinity };

const heading = [
  ...['work', 'engine', 'setting', 'speed', 'lowest to highest', 'rounds'],
  ...['share of the peak', 'Kernelgarten : PyTorch'],
];

await runScript(async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'string' },
      rounds: { type: 'string' },
      verbose: { type: 'boolean', default: false },
    },
  });
  checkNames(positionals, (name) => works.includes(name), works);
  const rounds = wholeNumber('--rounds', values.rounds, 1, 100) ?? usualRounds;
  const own = await startNative(await ensureToolchain({ native: true }));
  const pytorch = await startPytorch(values);
  const results = [];
  for (const work of positionals.length > 0 ? positionals : works) {
    say(`${work} ...`);
    const contestants = work === alone ? [own] : [own, pytorch];
    results.push(summarise(work, await compete(work, contestants, { ...limits, rounds }), own));
  }
  console.log(`\n${formatTable([heading, ...results.flatMap(tableRows)])}\n`);
  writeResults(values.json, { engine: own.title, pytorch: pytorch.title, results });
});

/** Every setting of both engines; the ratios are to the best setting of PyTorch. */
function summarise(work, [ours, theirs], { shares }) {
  const peers = theirs === undefined ? [] : rank(theirs);
  const settings = rank(ours).map((figures) => ({
    ...figures,
    ...(work !== alone && { peak_share: rounded(median(sharesOf(figures.setting))) }),
    ...(peers.length > 0 && { ratio: rounded(figures.value / peers[0].value) }),
  }));
  return {
    name: work,
    unit: findWork(work).unit,
    engine: ours.contestant.title,
    settings,
    peer: { engine: theirs?.contestant.title, refusal: theirs?.refusal, settings: peers },
  };

  function sharesOf(setting) {
    return shares
      .filter((one) => one.work === work && one.setting === setting)
      .map(({ share }) => share);
  }
}

/** All settings of ours, the best one of PyTorch. */
function tableRows({ name, unit, engine, settings, peer }) {
  const cells = (title, { setting, value, lowest, highest, rounds }) => {
    return [name, title, setting, `${value} ${unit}`, `${lowest} to ${highest}`, String(rounds)];
  };
  return [
    ...settings.map((figures) => [
      ...cells(engine, figures),
      figures.peak_share === undefined ? '' : `${Math.round(100 * figures.peak_share)} %`,
      String(figures.ratio ?? ''),
    ]),
    ...peer.settings.slice(0, 1).map((figures) => [...cells(peer.engine, figures), '', '']),
    ...(peer.refusal === undefined ? [] : [[name, peer.engine, '', '', '', '', '', peer.refusal]]),
  ];
}

function writeResults(file, content) {
  if (file === undefined) return;
  writeAtomically(file, `${JSON.stringify(content, undefined, 2)}\n`);
  say(`written to ${file}`);
}
