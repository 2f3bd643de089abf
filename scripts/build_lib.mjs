/** `npm run build:lib`: the npm package. */
import './lib/node_version.mjs';
import { emit } from '../bindings/build_package.mjs';
import { prepareEngine } from './lib/engine.mjs';
import { runScript, say } from './lib/report.mjs';

await runScript(async () => {
  await prepareEngine();
  emit();
  say('the package is in dist/');
});
