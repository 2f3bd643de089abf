import { makeRamp, parseColour, type Ramp } from '../images/colour.ts';
import { load, save } from './storage.ts';

export type ThemeChoice = 'auto' | 'light' | 'dark';
export const themeChoices: readonly ThemeChoice[] = ['auto', 'light', 'dark'];

function parseChoice(value: unknown): ThemeChoice | undefined {
  return themeChoices.find((choice) => choice === value);
}

class Theme {
  readonly #system = matchMedia('(prefers-color-scheme: dark)');
  #choice = $state<ThemeChoice>(load('theme', parseChoice) ?? 'auto');
  #systemDark = $state(this.#system.matches);

  constructor() {
    this.#system.addEventListener('change', () => {
      this.#systemDark = this.#system.matches;
      this.#apply();
    });
    this.#apply();
  }

  get choice(): ThemeChoice {
    return this.#choice;
  }

  set choice(choice: ThemeChoice) {
    this.#choice = choice;
    save('theme', choice);
    this.#apply();
  }

  get resolved(): 'light' | 'dark' {
    if (this.#choice !== 'auto') return this.#choice;
    return this.#systemDark ? 'dark' : 'light';
  }

  /** What canvases draw with, read from the style sheet; changes with the theme. */
  readonly palette = $derived(readPalette(this.resolved));

  #apply(): void {
    document.documentElement.dataset['theme'] = this.resolved;
  }
}

export interface Palette {
  ink: string;
  muted: string;
  grid: string;
  train: string;
  test: string;
  generator: string;
  discriminator: string;
  /** negative, zero, positive */
  signed: Ramp;
  /** paper to ink, for images of digits */
  grey: Ramp;
}

const palettes = new Map<string, Palette>();

function readPalette(resolved: 'light' | 'dark'): Palette {
  const known = palettes.get(resolved);
  if (known !== undefined) return known;
  document.documentElement.dataset['theme'] = resolved;
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  const colour = (name: string) => parseColour(read(name));
  const palette: Palette = {
    ink: read('--ink'),
    muted: read('--ink-3'),
    grid: read('--line'),
    train: read('--train'),
    test: read('--test'),
    generator: read('--generator'),
    discriminator: read('--discriminator'),
    signed: makeRamp([
      colour('--negative'),
      colour('--negative-mid'),
      colour('--zero'),
      colour('--positive-mid'),
      colour('--positive'),
    ]),
    grey: makeRamp([colour('--paper'), colour('--digit')]),
  };
  palettes.set(resolved, palette);
  return palette;
}

export const theme = new Theme();
