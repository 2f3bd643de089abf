import { chinese } from './chinese.ts';
import { english } from './english.ts';
import { sums } from './sums.ts';

export type BuiltInText = 'english' | 'chinese' | 'sums';

const SUM_LINES = 6000;

/** The texts that come with the page. */
export const builtInTexts: Record<BuiltInText, () => string> = {
  english: () => english,
  chinese: () => chinese,
  sums: () => sums(SUM_LINES, 1),
};
