import assert from 'node:assert/strict';
import test from 'node:test';
import {lrscope} from './page.mjs';

const {advice} = lrscope.advice;
const SWEEP = {start_lr: 1e-7, end_lr: 10, num_iter: 100, seed: 0, params: {}, group: null, reason: null, status: 'done'};

test('a reason comes with the request that helps, and with the field that it changes', () => {
  for (const [code, changes, wanted] of [
    ['no_divergence', {}, {label: 'Go on to 100', verb: 'extend', body: {end_lr: 100}, focus: 'end_lr'}],
    ['no_descent', {status: 'diverged'}, {label: 'Run 300 steps', verb: 'clone', body: {num_iter: 300}, focus: 'num_iter'}],
    ['noisy', {seed: 4}, {label: 'Run 3 seeds', verb: 'clone', body: {seeds: [4, 5, 6]}, focus: 'seeds'}],
    ['too_few_points', {num_iter: 5}, {label: 'Run 100 steps', verb: 'clone', body: {num_iter: 100}, focus: 'num_iter'}],
  ]) assert.deepEqual(advice(code, {...SWEEP, ...changes}), [wanted], code);
  const [lower] = advice('flat_start_missing', SWEEP);
  assert.deepEqual([lower.label, lower.verb, lower.body.start_lr.toPrecision(6)], ['Begin at 1e-9', 'extend', '1.00000e-9']);
});

test('noise, and two valleys, are met with seeds first, then with batches of four times the size', () => {
  for (const code of ['noisy', 'non_monotone']) {
    const [seeds, batch] = advice(code, {...SWEEP, params: {batch_size: 8, hidden: 4}});
    assert.equal(seeds.focus, 'seeds');
    assert.deepEqual(batch, {label: 'Batches of 32', verb: 'clone', body: {params: {batch_size: 32, hidden: 4}}, focus: 'params.batch_size'});
  }
});

test('nothing is offered that cannot be done', () => {
  for (const [code, changes] of [
    ['no_divergence', {end_lr: 1e4}], ['no_divergence', {status: 'diverged'}],
    ['too_few_points', {status: 'diverged', first_nonfinite_step: 0}], ['noisy', {group: 'g'}], ['noisy', {status: 'running'}], ['noisy', {reason: 'imported'}], ['unheard_of', {}],
  ]) assert.deepEqual(advice(code, {...SWEEP, ...changes}), [], code);
});
