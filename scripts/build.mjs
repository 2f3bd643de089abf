/** `npm run build`: the playground as a static site. */
import './lib/node_version.mjs';
import { prepareEngine } from './lib/engine.mjs';
import { runScript, say } from './lib/report.mjs';
import { buildSite } from './lib/site.mjs';

await runScript(async () => {
  await prepareEngine();
  say(`the site is in ${await buildSite()}`);
});
