/** The page of `npm run bench:peers`, which drives it through `window.peer`. */
import { wrap } from 'comlink';

window.peer = wrap(new Worker(new URL('./peer_worker.js', import.meta.url), { type: 'module' }));
