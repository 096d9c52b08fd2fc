import assert from 'node:assert/strict';
import test from 'node:test';
import {lrscope} from './page.mjs';

const {path, summary} = lrscope.schedule;

test('a schedule is drawn from its first step to its last, its highest rate at the top', () => {
  assert.equal(path([[0, 0.5], [30, 1], [100, 0]], 300, 80), 'M0.0,40.0 L90.0,0.0 L300.0,80.0');
  assert.equal(path([[0, 0.5]], 300, 80), 'M0,0 H300');
});

test('a schedule is said in one line', () => {
  const peak = {steps: 1000, pick: 0.05, lr: 0.05, points: [[0, 0.002], [299, 0.05], [999, 2e-7]]};
  assert.equal(summary(peak), '1,000 steps: from 2e-3, up to 5e-2 at step 299, down to 2e-7');
  const held = {steps: 10, pick: 0.03, lr: 0.01, points: [[0, 0.01], [9, 0.01]]};
  assert.equal(summary(held), '1e-2 in all 10 steps, a third of 3e-2');
  assert.equal(summary({...held, points: [[0, 0.01], [9, 0.001]]}), '10 steps: from 1e-2, a third of 3e-2, down to 1e-3');
});
