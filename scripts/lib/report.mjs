/** What the scripts say to the person who started them. */

const startedAt = Date.now();

/** An error whose message is all that the user needs: printed without a stack, exit code 1. */
export class UserError extends Error {}

/** Seconds since the script started, such as `12 s`. */
export function elapsed(since = startedAt) {
  return `${Math.round((Date.now() - since) / 1000)} s`;
}

/** @param {string} text one line, printed with the seconds that have gone by */
export function say(text) {
  console.log(`[${elapsed().padStart(6)}] ${text}`);
}

/**
 * Announces a piece of work that takes a while, and says when it is done.
 *
 * @template Result
 * @param {string} title
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result>}
 */
export async function step(title, work) {
  const start = Date.now();
  say(`${title} ...`);
  const result = await work();
  say(`${title}: done in ${elapsed(start)}`);
  return result;
}

/** @param {number} bytes @returns {string} such as `312 MB` */
export function formatBytes(bytes) {
  const megabytes = bytes / 1e6;
  return megabytes < 10 ? `${megabytes.toFixed(1)} MB` : `${Math.round(megabytes)} MB`;
}

/**
 * Runs a script: user errors are printed as they are, everything else with its stack.
 *
 * @param {() => Promise<void>} main
 */
export async function runScript(main) {
  try {
    await main();
  } catch (error) {
    console.error(isForTheUser(error) ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}

/** Ours, or one of Node's about the arguments on the command line. */
function isForTheUser(error) {
  return error instanceof UserError || String(error?.code).startsWith('ERR_PARSE_ARGS');
}
