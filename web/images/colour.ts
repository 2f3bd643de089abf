/** 256 colours as RGBA bytes; index 0 is the low end. */
export type Ramp = Uint8ClampedArray;

export type Colour = readonly [red: number, green: number, blue: number];

/** Reads `#rrggbb`. */
export function parseColour(text: string): Colour {
  const match = /^#([0-9a-f]{6})$/i.exec(text.trim());
  if (match?.[1] === undefined) {
    throw new Error(`expected a colour like #0072b2, got "${text}": fix the style sheet`);
  }
  const value = Number.parseInt(match[1], 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

const toLinear = (byte: number): number => {
  const c = byte / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
};

const toByte = (linear: number): number => {
  const c = Math.min(Math.max(linear, 0), 1);
  return 255 * (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055);
};

type Lab = readonly [number, number, number];

/** sRGB to OKLab (Ottosson 2020), where equal steps look equally large. */
function toLab([red, green, blue]: Colour): Lab {
  const r = toLinear(red);
  const g = toLinear(green);
  const b = toLinear(blue);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromLab([lightness, a, b]: Lab): Colour {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    toByte(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    toByte(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    toByte(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** Colour `index` (0 to 255) of a ramp, and black or white, whichever is easier to read on it. */
export function rampStyle(ramp: Ramp, index: number): string {
  const at = 4 * Math.min(Math.max(Math.round(index), 0), 255);
  const [red = 0, green = 0, blue = 0] = ramp.subarray(at, at + 3);
  const luminance = 0.2126 * toLinear(red) + 0.7152 * toLinear(green) + 0.0722 * toLinear(blue);
  // Where both have the same contrast (WCAG): (1 + 0.05) / (x + 0.05) = (x + 0.05) / 0.05.
  const ink = luminance > 0.179 ? '#000000' : '#ffffff';
  return `background: rgb(${[red, green, blue].join(' ')}); color: ${ink}`;
}

/** Evenly spaced stops, blended in OKLab. */
export function makeRamp(stops: readonly Colour[]): Ramp {
  const labs = stops.map(toLab);
  const ramp = new Uint8ClampedArray(256 * 4);
  for (let i = 0; i < 256; i += 1) {
    const position = (i / 255) * (labs.length - 1);
    const index = Math.min(Math.floor(position), labs.length - 2);
    const from = labs[index];
    const to = labs[index + 1];
    if (from === undefined || to === undefined) continue;
    const share = position - index;
    const [red, green, blue] = fromLab([
      from[0] + share * (to[0] - from[0]),
      from[1] + share * (to[1] - from[1]),
      from[2] + share * (to[2] - from[2]),
    ]);
    ramp.set([red, green, blue, 255], i * 4);
  }
  return ramp;
}
