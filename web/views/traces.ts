import { m } from '../i18n/generated/messages.js';

/** What can be looked at in a recurrent layer, in the order of the choice; a cell has some of them. */
export const traceKinds = [
  'hidden',
  'memory',
  'forget_gate',
  'input_gate',
  'reset_gate',
  'update_gate',
  'candidate',
  'output_gate',
] as const;

export type TraceKind = (typeof traceKinds)[number];

export const traceLabels: Record<TraceKind, () => string> = {
  hidden: m.trace_hidden,
  memory: m.trace_memory,
  forget_gate: m.trace_forget_gate,
  input_gate: m.trace_input_gate,
  reset_gate: m.trace_reset_gate,
  update_gate: m.trace_update_gate,
  candidate: m.trace_candidate,
  output_gate: m.trace_output_gate,
};
