/** What `npm run bench` does with names and figures; nothing here measures. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  describeNames,
  expandNames,
  findBenchmark,
  known,
} from '../../scripts/lib/bench/catalogue.mjs';
import { convName, convShapes, judgeChoice } from '../../scripts/lib/bench/conv_shapes.mjs';
import { describe as tell, spread, summarize } from '../../scripts/lib/bench/summary.mjs';
import { findWork } from '../../scripts/lib/bench/works.mjs';
import { median, rounded } from '../../scripts/lib/statistics.mjs';

describe('names', () => {
  it('of groups stand for their members, each once', () => {
    const sizes = ['gemm.64', 'gemm.128', 'gemm.256', 'gemm.512', 'gemm.1024'];
    assert.deepEqual(expandNames(['gemm', 'peak', 'gemm.64']), [...sizes, 'peak']);
    assert.deepEqual(expandNames(['adam']), ['adam.50000', 'adam.1000000']);
  });

  it('are all found, and all in "all"', () => {
    const all = expandNames(['all']);
    for (const name of expandNames(known)) assert.ok(all.includes(name), name);
    for (const name of all) assert.equal(findBenchmark(name)?.name, name);
    for (const name of expandNames([])) assert.ok(all.includes(name), name);
  });

  it('of works carry a number within limits', () => {
    assert.deepEqual(findWork('gemm.7').work, {
      kind: 'gemm',
      m: 7,
      n: 7,
      k: 7,
      transposed: 'none',
    });
    assert.deepEqual(findWork('adam.10').work, { kind: 'adam', parameters: 10 });
    for (const name of ['gemm.0', 'gemm.4097', 'gemm.x', 'gemm', 'adam.0', 'conv', 'toString']) {
      assert.equal(findWork(name), undefined, name);
    }
    assert.equal(findBenchmark('nothing'), undefined);
  });

  it('are listed with one line each', () => {
    const lines = describeNames().split('\n');
    for (const name of known)
      assert.equal(lines.filter((line) => line.startsWith(`  ${name} `)).length, 1);
  });
});

describe('figures', () => {
  it('have a median and four digits', () => {
    assert.equal(median([3, 1, 2]), 2);
    assert.equal(median([4, 1, 3, 2]), 2.5);
    assert.equal(rounded(12_345.6), 12_350);
  });

  it('of rounds come with their spread', () => {
    assert.deepEqual(spread([3, 1, 2]), { value: 2, lowest: 1, highest: 3, rounds: 3 });
  });

  it('of speeds stand beside the peak of their own round', () => {
    const work = { unit: 'images/s', flopsPerUnit: 1e6 };
    const result = summarize('cnn.train', work, [1000, 4000, 3000], [2, 4, 2]);
    assert.deepEqual(result, {
      name: 'cnn.train',
      value: 3000,
      unit: 'images/s',
      effective_gflops: 3,
      peak_share: 1,
      lowest: 1000,
      highest: 4000,
      rounds: 3,
      peak_gflops_per_thread: 2,
    });
    assert.match(
      tell(result),
      /^cnn\.train +3,000 images\/s \(1,000 to 4,000\); 3 GFLOP\/s, 100 % of one thread's peak 2$/,
    );
  });

  it('without operations have no share of the peak', () => {
    const result = summarize('adam.10', { unit: 'parameters/s' }, [5], [2]);
    assert.equal('peak_share' in result, false);
    assert.match(tell({ ...result, note: 'once' }), /^adam\.10 +5 parameters\/s \(5 to 5\); once$/);
  });

  it('of one reading have no spread', () => {
    assert.match(tell({ name: 'size', value: 1234, unit: 'bytes' }), /^size +1,234 bytes$/);
  });
});

describe('the choice of a convolution method', () => {
  it('may be a little slower than the best', () => {
    const { wrong_choice: wrong, note } = judgeChoice(['direct', 'im2col'], [[91], [100]]);
    assert.equal(wrong, false);
    assert.equal(note, 'direct; im2col 100');
  });

  it('is wrong when it is much slower', () => {
    const rounds = [
      [50, 30, 60],
      [40, 40, 40],
      [100, 90, 120],
    ];
    const choice = judgeChoice(['direct', 'im2col', 'winograd2'], rounds);
    assert.deepEqual(choice, {
      chosen: 'direct',
      best: 'winograd2',
      chosen_share_of_best: 0.5,
      wrong_choice: true,
      methods: { direct: 50, im2col: 40, winograd2: 100 },
      note: 'direct; im2col 40, winograd2 100 <-- 50 % of winograd2',
    });
  });

  it('has a name of its own for each shape', () => {
    const names = convShapes.map((shape) => convName(shape, 'forward'));
    assert.equal(new Set(names).size, names.length);
    assert.equal(names[0], 'conv.shapes.7x7.1-32.3x3.forward');
  });
});
