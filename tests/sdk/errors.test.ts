import { expect, it } from 'vitest';
import { fromErrorRecord, KernelgartenError, toErrorRecord } from '../../bindings/src/errors.js';

it('takes `where` from the bracket that opens the message', () => {
  const error = new KernelgartenError('invalid-argument', '[conv2d_1] expected [3], got [4]');
  expect(error).toMatchObject({ code: 'invalid-argument', where: 'conv2d_1' });
  expect(new KernelgartenError('network', 'no [bracket] first').where).toBe('');
});

it('crosses a worker whole', () => {
  const error = new KernelgartenError('non-finite', '[dense_1] loss is NaN');
  const made = fromErrorRecord(structuredClone(toErrorRecord(error)));
  expect(made).toBeInstanceOf(KernelgartenError);
  expect(made).toMatchObject({ code: 'non-finite', where: 'dense_1', message: error.message });
  expect(made.cause).toBe(error.stack);
});

it('takes in strangers as internal', () => {
  const { code, message } = toErrorRecord(new RangeError('too far'));
  expect(code).toBe('internal');
  expect(message).toMatch(/RangeError: too far/);
  expect(toErrorRecord('text').message).toMatch(/text/);
});
