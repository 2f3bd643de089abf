import { makeRandom } from './random.ts';

/** Numbers that are added are smaller than this. */
const LIMIT = 50;

/** One sum a line, such as `12+7=19`, of numbers that a seed draws. */
export function sums(lines: number, seed: number): string {
  const random = makeRandom(seed);
  const draw = (): number => Math.floor(random() * LIMIT);
  let text = '';
  for (let line = 0; line < lines; line += 1) {
    const first = draw();
    const second = draw();
    text += `${first.toString()}+${second.toString()}=${(first + second).toString()}\n`;
  }
  return text;
}

export interface Grade {
  right: number;
  total: number;
}

/** How many of the complete lines of a text are sums, and right. A last line without its end is left out. */
export function gradeSums(text: string): Grade {
  const lines = text
    .split('\n')
    .slice(0, -1)
    .filter((line) => line !== '');
  return { right: lines.filter(isRight).length, total: lines.length };
}

function isRight(line: string): boolean {
  const [, first, second, sum] = /^(\d+)\+(\d+)=(\d+)$/.exec(line) ?? [];
  return sum !== undefined && Number(first) + Number(second) === Number(sum);
}
