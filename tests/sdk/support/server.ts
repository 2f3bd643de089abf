import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A web server for one test; returns its address. Paths without a handler answer 404. */
export async function serve(handlers: Record<string, Handler>): Promise<string> {
  const server = createServer((request, response) => {
    const handler = handlers[request.url ?? ''];
    if (handler) handler(request, response);
    else response.writeHead(404).end('no such file');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

/** Sends bytes as they are. */
export function file(bytes: Uint8Array, headers: Record<string, string> = {}): Handler {
  return (_, response) => {
    response.writeHead(200, { 'content-length': bytes.length, ...headers }).end(bytes);
  };
}

/** Promises all bytes and breaks the connection half way. */
export function brokenFile(bytes: Uint8Array): Handler {
  return (_, response) => {
    response.writeHead(200, { 'content-length': bytes.length });
    response.write(bytes.subarray(0, bytes.length / 2), () => {
      setTimeout(() => response.socket?.destroy(), 20);
    });
  };
}

/** Sends half of the bytes and then nothing, for good. */
export function stuckFile(bytes: Uint8Array): Handler {
  return (_, response) => {
    response.writeHead(200, { 'content-length': bytes.length });
    response.write(bytes.subarray(0, bytes.length / 2));
  };
}
