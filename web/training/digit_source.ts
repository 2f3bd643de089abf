import type { DataSource, LoadDataOptions } from 'kernelgarten';
import type { Course, DataName } from './courses.ts';
import { fetchManifest, type Manifest } from './manifest.ts';
import type { RunSettings } from './settings.ts';

/** The sets of digits that this site has. */
export class DigitSource {
  #manifest: Manifest | undefined;

  /** Those of a course; settings that ask for another one get the first. */
  async find(course: Course, settings: RunSettings, signal: AbortSignal): Promise<DataName[]> {
    this.#manifest ??= await fetchManifest(signal);
    const manifest = this.#manifest;
    const available = course.data.filter((name) => manifest[name] !== undefined);
    if (!available.includes(settings.data)) settings.data = course.data[0];
    return available;
  }

  /** Hands one of them to a trainer; undefined where there is none of that name. */
  async load<Info>(
    name: DataName,
    trainer: { loadData(source: DataSource, options: LoadDataOptions): Promise<Info> },
    options: LoadDataOptions,
  ): Promise<Info | undefined> {
    const source = this.#manifest?.[name];
    return source && trainer.loadData(source, options);
  }
}
