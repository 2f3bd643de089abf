/** `npm run serve`: serves the playground as `npm run build` left it. */
import './lib/node_version.mjs';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/folders.mjs';
import { runScript, UserError } from './lib/report.mjs';
import { siteFolder } from './lib/site.mjs';
import { serveUntilInterrupted } from './lib/serve_site.mjs';

await runScript(async () => {
  const folder = join(root, siteFolder);
  if (!existsSync(join(folder, 'index.html'))) {
    throw new UserError('There is no built site yet. Run npm run build first, or npm start.');
  }
  await serveUntilInterrupted(folder);
});
