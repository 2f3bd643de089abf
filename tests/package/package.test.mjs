/** The tarball that npm would publish, installed into empty projects as anybody would do it. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { build, createServer, preview } from 'vite';
import { launchBrowser, resultOf } from './support/browser.mjs';
import { install, makeProject, packTarball, repository, run } from './support/project.mjs';

/** Trains one step on the digits of the package; `report` shows what came of it. */
const trainOneStep = `
  import { createTrainer, presets } from 'kernelgarten';
  import { embeddedDigits } from 'kernelgarten/digits';

  const trainer = await createTrainer();
  const data = await trainer.loadData(embeddedDigits);
  const { network, training } = presets['cnn-default'];
  await trainer.build(network, training);
  const { step, loss } = await trainer.stepBatch();
  trainer.dispose();
  report({ ...data, step, loss });
`;

const nodeProject = {
  'package.json': JSON.stringify({ type: 'module', private: true }),
  'train.js': `const report = (result) => console.log(JSON.stringify(result));${trainOneStep}`,
  'in_thread.js': `
    import { loadEngine } from 'kernelgarten';
    const engine = await loadEngine();
    const images = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 255);
    const train = engine.dataset(images, Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 0, 1));
    const layers = [{ type: 'flatten' }, { type: 'dense', units: 10 }];
    const classifier = engine.classifier(train, train, { input: [1, 1, 1], layers }, { batchSize: 2 });
    console.log(classifier.step().step);
  `,
  'bad.js': `
    import { createTrainer } from 'kernelgarten';
    const trainer = await createTrainer();
    try {
      await trainer.loadData({ images: 'missing.gz', labels: new Uint8Array(1) });
    } catch ({ name, code }) {
      console.log(name, code);
    }
    trainer.dispose();
  `,
  'tsconfig.json': JSON.stringify({
    compilerOptions: { strict: true, noEmit: true, target: 'es2022', types: [] },
    files: ['types.ts'],
  }),
  'types.ts': `
    import { createTrainer, KernelgartenError, presets, type Trainer } from 'kernelgarten';
    import { embeddedDigits } from 'kernelgarten/digits';
    export async function train(): Promise<number> {
      const trainer: Trainer = await createTrainer();
      await trainer.loadData(embeddedDigits);
      await trainer.build(presets['cnn-article'].network);
      // @ts-expect-error: there is no such layer
      await trainer.build({ input: [28, 28, 1], layers: [{ type: 'dens' }] }).catch(() => undefined);
      for await (const { steps } of trainer.metrics()) {
        const last = steps.at(-1);
        if (last) return last.loss;
      }
      throw new KernelgartenError('internal', 'no step');
    }
  `,
};

const vitePage = `<!doctype html><title>Kernelgarten</title>
  <link rel="icon" href="data:," /><pre id="result"></pre>
  <script type="module" src="./main.js"></script>`;
const viteProject = {
  'package.json': JSON.stringify({ type: 'module', private: true }),
  'index.html': vitePage,
  'main.js': `
    const report = (result) => {
      document.querySelector('#result').textContent = JSON.stringify(result);
    };
    ${trainOneStep}`,
};

function assertOneStep({ trainCount, testCount, step, loss }) {
  assert.deepEqual({ trainCount, testCount, step }, { trainCount: 8000, testCount: 2000, step: 1 });
  // The loss of ten classes at random is ln 10 = 2.3; He weights start somewhat above.
  assert.ok(loss > 1.5 && loss < 5, `the loss is ${loss}`);
}

describe('the packed tarball', () => {
  let packed;

  before(() => {
    packed = packTarball();
  });

  it('has what it needs and no sources of the project', () => {
    const { paths } = packed;
    for (const path of [
      'package.json',
      'README.md',
      'LICENSE',
      'dist/index.js',
      'dist/index.d.ts',
      'dist/worker.js',
      'dist/digits.js',
      'dist/wasm/kernelgarten-simd128.wasm',
      'dist/data/digits-images-idx3-ubyte.gz',
      'dist/data/digits-labels-idx1-ubyte.gz',
    ]) {
      assert.ok(paths.includes(path), `${path} is missing`);
    }
    const strays = paths.filter(
      (path) => !/^(package\.json|README\.md|LICENSE|dist\/.*)$/.test(path),
    );
    assert.deepEqual(strays, []);
  });

  it('has exports that bundlers and TypeScript resolve', () => {
    run(repository, 'npm', 'run', '--silent', 'lint:package');
  });

  describe('in an empty Node project', () => {
    let folder;

    before(() => {
      folder = makeProject(nodeProject);
      install(folder, packed.tarball);
    });

    it('trains one step in a worker', () => {
      assertOneStep(JSON.parse(run(folder, 'node', 'train.js')));
    });

    it('trains one step in this thread', () => {
      assert.equal(run(folder, 'node', 'in_thread.js').trim(), '1');
    });

    it('reports an error as its own', () => {
      assert.equal(run(folder, 'node', 'bad.js').trim(), 'KernelgartenError network');
    });

    it('has types that hold, library checks included', () => {
      const compiler = join(repository, 'node_modules/typescript/bin/tsc');
      run(folder, 'node', compiler, '-p', '.', '--module', 'nodenext');
      run(
        folder,
        'node',
        compiler,
        '-p',
        '.',
        '--module',
        'esnext',
        '--moduleResolution',
        'bundler',
      );
    });
  });

  describe('in an empty Vite project', () => {
    let folder;
    let browser;
    let settings;

    before(async () => {
      folder = makeProject(viteProject);
      install(folder, packed.tarball);
      browser = await launchBrowser();
      settings = { root: folder, configFile: false, logLevel: 'error', server: { port: 0 } };
    });

    after(() => browser?.close());

    it('trains one step when built', async () => {
      await build({ ...settings, base: './' });
      const server = await preview({ ...settings, preview: { port: 0 } });
      try {
        const { result, complaints } = await resultOf(browser, server.resolvedUrls.local[0]);
        assertOneStep(result);
        assert.deepEqual(complaints, []);
      } finally {
        await server.close();
      }
    });

    it('trains one step while developing', async () => {
      const server = await createServer(settings);
      await server.listen();
      try {
        const { result, complaints } = await resultOf(browser, server.resolvedUrls.local[0]);
        assertOneStep(result);
        assert.deepEqual(complaints, []);
      } finally {
        await server.close();
      }
    });
  });

  it('built without the digits carries none', async () => {
    const folder = makeProject({
      ...viteProject,
      'main.js': `import { createTrainer } from 'kernelgarten'; await createTrainer();`,
    });
    install(folder, packed.tarball);
    await build({ root: folder, configFile: false, logLevel: 'error' });
    const assets = readdirSync(join(folder, 'dist/assets'));
    assert.equal(assets.filter((name) => name.endsWith('.gz')).length, 0);
    assert.equal(assets.filter((name) => name.endsWith('.wasm')).length, 1);
  });
});
