import { emit, stageEngine } from '../../bindings/build_package.mjs';

/** Node's workers cannot run TypeScript, so the worker under test is the built one. */
export default function setup(): void {
  stageEngine();
  emit();
}
