import type { Sample } from 'kernelgarten';
import { asDrawn, centreDigit, drawPlaced, toBytes, type CentredDigit } from '../digits/centre.ts';
import type { Stroke } from '../digits/strokes.ts';

export type InputMode = 'test' | 'draw';

/** The one image every view of the lesson looks at: a test digit or the person's own drawing. */
export class InputImage {
  mode = $state<InputMode>('test');
  sample = $state.raw<Sample | undefined>();
  strokes = $state.raw<readonly Stroke[]>([]);
  /** a digit laid into the pad to draw on, already centred */
  base = $state.raw<Sample | undefined>();

  readonly centred = $derived<CentredDigit | undefined>(centreDigit(this.strokes));
  readonly drawn = $derived<Uint8Array | undefined>(
    this.base === undefined
      ? this.centred?.pixels
      : combine(
          this.base.pixels,
          this.centred === undefined ? undefined : toBytes(drawPlaced(this.strokes, asDrawn)),
        ),
  );
  /** 28 x 28 bytes; undefined while there is nothing to look at */
  readonly pixels = $derived<Uint8Array | undefined>(
    this.mode === 'test' ? this.sample?.pixels : this.drawn,
  );
  /** the true class, known for untouched test digits only */
  readonly label = $derived<number | undefined>(
    this.mode === 'test'
      ? this.sample?.label
      : this.strokes.length === 0
        ? this.base?.label
        : undefined,
  );

  show(sample: Sample): void {
    this.sample = sample;
    this.mode = 'test';
  }

  undo(): void {
    if (this.strokes.length > 0) this.strokes = this.strokes.slice(0, -1);
    else this.base = undefined;
  }

  clear(): void {
    this.strokes = [];
    this.base = undefined;
  }

  /** Starts a drawing from the test digit shown. */
  drawOnSample(): void {
    this.strokes = [];
    this.base = this.sample;
    this.mode = 'draw';
  }
}

function combine(base: Uint8Array, strokes: Uint8Array | undefined): Uint8Array {
  if (strokes === undefined) return base;
  return base.map((value, index) => Math.max(value, strokes[index] ?? 0));
}
