/** The tarball that npm would publish, installed into empty projects as anybody would do it. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { build, createServer, preview } from 'vite';
import { variants } from '../../bindings/build_package.mjs';
import { relaxedSimdFlags } from '../../scripts/lib/relaxed_simd.mjs';
import { launchBrowser, resultOf } from './support/browser.mjs';
import { install, makeProject, packTarball, repository, run } from './support/project.mjs';

/** A function that trains one step on the digits of the package, and tells what came of it. */
const trainOneStep = `
  import { createTrainer, presets } from 'kernelgarten';
  import { embeddedDigits } from 'kernelgarten/digits';

  async function trainOneStep() {
    const trainer = await createTrainer({ threads: 2 });
    const data = await trainer.loadData(embeddedDigits);
    const { network, training } = presets['cnn-default'];
    await trainer.build(network, training);
    const { step, loss } = await trainer.stepBatch();
    trainer.dispose();
    return { ...data, step, loss, engine: trainer.engine };
  }`;

const nodeProject = {
  'package.json': JSON.stringify({ type: 'module', private: true }),
  'train.js': `${trainOneStep}
    console.log(JSON.stringify(await trainOneStep()));`,
  'in_thread.js': `
    import { loadEngine } from 'kernelgarten';
    const engine = await loadEngine({ variant: process.argv[2] });
    const images = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 255);
    const train = engine.dataset(images, Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 0, 1));
    const layers = [{ type: 'flatten' }, { type: 'dense', units: 10 }];
    const classifier = engine.classifier(train, train, { input: [1, 1, 1], layers }, { batchSize: 2 });
    console.log(engine.variant, classifier.step().step);
  `,
  'judge.js': `
    import { loadEngine } from 'kernelgarten';
    import { embeddedDigits } from 'kernelgarten/digits';
    import { digitJudge } from 'kernelgarten/judge';
    const engine = await loadEngine();
    const { test } = await engine.loadData(embeddedDigits);
    const judge = await engine.createJudge(digitJudge, test);
    const digits = Array.from({ length: 300 }, (_, index) => [...test.image(index)]).flat();
    console.log(JSON.stringify(judge.judge(Float32Array.from(digits, (byte) => byte / 255))));
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
const showResult = `
  const show = (result) => {
    document.querySelector('#result').textContent = JSON.stringify(result);
  };`;
const viteProject = {
  'package.json': JSON.stringify({ type: 'module', private: true }),
  'index.html': vitePage,
  'main.js': `${trainOneStep}${showResult}
    show(await trainOneStep());`,
};

/** A page whose own worker uses the SDK: its workers are workers of workers. */
const nestingProject = {
  ...viteProject,
  'main.js': `${showResult}
    const worker = new Worker(new URL('./own_worker.js', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }) => show(data);`,
  'own_worker.js': `${trainOneStep}
    import { loadEngine } from 'kernelgarten';
    async function main() {
      const { variant } = await loadEngine({ threads: 2 });
      postMessage({ ...(await trainOneStep()), own: variant });
    }
    main();`,
};

const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

function assertOneStep({ trainCount, testCount, step, loss }) {
  assert.deepEqual({ trainCount, testCount, step }, { trainCount: 8000, testCount: 2000, step: 1 });
  // The loss of ten classes at random is ln 10 = 2.3; He weights start somewhat above.
  assert.ok(loss > 1.5 && loss < 5, `the loss is ${loss}`);
}

function assertThreads({ variant, threads }) {
  assert.match(variant, /-threads$/);
  assert.equal(threads, 2);
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
      'dist/digit_judge.js',
      ...variants.map((variant) => `dist/wasm/kernelgarten-${variant}.mjs`),
      ...variants.map((variant) => `dist/wasm/kernelgarten-${variant}.wasm`),
      'dist/thread_relaxed.js',
      'dist/thread_simd128.js',
      'dist/data/judge.safetensors',
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

    it('trains one step in a worker, on two threads', () => {
      const result = JSON.parse(run(folder, 'node', 'train.js'));
      assertOneStep(result);
      assertThreads(result.engine);
    });

    it('scores digits by the judge that it brings', () => {
      const { count, inceptionScore } = JSON.parse(run(folder, 'node', 'judge.js'));
      assert.equal(count, 300);
      assert.ok(inceptionScore > 9, `the inception score of real digits is ${inceptionScore}`);
    });

    for (const variant of variants) {
      it(`trains one step in this thread with ${variant}, and ends`, async () => {
        const flags = await relaxedSimdFlags();
        const said = run(folder, 'node', ...flags, 'in_thread.js', variant);
        assert.equal(said.trim(), `${variant} 1`);
      });
    }

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
    let folders;
    let browser;

    before(async () => {
      folders = { page: makeProject(viteProject), nesting: makeProject(nestingProject) };
      for (const folder of Object.values(folders)) install(folder, packed.tarball);
      browser = await launchBrowser();
    });

    after(() => browser?.close());

    /** What the page of a project says when Vite builds it, and when Vite serves its sources. */
    const ways = {
      async built(root, headers) {
        const settings = { root, configFile: false, logLevel: 'error', base: './' };
        await build(settings);
        return open(await preview({ ...settings, preview: { port: 0, headers } }));
      },
      async developing(root, headers) {
        const settings = { root, configFile: false, logLevel: 'error' };
        const server = await createServer({ ...settings, server: { port: 0, headers } });
        return open(await server.listen());
      },
    };

    async function open(server) {
      try {
        const { result, complaints } = await resultOf(browser, server.resolvedUrls.local[0]);
        assertOneStep(result);
        assert.deepEqual(complaints, []);
        return result;
      } finally {
        await server.close();
      }
    }

    for (const [way, show] of Object.entries(ways)) {
      it(`${way}: trains on one thread, and says why`, async () => {
        const { engine } = await show(folders.page, {});
        assert.deepEqual(engine, { variant: 'relaxed', threads: 1, reasons: ['not-isolated'] });
      });

      it(`${way}, isolated: trains on two threads`, async () => {
        const { engine } = await show(folders.page, isolation);
        assertThreads(engine);
      });

      it(`${way}, isolated, in a worker of the page: trains on two threads`, async () => {
        const { engine, own } = await show(folders.nesting, isolation);
        assertThreads(engine);
        assert.equal(own, 'relaxed-threads');
      });
    }
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
    assert.equal(assets.filter((name) => name.endsWith('.wasm')).length, variants.length);
  });
});
