/** Who is winning, by what the discriminator says of both kinds of examples. */
export type Balance = 'unknown' | 'discriminator' | 'even' | 'generator';

/** Differences of the mean verdicts beyond which one player is far ahead. */
const SEEN_THROUGH = 0.85;
const GUESSING = 0.05;

/**
 * @param real mean verdict on real examples, D(x), from 0 (fake) to 1 (real)
 * @param fake the same on fakes, D(G(z))
 */
export function balanceOf(real: number | undefined, fake: number | undefined): Balance {
  if (real === undefined || fake === undefined) return 'unknown';
  const lead = real - fake;
  if (lead > SEEN_THROUGH) return 'discriminator';
  return lead < GUESSING ? 'generator' : 'even';
}

/** A class that generated examples hardly have, and one that they have too often. */
export interface Collapse {
  missing: number[];
  crowded: number[];
}

/** Of a class with its fair share, less than a fifth is missing and three times as much crowded. */
const FEW = 0.2;
const MANY = 3;

/** Names a collapse onto some of the classes; undefined where every class has about its share. */
export function findCollapse(shares: ArrayLike<number>): Collapse | undefined {
  const fair = 1 / shares.length;
  const all = Array.from(shares);
  const where = (test: (share: number) => boolean): number[] =>
    all.flatMap((share, i) => (test(share) ? [i] : []));
  const missing = where((share) => share < FEW * fair);
  const crowded = where((share) => share > MANY * fair);
  return missing.length + crowded.length > 0 ? { missing, crowded } : undefined;
}
