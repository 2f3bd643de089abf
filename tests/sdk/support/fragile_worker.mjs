/**
 * The built worker with weak points: asked for the weights of layer 666 it throws outside any call, of
 * layer 667 it exits, and where the environment says so it never starts.
 */
import { parentPort } from 'node:worker_threads';

if (process.env.FRAGILE_WORKER === 'broken') throw new Error('cannot start');

// First the worker's listener: adding one lets the messages in.
await import('../../../dist/worker.js');

parentPort.on('message', ({ path, argumentList }) => {
  const asksForWeights = ['weights', 'playerWeights'].includes(path?.[0]);
  // The last argument: of a GAN the player comes first.
  const layer = asksForWeights ? argumentList.at(-1).value : undefined;
  if (layer === 666) throw new Error('struck by lightning');
  if (layer === 667) process.exit(3);
});
