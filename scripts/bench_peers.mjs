/** `npm run bench:peers -- [WORKS] [--only PEER,PEER] ...`: Kernelgarten beside other engines. */
import './lib/node_version.mjs';
import { parseArgs } from 'node:util';
import { findWork } from './lib/bench/works.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { withHarness } from './lib/harness.mjs';
import { wholeNumber } from './lib/options.mjs';
import {
  browserContestant,
  browserPeers,
  peerPages,
  peersFolder,
} from './lib/peers/browser_peers.mjs';
import { compete, rank } from './lib/peers/contest.mjs';
import { startKernelgarten } from './lib/peers/kernelgarten.mjs';
import { pytorchName, startPytorch } from './lib/peers/pytorch_contestant.mjs';
import { formatResults } from './lib/peers/table.mjs';
import { runScript, say } from './lib/report.mjs';
import { checkNames, writeResults } from './lib/results.mjs';
import { median, rounded } from './lib/statistics.mjs';

const works = [
  'cnn.train',
  'cnn.infer',
  'mlp.train',
  'lstm.train',
  'gru.train',
  'charrnn.train',
  'gan.train',
  'gan-default.train',
  'gemm.256',
];
const peerNames = [...browserPeers.map(({ name }) => name), pytorchName];
const usualRounds = 5;
const milliseconds = 800;

/** For the slowest peers this is one round. */
const budget = 30_000;

await runScript(async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'string' },
      only: { type: 'string', default: peerNames.join(',') },
      rounds: { type: 'string' },
      verbose: { type: 'boolean', default: false },
    },
  });
  const chosen = values.only.split(',');
  checkNames(positionals, (name) => works.includes(name), works);
  checkNames(chosen, (name) => peerNames.includes(name), peerNames);
  const rounds = wholeNumber('--rounds', values.rounds, 1, 100) ?? usualRounds;
  const inBrowser = browserPeers.filter(({ name }) => chosen.includes(name));
  const native = chosen.includes(pytorchName) ? [await startPytorch(values)] : [];
  if (inBrowser.length > 0) await ensureDependencies(peersFolder);
  await withHarness(
    async (harness) => {
      const own = await startKernelgarten(harness);
      const peers = [...inBrowser.map((peer) => browserContestant(peer, harness.open)), ...native];
      const limits = { rounds, milliseconds, budget };
      const results = [];
      for (const work of positionals.length > 0 ? positionals : works) {
        say(`${work} ...`);
        results.push(await compare(work, own, peers, limits));
      }
      const peak = median(own.peaks);
      console.log(`\n${formatResults(results)}\n`);
      say(`multiply-add peak of one thread in ${harness.browser}: ${rounded(peak)} GFLOP/s`);
      writeResults(values.json, { engine: own.engine, browser: harness.browser, peak, results });
    },
    inBrowser.length > 0 ? [peerPages] : [],
  );
});

async function compare(work, own, peers, limits) {
  const able = peers.filter(({ works: done = works }) => done.includes(work));
  const [ours, ...theirs] = await compete(work, [own, ...able], limits);
  const [best] = rank(ours);
  return {
    name: work,
    unit: findWork(work).unit,
    engine: own.title,
    ...best,
    peers: theirs.map((outcome) => {
      const settings = rank(outcome);
      return {
        name: outcome.contestant.name,
        engine: outcome.contestant.title,
        ...(outcome.refusal === undefined
          ? { ...settings[0], ratio: rounded(best.value / settings[0].value), settings }
          : { refusal: outcome.refusal }),
      };
    }),
  };
}
