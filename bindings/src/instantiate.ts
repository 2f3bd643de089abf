/** From the address of a variant's `.wasm` file to a module that runs. */
import { defer } from './deferred.js';
import { download } from './download.js';
import { KernelgartenError } from './errors.js';
import { modules, type EngineModule, type ModuleOptions } from './modules.js';
import { absoluteUrl } from './platform.js';
import { guard, type RawModule } from './raw.js';
import { ThreadWorkers } from './thread_workers.js';
import type { EngineInfo, EngineVariant } from './variant.js';

/**
 * Downloads, compiles and starts a variant with all its threads.
 *
 * @throws KernelgartenError `network` for a file that cannot be had or is something else
 * @throws ThreadsFailed when a worker for a thread does not start
 */
export async function instantiate(
  { variant, threads }: EngineInfo,
  wasmUrl: string | URL | undefined,
): Promise<RawModule> {
  const url = addressOf(variant, wasmUrl);
  const module = await start(modules[variant], threads, await compile(url), url);
  guard(module, () => {
    module.set_thread_count(threads);
  });
  return module;
}

/** Whether an address names a folder and not one file. */
export function isFolder(url: string): boolean {
  return new URL(url).pathname.endsWith('/');
}

function addressOf(variant: EngineVariant, wasmUrl: string | URL | undefined): string {
  const given = wasmUrl && absoluteUrl(wasmUrl);
  if (!given) return modules[variant].wasm.href;
  return isFolder(given) ? new URL(`kernelgarten-${variant}.wasm`, given).href : given;
}

async function compile(url: string): Promise<WebAssembly.Module> {
  const bytes = await download(url);
  try {
    return await WebAssembly.compile(bytes.slice());
  } catch (cause) {
    throw notTheEngine(url, cause);
  }
}

async function start(
  { load, startThread }: EngineModule,
  threads: number,
  compiled: WebAssembly.Module,
  url: string,
): Promise<RawModule> {
  const { default: createModule } = await load();
  const ready = defer<RawModule>();
  const workers = startThread && new ThreadWorkers(startThread, ready.reject);
  const options: ModuleOptions = {
    threads,
    startThreadWorker: workers && (() => workers.start()),
    instantiateWasm(imports, done) {
      WebAssembly.instantiate(compiled, imports).then(
        (instance) => {
          done(instance, compiled);
        },
        (cause: unknown) => {
          ready.reject(notTheEngine(url, cause));
        },
      );
      return {};
    },
  };
  try {
    // In a function, so that a worker refused at once rejects as one that fails later.
    const create = async (): Promise<RawModule> => createModule(options);
    create().then(ready.resolve, ready.reject);
    const module = await ready.promise;
    workers?.settle();
    return module;
  } catch (thrown) {
    workers?.terminate();
    throw thrown;
  }
}

function notTheEngine(url: string, cause: unknown): KernelgartenError {
  return new KernelgartenError(
    'network',
    `${url} is not the engine's WebAssembly file (${String(cause)}). Check wasmUrl, and that the ` +
      'server sends the file as it is.',
    { cause },
  );
}
