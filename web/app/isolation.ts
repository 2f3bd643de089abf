/**
 * Isolation of the page from others, for hosts that do not send the headers for it: a service worker
 * adds them (`public/isolation_worker.js`), which takes a reload. Without isolation the page works on
 * one thread.
 */
const triedKey = 'kernelgarten.isolation';

/** A browser that takes longer to start a service worker does without. */
const patience = 3000;

/** Reloads the page once where that can isolate it; resolves when the page is to go on as it is. */
export async function isolate(): Promise<void> {
  if (crossOriginIsolated) {
    forget();
    return;
  }
  if (tried() || !(await startWorker()) || !remember()) return;
  location.reload();
  await new Promise(() => undefined);
}

async function startWorker(): Promise<boolean> {
  const container = navigator.serviceWorker;
  try {
    await container.register(new URL('isolation_worker.js', document.baseURI));
  } catch {
    return false; // there are none here, or a policy refuses them
  }
  const late = new Promise<undefined>((resolve) => {
    setTimeout(resolve, patience, undefined);
  });
  return (await Promise.race([container.ready, late])) !== undefined;
}

/** Whether a reload did not help; also where nothing can be remembered, lest it reloads for ever. */
function tried(): boolean {
  try {
    return sessionStorage.getItem(triedKey) !== null;
  } catch {
    return true;
  }
}

function remember(): boolean {
  try {
    sessionStorage.setItem(triedKey, 'tried');
    return true;
  } catch {
    return false;
  }
}

function forget(): void {
  try {
    sessionStorage.removeItem(triedKey);
  } catch {
    // Nothing was remembered.
  }
}
