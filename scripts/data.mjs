/** `npm run data -- [--full]`: makes the data sets in `public/data/`. */
import './lib/node_version.mjs';
import { parseArgs } from 'node:util';
import { dataFolder, ensureData } from './lib/data.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { runScript, say } from './lib/report.mjs';

await runScript(async () => {
  const { values } = parseArgs({ options: { full: { type: 'boolean' } } });
  await ensureDependencies();
  await ensureData(values.full ? { full: true } : {});
  say(`the data are in ${dataFolder}`);
});
