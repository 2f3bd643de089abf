import { describe, expect, it } from 'vitest';
import en from '../../../web/i18n/messages/en.json' with { type: 'json' };
import zh from '../../../web/i18n/messages/zh-CN.json' with { type: 'json' };

const english = new Map(Object.entries(en));
const chinese = new Map(Object.entries(zh));
const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();

describe('messages', () => {
  it('have the same keys in both languages, in the same order', () => {
    expect([...chinese.keys()]).toEqual([...english.keys()]);
  });

  it.each([...english.keys()])('%s is written and takes the same values in both', (key) => {
    const a = english.get(key) ?? '';
    const b = chinese.get(key) ?? '';
    expect(a.trim()).not.toBe('');
    expect(b.trim()).not.toBe('');
    expect(placeholders(b)).toEqual(placeholders(a));
  });
});
