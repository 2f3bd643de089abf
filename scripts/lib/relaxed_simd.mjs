/** Relaxed SIMD in Node. */

/**
 * What Node has to be started with to run the relaxed builds: Node 20 has them behind a flag, which
 * newer ones do not know.
 *
 * @returns {Promise<string[]>}
 */
export async function relaxedSimdFlags() {
  const { relaxedSimd } = await import('wasm-feature-detect');
  return (await relaxedSimd()) ? [] : ['--experimental-wasm-relaxed-simd'];
}
