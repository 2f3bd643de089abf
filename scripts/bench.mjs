/** `npm run bench -- [NAMES] [--help] ...`: benchmarks in headless Chromium. */
import './lib/node_version.mjs';
import { parseArgs } from 'node:util';
import { Bench } from './lib/bench/bench.mjs';
import { describeNames, expandNames, findBenchmark, known } from './lib/bench/catalogue.mjs';
import { describe } from './lib/bench/summary.mjs';
import { findWork } from './lib/bench/works.mjs';
import { withHarness } from './lib/harness.mjs';
import { wholeNumber } from './lib/options.mjs';
import { runScript, say } from './lib/report.mjs';
import {
  checkNames,
  chosenEngine,
  describeEngine,
  engineOption,
  writeResults,
} from './lib/results.mjs';
import { sitePages } from './lib/site.mjs';
import { median } from './lib/statistics.mjs';

const usualRounds = 7;

const help = `npm run bench -- [NAMES] [--rounds N] [--engine VARIANT] [--json FILE]

Each figure is the median of ${usualRounds} rounds, or of N. Names:

${describeNames()}`;

await runScript(async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', default: false },
      json: { type: 'string' },
      rounds: { type: 'string' },
      ...engineOption,
    },
  });
  if (values.help) console.log(help);
  else await measure(positionals, values);
});

async function measure(given, { json, engine: variant, rounds }) {
  const names = expandNames(given);
  checkNames(names, (name) => findBenchmark(name) !== undefined, known);
  const options = chosenEngine(variant);
  const count = wholeNumber('--rounds', rounds, 1, 100) ?? usualRounds;
  const benchmarks = names.map(findBenchmark);
  const pages = benchmarks.some(({ needsSite }) => needsSite) ? [sitePages] : [];
  await withHarness(async (harness) => {
    const bench = await Bench.open(harness, options, count);
    const { engine } = bench;
    say(`engine: ${describeEngine(engine)}`);
    const results = [];
    for (const { run } of benchmarks) {
      for await (const result of run(bench)) {
        results.push(result);
        say(describe(result));
      }
    }
    // Some benchmarks have no rounds beside the peak.
    if (bench.peaks.length === 0) await bench.measure([findWork('peak')]);
    writeResults(json, { engine, browser: harness.browser, peak: median(bench.peaks), results });
  }, pages);
}
