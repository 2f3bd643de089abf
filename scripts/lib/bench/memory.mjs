/** WebAssembly memory after training the article's CNN on each data set that is here. */
import { dataSources } from '../harness.mjs';
import { formatBytes } from '../report.mjs';
import { median } from '../statistics.mjs';

const openings = 3;

export async function* measureMemory({ harness, options }) {
  for (const [set, source] of Object.entries(dataSources(harness.manifest))) {
    const values = [];
    for (let opening = 0; opening < openings; opening += 1) {
      const page = await harness.open('bench.html');
      values.push(
        await page.evaluate((task) => window.bench.memory(task.source, task.options), {
          source,
          options,
        }),
      );
      await page.close();
    }
    yield {
      name: `memory.${set}`,
      value: median(values),
      unit: 'bytes',
      lowest: Math.min(...values),
      highest: Math.max(...values),
      rounds: openings,
      note: formatBytes(median(values)),
    };
  }
}
