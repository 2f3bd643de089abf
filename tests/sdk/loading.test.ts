import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { loadFiles, portableSource, type LoadProgress } from '../../bindings/src/data_source.js';
import { loadEngine, type DataSource } from '../../bindings/src/index.js';
import { rejectionOf } from './support/errors.js';
import { easyImages } from './support/idx.js';
import { brokenFile, file, serve, stuckFile } from './support/server.js';
import { openTrainer, readyTrainer } from './support/trainers.js';

const { images, labels } = easyImages(200);
const zipped = { images: gzipSync(images), labels: gzipSync(labels) };

afterEach(() => {
  vi.restoreAllMocks();
});

const load = (source: DataSource) => loadFiles(portableSource(source));

describe('sources', () => {
  it('are bytes, buffers, blobs, plain or gzipped', async () => {
    const buffer = zipped.images.buffer.slice(
      zipped.images.byteOffset,
      zipped.images.byteOffset + zipped.images.length,
    );
    for (const data of [images, zipped.images, buffer, new Blob([zipped.images])]) {
      expect((await load({ images: data, labels })).images).toEqual(images);
    }
  });

  it('are addresses, with progress over all files', async () => {
    const origin = await serve({ '/i.gz': file(zipped.images), '/l.gz': file(zipped.labels) });
    const seen: LoadProgress[] = [];
    const loaded = await loadFiles(
      portableSource({ images: `${origin}/i.gz`, labels: new URL(`${origin}/l.gz`) }),
      { onProgress: (progress) => seen.push(progress) },
    );
    expect([loaded.images, loaded.labels]).toEqual([images, labels]);
    const total = zipped.images.length + zipped.labels.length;
    expect(seen.at(-1)).toEqual({ received: total, total });
    expect(seen.map(({ received }) => received)).toEqual(
      seen.map(({ received }) => received).sort((a, b) => a - b),
    );
  });

  it('are addresses that the server unpacks on the way', async () => {
    const origin = await serve({ '/i.gz': file(zipped.images, { 'content-encoding': 'gzip' }) });
    const seen: LoadProgress[] = [];
    const loaded = await loadFiles(portableSource({ images: `${origin}/i.gz`, labels }), {
      onProgress: (progress) => seen.push(progress),
    });
    expect(loaded.images).toEqual(images);
    expect(seen.at(-1)).toEqual({ received: images.length + labels.length, total: undefined });
  });

  it('are paths and file addresses in Node', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kernelgarten-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, 'images.gz');
    await writeFile(path, zipped.images);
    for (const address of [path, relative(process.cwd(), path), pathToFileURL(path)]) {
      expect((await load({ images: address, labels })).images).toEqual(images);
    }
    const missing = await rejectionOf(load({ images: join(folder, 'none'), labels }));
    expect(missing).toMatchObject({ code: 'network' });
    expect(missing.message).toMatch(/none.*no such file/);
  });

  it('have test files, or a share held out', async () => {
    const trainer = await openTrainer();
    const test = easyImages(30, 5);
    expect(await trainer.loadData({ images, labels, test })).toMatchObject({
      trainCount: 200,
      testCount: 30,
    });
    const held = { images, labels, testFraction: 0.25 };
    expect(await trainer.loadData(held)).toMatchObject({ trainCount: 150, testCount: 50 });
    const first = await trainer.sample('test', 0);
    await trainer.loadData({ ...held, seed: 9 });
    expect(await trainer.sample('test', 0)).not.toEqual(first);
    await trainer.loadData(held);
    expect(await trainer.sample('test', 0)).toEqual(first);
  });
});

describe('the engine in this thread', () => {
  it('loads what a trainer loads, and holds out the same images', async () => {
    const origin = await serve({ '/i.gz': file(zipped.images) });
    const engine = await loadEngine({ threads: 1 });
    const seen: LoadProgress[] = [];
    const source = { images: `${origin}/i.gz`, labels: zipped.labels, testFraction: 0.25, seed: 9 };
    const { train, test } = await engine.loadData(source, {
      onProgress: (progress) => seen.push(progress),
    });
    expect([train.count, test.count]).toEqual([150, 50]);
    const total = zipped.images.length + zipped.labels.length;
    expect(seen.at(-1)).toEqual({ received: total, total });

    const trainer = await openTrainer();
    await trainer.loadData(source);
    expect(test.sample(7)).toEqual(await trainer.sample('test', 7));
    expect(train.sample(7)).toEqual(await trainer.sample('train', 7));
  });

  it('takes test files, and says what does not fit or cannot be had', async () => {
    const engine = await loadEngine({ threads: 1 });
    const test = easyImages(30, 5);
    expect((await engine.loadData({ images, labels, test })).test.count).toBe(30);
    const odd = { images: oddImages(), labels: easyImages(10).labels };
    const error = await rejectionOf(engine.loadData({ images, labels, test: odd }));
    expect(error).toMatchObject({ code: 'invalid-data', where: 'test.images' });
    const origin = await serve({});
    const missing = await rejectionOf(engine.loadData({ images: `${origin}/none`, labels }));
    expect(missing.code).toBe('network');
    const signal = AbortSignal.abort();
    const aborted = await rejectionOf(engine.loadData({ images, labels }, { signal }));
    expect(aborted.code).toBe('aborted');
  });
});

describe('what goes wrong', () => {
  const cases: [string, DataSource, RegExp][] = [
    ['an empty file', { images: new Uint8Array(), labels }, /empty; expected an IDX file/],
    [
      'gzip garbage',
      { images: zipped.images.map((byte, at) => (at > 20 ? ~byte : byte)), labels },
      /damaged/,
    ],
    ['a truncated gzip file', { images: zipped.images.subarray(0, 900), labels }, /cut short/],
    ['a truncated file', { images: images.subarray(0, 900), labels }, /truncated/],
    ['a wrong magic number', { images: labels, labels }, /magic number/],
    ['counts that differ', { images, labels: easyImages(100).labels }, /200 images and 100 labels/],
    [
      'test images of another size',
      { images, labels, test: { images: oddImages(), labels: easyImages(10).labels } },
      /8 x 8 x 1.*4 x 16 x 1/,
    ],
  ];
  it.each(cases)('%s is invalid data, and nothing is half loaded', async (_, source, message) => {
    const trainer = await readyTrainer();
    const { data, network } = trainer;
    const error = await rejectionOf(trainer.loadData(source));
    expect(error.code).toBe('invalid-data');
    expect(error.message).toMatch(message);
    expect([trainer.data, trainer.network]).toEqual([data, network]);
    expect((await trainer.stepBatch()).step).toBe(1);
  });

  it.each([0, 1, 2, -0.1, Number.NaN])(
    'a share of %s to hold out is refused',
    async (testFraction) => {
      const trainer = await openTrainer();
      const error = await rejectionOf(trainer.loadData({ images, labels, testFraction }));
      expect(error.code).toBe('invalid-argument');
    },
  );

  it('something that is no file is refused', async () => {
    const trainer = await openTrainer();
    const source: DataSource = { images, labels };
    Object.assign(source, { labels: 5 });
    const error = await rejectionOf(trainer.loadData(source));
    expect(error).toMatchObject({ code: 'invalid-argument', where: 'labels' });
  });

  it('a connection that breaks half way: clear, nothing half loaded, and a retry works', async () => {
    let broken = true;
    const origin = await serve({
      '/images': (...exchange) => {
        (broken ? brokenFile : file)(images)(...exchange);
      },
      '/labels': file(labels),
    });
    const source = { images: `${origin}/images`, labels: `${origin}/labels` };
    const trainer = await openTrainer();
    const error = await rejectionOf(trainer.loadData(source));
    expect(error.code).toBe('network');
    expect(error.message).toMatch(/images: the connection (broke|ended) after.*try again/);
    expect(trainer.data).toBeUndefined();
    broken = false;
    expect(await trainer.loadData(source)).toMatchObject({ trainCount: 160 });
  });

  it('a connection that ends early without an error, as some browsers let it', async () => {
    const headers = { 'content-length': String(images.length) };
    vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response(images.slice(0, 99), { headers }));
    const error = await rejectionOf(load({ images: 'http://localhost/images', labels }));
    expect(error.code).toBe('network');
    expect(error.message).toMatch(/ended after 99 of 12816 bytes/);
  });

  it('an address that is not there', async () => {
    const origin = await serve({});
    const error = await rejectionOf(load({ images: `${origin}/images`, labels }));
    expect(error.code).toBe('network');
    expect(error.message).toMatch(/images: the server answered 404/);
  });

  it('a server that is not there', async () => {
    const error = await rejectionOf(load({ images: 'http://127.0.0.1:9/images', labels }));
    expect(error.code).toBe('network');
    expect(error.message).toMatch(/could not be reached/);
  });

  it('a web page instead of the file', async () => {
    const page = new TextEncoder().encode('<!doctype html><title>App</title>');
    const origin = await serve({ '/images': file(page, { 'content-type': 'text/html' }) });
    const error = await rejectionOf(load({ images: `${origin}/images`, labels }));
    expect(error.code).toBe('network');
    expect(error.message).toMatch(/a web page \(HTML\) instead of the file/);
  });
});

describe('aborting', () => {
  it('stops a load under way and leaves all as it was', async () => {
    const origin = await serve({ '/images': stuckFile(images) });
    const trainer = await readyTrainer();
    const abort = new AbortController();
    const loading = rejectionOf(
      trainer.loadData(
        { images: `${origin}/images`, labels },
        {
          signal: abort.signal,
          onProgress({ received }) {
            if (received > labels.length) abort.abort();
          },
        },
      ),
    );
    expect((await loading).code).toBe('aborted');
    expect(trainer.data?.trainCount).toBe(160);
    await trainer.stepBatch();
    expect((await trainer.loadData({ images, labels })).trainCount).toBe(160);
  });

  it('before the start loads nothing', async () => {
    const trainer = await openTrainer();
    const signal = AbortSignal.abort();
    const error = await rejectionOf(trainer.loadData({ images, labels }, { signal }));
    expect(error.code).toBe('aborted');
  });
});

function oddImages(): Uint8Array {
  const odd = easyImages(10).images;
  new DataView(odd.buffer).setUint32(8, 4);
  new DataView(odd.buffer).setUint32(12, 16);
  return odd;
}
