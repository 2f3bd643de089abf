/** The entry of the workers that run the threads of `simd128-threads`. */
import { becomeThread } from './thread_scope.js';
import createModule from './wasm/kernelgarten-simd128-threads.mjs';

becomeThread(createModule);
