import type { Palette } from '../../app/theme.svelte.ts';
import { paintPlane } from '../../images/tiles.ts';
import { ARROWS, CELLS, EDGE, LINES, STOPS, type PlaneFrame } from './point_views.svelte.ts';

/** What of the plane is drawn. */
export interface Layers {
  field: boolean;
  grid: boolean;
  arrows: boolean;
}

/** Pixels of an arrow for the steepest pull there is. */
const LONGEST = 26;

/** Draws the plane from -EDGE to EDGE onto a square of `size` pixels. */
export function drawPlane(
  context: CanvasRenderingContext2D,
  size: number,
  reals: Float32Array,
  frame: PlaneFrame | undefined,
  layers: Layers,
  palette: Palette,
): void {
  const at = (coordinate: number): number => ((coordinate / EDGE + 1) * size) / 2;
  const place = (points: Float32Array, i: number): [number, number] => [
    at(points[2 * i] ?? NaN),
    size - at(points[2 * i + 1] ?? NaN),
  ];
  context.clearRect(0, 0, size, size);
  if (frame !== undefined && layers.field) drawField(context, size, frame.field, palette);
  if (frame !== undefined && layers.grid) drawGrid(context, frame.warped, place, palette);
  drawReals(context, reals, place, palette);
  if (frame === undefined) return;
  drawFakes(context, frame.samples, place, palette);
  if (layers.arrows) drawArrows(context, frame, place, palette);
}

type Place = (points: Float32Array, index: number) => [number, number];

/** Vermillion where the discriminator sees fakes, blue where it sees real points. */
function drawField(
  context: CanvasRenderingContext2D,
  size: number,
  field: Float32Array,
  palette: Palette,
): void {
  const cells = new OffscreenCanvas(CELLS, CELLS);
  const picture = new ImageData(CELLS, CELLS);
  const plane = { values: field, height: CELLS, width: CELLS, start: 0, stepX: 1, stepY: CELLS };
  paintPlane(picture, plane, 0, 0, 0, 1, palette.signed);
  cells.getContext('2d')?.putImageData(picture, 0, 0);
  context.globalAlpha = 0.55;
  context.imageSmoothingEnabled = true;
  context.drawImage(cells, 0, 0, size, size);
  context.globalAlpha = 1;
}

function drawGrid(
  context: CanvasRenderingContext2D,
  warped: Float32Array,
  place: Place,
  palette: Palette,
): void {
  context.strokeStyle = palette.generator;
  context.globalAlpha = 0.45;
  context.lineWidth = 1;
  for (let line = 0; line < 2 * LINES; line += 1) {
    context.beginPath();
    for (let stop = 0; stop < STOPS; stop += 1) {
      const [x, y] = place(warped, line * STOPS + stop);
      if (stop === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    }
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** Small squares. */
function drawReals(
  context: CanvasRenderingContext2D,
  reals: Float32Array,
  place: Place,
  palette: Palette,
): void {
  context.fillStyle = palette.ink;
  context.globalAlpha = 0.5;
  for (let i = 0; i < reals.length / 2; i += 1) {
    const [x, y] = place(reals, i);
    context.fillRect(x - 1.5, y - 1.5, 3, 3);
  }
  context.globalAlpha = 1;
}

/** Rings. */
function drawFakes(
  context: CanvasRenderingContext2D,
  fakes: Float32Array,
  place: Place,
  palette: Palette,
): void {
  context.strokeStyle = palette.generator;
  context.lineWidth = 1.5;
  for (let i = 0; i < fakes.length / 2; i += 1) {
    const [x, y] = place(fakes, i);
    context.beginPath();
    context.arc(x, y, 3, 0, 2 * Math.PI);
    context.stroke();
  }
}

/** All in proportion to the steepest of them. */
function drawArrows(
  context: CanvasRenderingContext2D,
  { samples, pulls }: PlaneFrame,
  place: Place,
  palette: Palette,
): void {
  const length = (i: number): number => Math.hypot(pulls[2 * i] ?? 0, pulls[2 * i + 1] ?? 0);
  const steepest = Math.max(...Array.from({ length: ARROWS }, (_, i) => length(i)), 1e-12);
  context.strokeStyle = palette.discriminator;
  context.lineWidth = 1.5;
  for (let i = 0; i < ARROWS; i += 1) {
    const [x, y] = place(samples, i);
    const dx = (LONGEST * (pulls[2 * i] ?? 0)) / steepest;
    const dy = (-LONGEST * (pulls[2 * i + 1] ?? 0)) / steepest;
    const angle = Math.atan2(dy, dx);
    const head = Math.min(5, Math.hypot(dx, dy) / 2);
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + dx, y + dy);
    for (const side of [-0.5, 0.5]) {
      context.moveTo(x + dx, y + dy);
      context.lineTo(
        x + dx - head * Math.cos(angle + side),
        y + dy - head * Math.sin(angle + side),
      );
    }
    context.stroke();
  }
}
