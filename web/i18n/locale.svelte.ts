import { load, save } from '../app/storage.ts';
import { baseLocale, isLocale, overwriteGetLocale, type Locale } from './generated/runtime.js';

/** Each language by its own name. */
export const languages: Record<Locale, string> = { en: 'English', 'zh-CN': '简体中文' };

function preferred(): Locale {
  const stored = load('locale', (value) => (isLocale(value) ? value : undefined));
  if (stored !== undefined) return stored;
  for (const language of navigator.languages) {
    if (language.toLowerCase().startsWith('zh')) return 'zh-CN';
    if (language.toLowerCase().startsWith('en')) return 'en';
  }
  return baseLocale;
}

class LocaleState {
  #current = $state<Locale>(preferred());

  get current(): Locale {
    return this.#current;
  }

  set current(locale: Locale) {
    this.#current = locale;
    save('locale', locale);
  }
}

/** The language of the page. Every message reads it, so a switch updates texts in place. */
export const locale = new LocaleState();

overwriteGetLocale(() => locale.current);
