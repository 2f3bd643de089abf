/** A promise with its handles. */
export interface Deferred<Value> {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value) => void;
  readonly reject: (reason: unknown) => void;
}

export function defer<Value>(): Deferred<Value> {
  let resolve: Deferred<Value>['resolve'] = unset;
  let reject: Deferred<Value>['reject'] = unset;
  const promise = new Promise<Value>((resolvePromise, rejectPromise) => {
    resolve = resolvePromise;
    reject = rejectPromise;
  });
  return { promise, resolve, reject };
}

function unset(): void {
  throw new Error('a promise runs its executor at once');
}
