import {
  engineVariants,
  KernelgartenError,
  type EngineVariant,
  type TrainerOptions,
} from 'kernelgarten';

/** What `?engine=` in the address can be wrong with; anything else is not its fault. */
const refusals = ['invalid-argument', 'unsupported'];

/**
 * A trainer with the engine that the address asks for, or else the one that the SDK chooses.
 *
 * @param wanted what stands behind `?engine=`
 * @param create opens a trainer of the kind that is needed
 * @returns `refusal` tells why the engine is not the one asked for
 */
export async function openTrainer<Control>(
  wanted: string | null,
  create: (options: TrainerOptions) => Promise<Control>,
): Promise<{ trainer: Control; refusal?: KernelgartenError }> {
  if (wanted === null) return { trainer: await create({}) };
  try {
    return { trainer: await create({ variant: variantNamed(wanted) }) };
  } catch (thrown) {
    if (!(thrown instanceof KernelgartenError) || !refusals.includes(thrown.code)) throw thrown;
    return { trainer: await create({}), refusal: thrown };
  }
}

function variantNamed(name: string): EngineVariant {
  const variant = engineVariants.find((known) => known === name);
  if (variant !== undefined) return variant;
  throw new KernelgartenError(
    'invalid-argument',
    `[engine] expected one of ${engineVariants.join(', ')}, got '${name}'`,
  );
}
