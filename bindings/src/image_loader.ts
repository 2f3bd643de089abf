import type { Remote } from 'comlink';
import {
  portableSource,
  type DataSource,
  type LoadDataOptions,
  type LoadProgress,
  type PortableSource,
} from './data_source.js';
import { throwIfAborted } from './download.js';
import { KernelgartenError } from './errors.js';
import type { Reply, WorkerApi } from './protocol.js';
import { ignore } from './run_control.js';
import type { DataInfo } from './types.js';
import type { WorkerConnection } from './worker_connection.js';

/** Calls the worker of a trainer. */
type Call = <Value>(invoke: (remote: Remote<WorkerApi>) => Promise<Reply<Value>>) => Promise<Value>;

type Load = (remote: Remote<WorkerApi>, source: PortableSource) => Promise<Reply<DataInfo>>;

/** What a trainer knows of the images that its worker has loaded. {@link Trainer} documents it. */
export class ImageLoader {
  readonly #call: Call;
  readonly #load: Load;
  #data: DataInfo | undefined;
  #source: PortableSource | undefined;
  /** the load under way */
  #loading: LoadDataOptions | undefined;

  /** @param load asks the worker for the images */
  constructor(call: Call, load: Load = (remote, source) => remote.loadData(source)) {
    this.#call = call;
    this.#load = load;
  }

  /** The images loaded last. */
  get data(): DataInfo | undefined {
    return this.#data;
  }

  async load(source: DataSource, options: LoadDataOptions): Promise<DataInfo> {
    if (this.#loading !== undefined) {
      throw new KernelgartenError(
        'invalid-argument',
        '[loadData] data are being loaded already; wait for them, or abort that through its signal',
      );
    }
    const { signal } = options;
    throwIfAborted(signal);
    const portable = portableSource(source);
    const abort = () => {
      this.#call((remote) => remote.abortLoading()).catch(ignore);
    };
    signal?.addEventListener('abort', abort);
    this.#loading = options;
    try {
      this.#data = await this.#call((remote) => this.#load(remote, portable));
      this.#source = portable;
      return this.#data;
    } finally {
      this.#loading = undefined;
      signal?.removeEventListener('abort', abort);
    }
  }

  async reload(connection: WorkerConnection): Promise<void> {
    const source = this.#source;
    if (source) this.#data = await connection.call((remote) => this.#load(remote, source));
  }

  onProgress(progress: LoadProgress): void {
    this.#loading?.onProgress?.(progress);
  }
}
