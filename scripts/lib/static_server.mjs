/** Serves folders to a browser on this machine, cross-origin isolated. */
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { UserError } from './report.mjs';

const types = {
  '.css': 'text/css; charset=utf-8',
  '.gz': 'application/gzip',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-cache',
};

/** How many ports are tried, one after the other. */
const portsTried = 20;

/**
 * @param {string[]} folders where a path is looked up, first one first
 * @param {object} [options]
 * @param {number} [options.port] the one wanted, or the next free one after it; 0 for any
 * @param {(path: string) => void} [options.onFile] told of each file that is sent
 * @returns {Promise<{ address: string, close(): void }>}
 */
export async function serve(folders, { port = 0, onFile = () => {} } = {}) {
  const server = createServer((request, response) => {
    respond(folders, onFile, request, response);
  });
  const found = await listen(server, port);
  return {
    address: `http://localhost:${found}/`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function listen(server, first) {
  for (let port = first; port < first + portsTried; port += 1) {
    try {
      return await new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, 'localhost', () => {
          server.off('error', reject);
          resolve(server.address().port);
        });
      });
    } catch (error) {
      if (error.code === 'EACCES')
        throw new UserError(`Port ${port} may not be used; set PORT to another.`);
      if (error.code !== 'EADDRINUSE') throw error;
    }
  }
  throw new UserError(
    `Ports ${first} to ${first + portsTried - 1} are all in use. Set PORT to a free one.`,
  );
}

function respond(folders, onFile, request, response) {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { ...headers, Allow: 'GET, HEAD' }).end();
    return;
  }
  const file = findFile(folders, request.url ?? '/');
  if (file === undefined) {
    response.writeHead(404, { ...headers, 'Content-Type': 'text/plain' }).end('Not found\n');
    return;
  }
  onFile(file.path);
  response.writeHead(200, {
    ...headers,
    'Content-Type': types[extname(file.path)] ?? 'application/octet-stream',
    'Content-Length': file.size,
  });
  if (request.method === 'HEAD') response.end();
  else
    createReadStream(file.path)
      .on('error', () => response.destroy())
      .pipe(response);
}

/** @returns {{ path: string, size: number } | undefined} */
function findFile(folders, url) {
  const path = decodePath(url);
  if (path === undefined) return undefined;
  for (const folder of folders) {
    // normalize() of an absolute path leaves no `..` that could lead out of the folder.
    const file = join(folder, normalize(path.endsWith('/') ? `${path}index.html` : path));
    const found = statSync(file, { throwIfNoEntry: false });
    if (found?.isFile()) return { path: file, size: found.size };
  }
  return undefined;
}

function decodePath(url) {
  try {
    const path = decodeURIComponent(new URL(url, 'http://localhost').pathname);
    return path.includes('\0') ? undefined : path;
  } catch {
    return undefined;
  }
}
