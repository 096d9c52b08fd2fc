import assert from 'node:assert/strict';
import test from 'node:test';
import {lrscope} from './page.mjs';

const {asked, waits} = lrscope.differ;
const sweep = (id, fields = {}) => ({id, recipe: 'digits', params: {batch: 8}, optimizer: 'SGD', seed: 0, start_lr: 1e-7, end_lr: 10, num_iter: 100, mode: 'exp', device: 'cpu', owner: 'ada', tags: [], status: 'queued', reason: null, queue_position: 1, eta_s: null, started_at: null, finished_at: null, ...fields});

test('what differs is marked, and a parameter that one has not is a dash', () => {
  const rows = asked([sweep('a'), sweep('b', {params: {decay: 5e-4}, seed: 1})]), differing = rows.filter(row => row.differs);
  assert.deepEqual(differing.map(row => [row.name, ...row.values]), [['batch', '8', '–'], ['decay', '–', '5e-4'], ['seed', '0', '1']]);
});

test('a queued sweep begins when a device is free again, as far as can be known', () => {
  const ended = sweep('e', {status: 'done', started_at: '2026-01-01T00:00:00Z', finished_at: '2026-01-01T00:01:00Z'});
  const running = sweep('r', {status: 'running', eta_s: 20}), queue = [sweep('a'), sweep('b', {queue_position: 2}), sweep('c', {queue_position: 3, reason: 'waits for cuda'})];
  const workers = [{connected: true, running: ['r']}];
  assert.deepEqual([...waits([ended, running, ...queue], workers)], [['a', 20], ['b', 80], ['c', null]]);
  assert.deepEqual([...waits(queue.slice(0, 1), [])], [['a', null]]);
});
