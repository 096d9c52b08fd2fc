import assert from 'node:assert/strict';
import test from 'node:test';
import {lrscope} from './page.mjs';

const {next} = lrscope;
const SWEEP = {status: 'queued', recipe: 'a', device_wish: 'any', queue_position: 2, num_iter: 100, start_lr: 1e-7, end_lr: 10, mode: 'exp', reason: null, params: {}, first_nonfinite_step: null};
const WORKER = {host: 'bench', connected: true, recipes: ['a'], running: ['x'], device: {kind: 'cpu', name: 'cpu', label: 'CPU'}};
const about = (more = {}) => ({points: 0, workers: [WORKER], waits: null, origin: 'http://h', ...more});
const after = (changes, more) => next({...SWEEP, ...changes}, about(more));

test('a queued sweep says its place, when it begins and on whom', () => {
  const {text, more, acts, command} = after({}, {waits: 40});
  assert.deepEqual([text, more], ['Number 2 in the queue; begins in about 0:40.', 'Runs on bench · CPU, busy: it waits its turn.']);
  assert.deepEqual([acts, command], [['front'], '']);
  assert.deepEqual(after({queue_position: 1}).acts, []);
});

test('a queued sweep that nobody can run says what to start', () => {
  const none = after({}, {workers: []});
  assert.deepEqual([none.text, none.command, none.look], ['No worker is connected.', 'lrscope worker --server http://h', 'warn']);
  assert.match(after({device_wish: 'cuda'}).more, /NVIDIA GPU/);
  assert.equal(after({device_wish: 'cuda'}).command, 'lrscope worker --server http://h'); // it takes every GPU
  assert.equal(after({device_wish: 'cpu'}, {workers: []}).command, 'lrscope worker --server http://h --devices cpu');
});

test('a running sweep says how far it is from a reading, and then is silent', () => {
  assert.match(after({status: 'running'}).text, /first point/);
  assert.equal(after({status: 'running'}, {points: 1}).text, '1 point so far.');
  assert.equal(after({status: 'running'}, {points: 10}), null);
});

test('a cancelled one can go on, a failed one can be mended first where the cause is known', () => {
  assert.equal(after({status: 'cancelled'}, {points: 50}).text, 'It was cancelled after 50 of 100 steps, at 9.1e-4.');
  assert.deepEqual(after({status: 'cancelled'}).acts, ['retry']);
  assert.equal(after({status: 'failed', reason: 'CUDA out of memory', params: {batch_size: 8}}).first, 'mend');
  assert.equal(after({status: 'failed', reason: 'KeyError: 1'}).first, 'error');
});

test('a loss that never was a number is not taken for a divergence', () => {
  const {text, more, acts, first} = after({status: 'diverged', first_nonfinite_step: 0});
  assert.match(text, /not a number from the first step/);
  assert.match(more, /^No rate has acted/);
  assert.deepEqual([acts, first], [['printed'], 'printed']);
  assert.equal(after({status: 'diverged', first_nonfinite_step: 0, params: {amp: true}}).first, 'mend');
  assert.equal(after({status: 'diverged', first_nonfinite_step: 70}, {points: 70}), null);
});

test('one thing is to be done first: the pick, or what is said here', () => {
  for (const [changes, points] of [[{status: 'failed', reason: 'KeyError: 1'}, 50], [{status: 'diverged', first_nonfinite_step: 0}, 0], [{status: 'diverged', first_nonfinite_step: 70}, 70], [{status: 'cancelled'}, 50], [{status: 'running'}, 5], [{}, 0]]) {
    const said = after(changes, {points});
    assert.equal(lrscope.words.broken({...SWEEP, ...changes}), Boolean(said && said.first), JSON.stringify(changes));
  }
});
