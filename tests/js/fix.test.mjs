import assert from 'node:assert/strict';
import test from 'node:test';
import {lrscope} from './page.mjs';

const {fix} = lrscope;
const SWEEP = {status: 'failed', params: {batch_size: 128, amp: true, hidden: 64}, start_lr: 1e-7, device_wish: 'any', first_nonfinite_step: null, reason: ''};
const after = (reason, more = {}) => fix({...SWEEP, ...more, reason});

test('out of memory halves the batch and leaves the other parameters', () => {
  const {changes, focus, why} = after('torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.50 GiB');
  assert.deepEqual(changes, {params: {batch_size: 64, amp: true, hidden: 64}});
  assert.equal(focus, 'params.batch_size');
  assert.match(why, /from 128 to 64/);
  assert.equal(after('CUDA out of memory', {params: {hidden: 64}}).focus, 'device');
  assert.equal(after('CUDA out of memory', {params: {batch_size: 1}}).focus, 'device');
});

test('a device that is not there is asked for no more', () => {
  assert.deepEqual(after('AssertionError: Torch not compiled with CUDA enabled', {device_wish: 'cuda'}).changes, {device: 'any'});
  assert.deepEqual(after('RuntimeError: No CUDA GPUs are available').changes, {device: 'cpu'});
});

test('half precision is turned off where there is a switch for it', () => {
  const mixed = 'RuntimeError: expected scalar type Float but found Half';
  assert.deepEqual(after(mixed).changes, {params: {batch_size: 128, amp: false, hidden: 64}});
  assert.deepEqual(after(mixed, {params: {precision: '16-mixed'}}).changes, {params: {precision: '32-true'}});
  const none = after(mixed, {params: {hidden: 64}});
  assert.deepEqual([none.changes, none.focus], [{}, '']);
  assert.match(none.why, /no switch/);
});

test('a loss that is no number from the first step on is no matter of a rate: none has acted by then', () => {
  const nan = {...SWEEP, status: 'diverged', first_nonfinite_step: 0, params: {}, reason: null};
  assert.deepEqual([fix(nan).changes, fix(nan).focus], [{}, '']);
  assert.match(fix(nan).why, /No rate has acted/);
  const half = fix({...nan, params: {amp: true}});
  assert.deepEqual([half.changes, half.focus], [{params: {amp: false}}, 'params.amp']);
});

test('a recipe that gives up on such a loss begins lower, unless the start is tiny already', () => {
  const gaveUp = more => fix({...SWEEP, params: {}, reason: 'ValueError: loss is nan', ...more});
  assert.deepEqual([gaveUp({start_lr: 1e-4}).changes, gaveUp({start_lr: 1e-4}).focus], [{start_lr: 1e-4 / 100}, 'start_lr']);
  assert.deepEqual(gaveUp({start_lr: 1e-9}).changes, {});
});

test('a parameter that the message names gets the focus, the longest name first', () => {
  assert.equal(after('ValueError: hidden must be a multiple of 7').focus, 'params.hidden');
  assert.equal(after('ValueError: batch_size 128 is more than there is', {params: {size: 1, batch_size: 128}}).focus, 'params.batch_size');
  assert.equal(after('ValueError: hiddenness').focus, '');
});

test('what nobody understands is copied as it was', () => {
  assert.deepEqual(after('KeyError: 42'), {changes: {}, why: '', focus: ''});
  assert.deepEqual(after(null), {changes: {}, why: '', focus: ''});
});
