/** `npm run bench -- [NAMES] [--engine VARIANT] [--json FILE]`: benchmarks in headless Chromium. */
import './lib/node_version.mjs';
import { parseArgs } from 'node:util';
import { findBenchmark, known, usual } from './lib/benchmarks.mjs';
import { openBenchPage, withHarness } from './lib/harness.mjs';
import { runScript, say } from './lib/report.mjs';
import {
  checkNames,
  chosenEngine,
  describeEngine,
  engineOption,
  writeResults,
} from './lib/results.mjs';
import { median, rounded } from './lib/statistics.mjs';

const rounds = 7;
const milliseconds = 800;

await runScript(async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'string' }, ...engineOption },
  });
  checkNames(positionals, (name) => findBenchmark(name) !== undefined, known);
  const options = chosenEngine(values.engine);
  const names = positionals.length > 0 ? positionals : usual;
  await withHarness(async (harness) => {
    const { page, engine } = await openBenchPage(harness, options);
    say(`engine: ${describeEngine(engine)}`);
    const results = [];
    const peaks = [];
    for (const name of names) {
      const measured = await measure(page, name);
      results.push(measured.result);
      peaks.push(...measured.peaks);
      show(measured.result);
    }
    writeResults(values.json, { engine, browser: harness.browser, peak: median(peaks), results });
  });
});

async function measure(page, name) {
  const { work, unit, flopsPerUnit } = findBenchmark(name);
  const { values, peaks } = await page.evaluate(
    (task) => window.bench.measure(task.work, task.rounds, task.milliseconds),
    { work, rounds, milliseconds },
  );
  const value = median(values);
  const peak = median(peaks);
  const gflops = flopsPerUnit && (value * flopsPerUnit) / 1e9;
  const shares = values.map((one, round) => (one * flopsPerUnit) / 1e9 / peaks[round]);
  const result = {
    name,
    value: rounded(value),
    unit,
    ...(gflops && { effective_gflops: rounded(gflops), peak_share: rounded(median(shares)) }),
    lowest: rounded(Math.min(...values)),
    highest: rounded(Math.max(...values)),
    rounds,
    peak_gflops_per_thread: rounded(peak),
  };
  return { result, peaks };
}

function show(result) {
  const spread = `${result.lowest} to ${result.highest}`;
  const share = result.effective_gflops
    ? `; ${result.effective_gflops} GFLOP/s, ${Math.round(100 * result.peak_share)} % of the peak ${result.peak_gflops_per_thread}`
    : '';
  say(`${result.name.padEnd(10)} ${result.value} ${result.unit} (${spread})${share}`);
}
