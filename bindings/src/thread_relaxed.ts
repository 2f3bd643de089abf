/** The entry of the workers that run the threads of `relaxed-threads`. */
import { becomeThread } from './thread_scope.js';
import createModule from './wasm/kernelgarten-relaxed-threads.mjs';

becomeThread(createModule);
