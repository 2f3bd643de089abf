import { embeddedDigits } from '../../../bindings/src/digits.js';
import {
  ganPresets,
  loadEngine,
  type Dataset,
  type Engine,
  type Gan,
} from '../../../bindings/src/index.js';

/** For pages that shall compute the same bits as `freshGan`. */
export const exactly = './?engine=simd128';

/** The lesson's GAN of digits in this process, before its first round. */
export async function freshGan(): Promise<{ engine: Engine; gan: Gan; held: Dataset }> {
  const engine = await loadEngine({ variant: 'simd128', threads: 1 });
  const { train, test } = await engine.loadData(embeddedDigits);
  const { generator, discriminator, training } = ganPresets['gan-default'];
  return { engine, gan: engine.gan(train, generator, discriminator, training), held: test };
}
