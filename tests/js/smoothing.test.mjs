import assert from 'node:assert/strict';
import test from 'node:test';
import {lrscope} from './page.mjs';

const {line, at, band} = lrscope.smoothing;
const rates = (n, low = -7, high = 1) => Array.from({length: n}, (_, k) => 10 ** (low + (k / (n - 1)) * (high - low)));

test('no smoothing draws what was measured', () => {
  const lr = rates(50), loss = lr.map((_, k) => 2 + Math.sin(k * 7.3));
  assert.deepEqual([...line(lr, loss, 0).y], loss);
});

test('a blow-up does not lift the descent before it', () => {
  const lr = rates(101), drawn = line(lr, lr.map(rate => (rate < 0.5 ? 1 : 1e9)), 0.2);
  assert.ok(at(drawn, 0.1) < 2);
  assert.ok(at(drawn, 10) > 1e8);
});

test('nothing is drawn from the first loss that is not finite', () => {
  const loss = [...Array(30).fill(1), NaN, ...Array(9).fill(1)];
  assert.equal(line(rates(40), loss, 0.2).x.length, 30);
});

test('twenty thousand points are thinned to what a screen shows', () => {
  assert.ok(line(rates(20000), Array(20000).fill(1), 0.2).x.length <= 1200);
});

test('a loss between two points lies on the line between them', () => {
  const curve = {x: [-4, -2], y: [3, 1]};
  assert.ok(Math.abs(at(curve, 1e-3) - 2) < 1e-9);
  assert.equal(at(curve, 1e-5), null);
  assert.equal(at(curve, 1), null);
});

test('seeds make a band around their median where at least two are', () => {
  const lr = rates(9, -4, 0);
  const lines = [[1, 9], [5, 6], [2, 6]].map(([level, n]) => ({x: lr.slice(0, n).map(Math.log10), lr: lr.slice(0, n), y: Array(n).fill(level)}));
  const found = band(lines);
  assert.deepEqual(found.lr, lr.slice(0, 6));
  assert.deepEqual([found.low, found.middle, found.high], [1, 2, 5].map(level => Array(6).fill(level)));
});

test('points at even distances are fitted as all others are, only faster', () => {
  const x = Float64Array.from({length: 200}, (_, i) => -7 + i / 25), y = x.map((v, i) => Math.sin(v) + ((i * 37) % 11) / 11);
  const uneven = x.map((v, i) => (i === 199 ? v + 1e-4 : v));
  for (const width of [0.021, 0.21, 0.61]) {
    const even = lrscope.smoothing.fit(x, y, width), other = lrscope.smoothing.fit(uneven, y, width);
    for (let i = 0; i < 150; i++) assert.ok(Math.abs(even[i] - other[i]) < 1e-9, `${width} at ${i}`);
  }
});
