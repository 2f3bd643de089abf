/** `npm start`: from a fresh clone to a playground that is served. */
import './lib/node_version.mjs';
import { prepareEngine } from './lib/engine.mjs';
import { runScript, say } from './lib/report.mjs';
import { buildSite } from './lib/site.mjs';
import { serveUntilInterrupted } from './lib/serve_site.mjs';

await runScript(async () => {
  say('Kernelgarten: preparing the playground (the first time takes a few minutes)');
  await prepareEngine();
  await serveUntilInterrupted(await buildSite());
});
