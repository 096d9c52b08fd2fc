import assert from 'node:assert/strict';
import test from 'node:test';
import {lrscope} from './page.mjs';

const {met, magnet} = lrscope.met;
const near = (a, b, by = 0.03) => assert.ok(Math.abs(a - b) <= by, `${a} is not ${b}`);

/* flat at 2, then falling by 1 a decade from 1e-4 to 1e-2, then rising by 4 a decade */
const lr = Array.from({length: 161}, (_, k) => 10 ** (-6 + k / 20));
const loss = lr.map(one => { const x = Math.log10(one); return x < -4 ? 2 : x < -2 ? 2 - (x + 4) : 4 * (x + 2); });
const line = lrscope.smoothing.line(lr, loss, 0.05);

test('a curve is read at a rate: loss, slope, and the way to its lowest and to its blow-up', () => {
  const at = met(line, 1e-3);
  near(at.loss, 1);
  near(at.slope, -1);
  near(at.toLowest, 1, 0.1);
  near(at.toBlowup, 3 - 2 + 2.6 / 4 - 0, 0.35);
  near(met(line, 1e-5).slope, 0);
});

test('the reading’s divergence goes before where the line leaves', () => {
  near(met(line, 1e-3, 0.1).toBlowup, 2, 1e-9);
  assert.ok(met(line, 1, 0.1).toBlowup < 0);
});

test('a curve that never rises has no blow-up, and outside of its rates there is nothing', () => {
  const falling = lrscope.smoothing.line(lr.slice(0, 80), loss.slice(0, 80), 0.05);
  assert.equal(met(falling, 1e-4).toBlowup, null);
  assert.deepEqual([met(falling, 1).loss, met(falling, 1).slope], [null, null]);
  assert.deepEqual(met(lrscope.smoothing.line([], [], 0.2), 1e-3), {loss: null, slope: null, toLowest: null, toBlowup: null});
});

test('the nearest sign pulls, where one is near enough', () => {
  const signs = [{lr: 1e-3, px: 100}, {lr: 2e-3, px: 104}];
  assert.equal(magnet(103, signs, 5), 2e-3);
  assert.equal(magnet(95, signs, 5), null);
  assert.equal(magnet(95.5, signs, 5), 1e-3);
});
