/**
 * Service worker for hosts that cannot send the two headers that isolate a page from others, which
 * threads need: it adds them to the page and to the scripts of its workers, and touches nothing else.
 */
self.addEventListener('install', () => self.skipWaiting());

self.addEventListener('fetch', (event) => {
  const { destination } = event.request;
  if (destination === 'document' || destination === 'worker') {
    event.respondWith(withIsolation(event.request));
  }
});

async function withIsolation(request) {
  const response = await fetch(request);
  // A redirect, which the browser follows itself.
  if (response.status === 0) return response;
  const headers = new Headers(response.headers);
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
  const { body, status, statusText } = response;
  return new Response(body, { status, statusText, headers });
}
