import { locale } from './locale.svelte.ts';

const cache = new Map<string, Intl.NumberFormat>();

function formatter(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = locale.current + JSON.stringify(options);
  let format = cache.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(locale.current, options);
    cache.set(key, format);
  }
  return format;
}

/** 12,345 */
export function count(value: number): string {
  return formatter({ maximumFractionDigits: 0 }).format(value);
}

/** 98.2 % with as many digits after the point as asked for */
export function percent(share: number, digits = 1): string {
  return formatter({
    style: 'percent',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(share);
}

/** 0.123, always with the same number of digits after the point */
export function decimal(value: number, digits = 3): string {
  return formatter({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

/** Three significant digits, for numbers of any size: 0.0123, 4.56, 12,300 */
export function significant(value: number): string {
  if (value !== 0 && Math.abs(value) < 1e-4) {
    return formatter({ notation: 'scientific', maximumFractionDigits: 2 }).format(value);
  }
  return formatter({ maximumSignificantDigits: 3 }).format(value);
}

/** As short as an axis wants it: 0.5, 12, 20M, 2000万 */
export function compact(value: number): string {
  return formatter({ notation: 'compact', maximumSignificantDigits: 3 }).format(value);
}

/** Bytes in megabytes, or kilobytes when small */
export function bytes(value: number): string {
  const mega = value >= 1e6;
  return formatter({
    style: 'unit',
    unit: mega ? 'megabyte' : 'kilobyte',
    maximumFractionDigits: mega ? 1 : 0,
  }).format(value / (mega ? 1e6 : 1e3));
}

/** 3:07, or 1:02:07 from an hour on */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number): string => value.toString().padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = two(whole % 60);
  return hours > 0
    ? `${hours.toString()}:${two(minutes)}:${rest}`
    : `${minutes.toString()}:${rest}`;
}

/** A shape the way papers write it: 28 × 28 × 1 */
export function shape(sizes: readonly number[]): string {
  return sizes.map((size) => count(size)).join(' × ');
}
