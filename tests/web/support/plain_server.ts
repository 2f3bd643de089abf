import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const site = fileURLToPath(new URL('../../../build/site/', import.meta.url));
const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** Serves the built site as a plain static host does: without the headers that isolate a page. */
export class PlainServer {
  /** whether it hangs up half way through the images */
  broken = false;
  /** what it serves in place of the service worker */
  serviceWorker: string | undefined;
  /** how often the page was asked for */
  visits = 0;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      if (request.url === '/') this.visits += 1;
      const name = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
      const file = join(site, name.endsWith('/') ? 'index.html' : name);
      if (!existsSync(file)) {
        response.writeHead(404).end();
        return;
      }
      if (name === '/isolation_worker.js' && this.serviceWorker !== undefined) {
        response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(this.serviceWorker);
        return;
      }
      response.writeHead(200, {
        'Content-Type': types[extname(file)] ?? 'application/octet-stream',
        'Content-Length': statSync(file).size,
      });
      if (this.broken && file.includes('images-idx3')) {
        const bytes = readFileSync(file);
        response.write(bytes.subarray(0, bytes.length / 2), () => {
          setTimeout(() => response.destroy(), 100);
        });
      } else {
        createReadStream(file).pipe(response);
      }
    });
  }

  /** @returns the address */
  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, 'localhost', resolve));
    const address = this.#server.address();
    if (address === null || typeof address === 'string') {
      throw new Error('expected the test server to listen on a port, got none');
    }
    return `http://localhost:${address.port.toString()}/`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
