import assert from 'node:assert/strict';
import test from 'node:test';
import {lrscope} from './page.mjs';

const {toLr, toPx, rateTicks, blowUp, lossRange, settle, spread} = lrscope.axes;

test('places and rates are each other\'s inverse', () => {
  const frame = {left: 50, width: 700, x: [-7, 1]};
  for (const lr of [1e-7, 3.3e-4, 10]) assert.ok(Math.abs(toLr(frame, toPx(frame, lr)) / lr - 1) < 1e-9);
});

test('every decade has a tick where there is room', () => {
  assert.deepEqual(rateTicks([-7, 1], 700).major.map(tick => tick.text).slice(1), ['1e-7', '1e-6', '1e-5', '1e-4', '1e-3', '1e-2', '0.1', '1', '10']);
  assert.ok(rateTicks([-7, 1], 250).major.length <= 6);
  assert.ok(rateTicks([-3, -2], 700).major.some(tick => tick.text === '2e-3'));
});

test('a divergence does not squash the descent', () => {
  const shape = {start: 2.3, lowest: 0.3, drop: 2, jitter: 0.02};
  const line = {y: [2.3, 0.3, 1e6], raw: [2.3, 0.3, 1e6], shape};
  const [low, high] = lossRange([line], {});
  assert.ok(low < 0.3 && high > 2.3 && high < 4, `${low} to ${high}`);
  assert.ok(lossRange([line], {all: true})[1] > 1e6);
});

test('a line ends with its blow-up, not with the spike of a training that recovers', () => {
  const shape = {start: 2.3, lowest: 0.3, drop: 2, jitter: 0.02}, line = (...y) => ({y, shape, lowest: {loss: Math.min(...y)}});
  assert.equal(blowUp(line(2.3, 0.3, 2, 3, 9, 2.2, 9, 2.1)), 5);
  for (const whole of [[2.3, 0.3, 2, 3, 9], [2.3, 9, 1, 0.3, 2.8], [2.3, 0.3, 9, 0.4], [2.3, 2.2, 2.4, 2.3], [2.3]]) assert.equal(blowUp(line(...whole)), whole.length, String(whole));
  assert.equal(blowUp({y: [], shape: null, lowest: null}), 0);
});

test('log loss leaves out what has no logarithm', () => {
  const shape = {start: 1, lowest: -0.5, drop: 1.5, jitter: 0};
  const [low, high] = lossRange([{y: [1, 0.01, -0.5], raw: [], shape}], {logY: true});
  assert.ok(Number.isFinite(low) && low < -2 && high > 0, `${low} to ${high}`);
});

test('the shown range does not twitch', () => {
  assert.deepEqual(settle([0, 3], [0.1, 2.9]), [0, 3]);
  assert.ok(settle([0, 3], [0.1, 3.5])[1] > 3.5);
  assert.deepEqual(settle([0, 3], [1, 1.5]), [1, 1.5]);
});

test('while a curve falls the range grows in few steps, and its other side stays', () => {
  let shown = settle(null, [2.2, 2.4]), steps = 0;
  for (let low = 2.2; low > 0.4; low -= 0.01) {
    const next = settle(shown, [low, 2.4 - 0.02 * (low % 0.05)]);
    assert.ok(next[0] <= low && next[1] >= 2.399, String(next));
    assert.equal(next[1], 2.4);
    if (next !== shown && next[0] !== shown[0]) steps++;
    shown = next;
  }
  assert.ok(steps < 30, String(steps));
});

test('labels do not cover each other', () => {
  const placed = spread([10, 11, 12, 200], 15, 0, 220);
  for (let i = 1; i < placed.length; i++) assert.ok(placed[i] - placed[i - 1] >= 15, String(placed));
});
