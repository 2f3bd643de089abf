/**
 * Settings kept across visits. Storage can be full, switched off or hold something an older page
 * wrote; in each case the page works on with its defaults.
 */
const PREFIX = 'kernelgarten.';

/** @param parse returns undefined for anything it does not recognise */
export function load<T>(key: string, parse: (value: unknown) => T | undefined): T | undefined {
  try {
    const text = localStorage.getItem(PREFIX + key);
    if (text === null) return undefined;
    const value: unknown = JSON.parse(text);
    return parse(value);
  } catch {
    return undefined;
  }
}

export function save(key: string, value: unknown): void {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}
