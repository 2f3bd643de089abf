/** Serves the playground to the person who started it. */
import { UserError } from './report.mjs';
import { serve } from './static_server.mjs';

const defaultPort = 5173;

/** @param {string} folder the built site */
export async function serveUntilInterrupted(folder) {
  const { address } = await serve([folder], { port: wantedPort() });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
  console.log(`\nThe playground is at ${address}   (Ctrl-C ends it)`);
}

function wantedPort() {
  const { PORT } = process.env;
  if (!PORT) return defaultPort;
  const port = Number(PORT);
  if (Number.isInteger(port) && port >= 0 && port < 65536) return port;
  throw new UserError(`PORT should be a number from 0 to 65535, but it is "${PORT}".`);
}
