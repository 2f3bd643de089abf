import type { Metric } from '../charts/history.ts';
import { compact, decimal, percent, significant } from '../i18n/format.ts';
import { m } from '../i18n/generated/messages.js';

/** One chart of a number over epochs. */
export interface CurveChart {
  /** also names its numbers to tests */
  name: string;
  /** what is shown, or what it is computed from */
  metric: Metric;
  /** the number shown, if it is not the metric itself */
  convert?: (value: number) => number;
  title: () => string;
  label: () => string;
  axis: () => string;
  format: (value: number) => string;
  tick: (value: number) => string;
  /** ends of the axis; a scale without them can be logarithmic */
  range?: [number, number];
}

const short = (value: number): string => (value < 100 ? decimal(value) : significant(value));

const accuracy: CurveChart = {
  name: 'accuracy',
  metric: 'accuracy',
  title: m.accuracy,
  label: m.accuracy_chart_label,
  axis: m.axis_accuracy,
  format: (value) => percent(value),
  tick: (value) => percent(value, 0),
  range: [0, 1],
};

export const digitCurves: readonly CurveChart[] = [
  {
    name: 'loss',
    metric: 'loss',
    title: m.loss,
    label: m.loss_chart_label,
    axis: m.axis_loss,
    format: short,
    tick: (value) => compact(value),
  },
  accuracy,
];

export const textCurves: readonly CurveChart[] = [
  {
    name: 'loss',
    metric: 'loss',
    title: m.loss,
    label: m.loss_chart_label,
    axis: m.axis_nats,
    format: short,
    tick: (value) => compact(value),
  },
  {
    name: 'perplexity',
    metric: 'loss',
    convert: Math.exp,
    title: m.perplexity,
    label: m.perplexity_chart_label,
    axis: m.axis_perplexity,
    format: (value) => (value < 100 ? decimal(value, 2) : significant(value)),
    tick: (value) => compact(value),
  },
];

export const waveCurves: readonly CurveChart[] = [
  {
    name: 'loss',
    metric: 'loss',
    title: m.loss_squares,
    label: m.loss_chart_label,
    axis: m.axis_squares,
    format: significant,
    tick: (value) => compact(value),
  },
];
