import assert from 'node:assert/strict';
import test, {beforeEach} from 'node:test';
import {lrscope} from './page.mjs';

const sweep = (id, fields = {}) => ({
  id, name: id, status: 'running', attempt: 1, steps_done: 0, start_lr: 1e-7, end_lr: 10, num_iter: 100, pick: null, archived: false,
  created_at: `2026-01-01T00:00:0${id}Z`, ...fields,
});
const frame = (from, loss, fields = {}) => ({sweep: '1', attempt: 1, from, lr: loss.map((_, k) => 10 ** (k + from - 7)), loss, ...fields});
let store, heard;

beforeEach(() => {
  localStorage.clear();
  store = new lrscope.Store();
  store.snapshot({sweeps: [sweep('1'), sweep('2')], workers: [], queue: {queued: 0, running: 2}});
  heard = [];
  store.on('points visible focus', (detail, topic) => heard.push(topic));
});

test('points that come twice are there once, and told of once', () => {
  assert.ok(store.points(frame(0, [3, 2])));
  assert.ok(store.points(frame(0, [3, 2])));
  assert.ok(store.points(frame(1, [2, 1])));
  assert.deepEqual(store.curves.get('1').loss, [3, 2, 1]);
  assert.deepEqual(heard, ['points', 'points']);
});

const connect = (...sweeps) => store.snapshot({sweeps, workers: [], queue: {queued: 0, running: 0}});

test('what was deleted while the page was away is gone with all that was known of it', () => {
  store.points(frame(0, [3, 2]));
  store.setBaseline('2');
  store.setFocus('2');
  connect(sweep('3'), sweep('1'));
  assert.deepEqual([...store.sweeps.keys()], ['3', '1']);
  assert.deepEqual([store.focus, store.baseline], [null, null]);
  assert.deepEqual([...store.visible].sort(), ['1', '3']);
  connect(sweep('3'));
  store.deleted('1');
  assert.equal(store.curves.has('1'), false);
  connect();
  assert.equal(store.sweeps.size, 0);
});

test('an older one than the list has stays while it is looked at, and is asked for; others are gone', () => {
  const asked = [];
  store.on('older', ids => asked.push(ids));
  connect(sweep('2'), sweep('1'));
  assert.deepEqual(asked, []);
  store.visible = new Set(['2']);
  connect(sweep('4'), sweep('3'));
  assert.deepEqual(asked, [['2']]);
  assert.deepEqual([...store.sweeps.keys()].sort(), ['2', '3', '4']);
});

test('a gap is refused, so that the feed asks again from where it was', () => {
  store.points(frame(0, [3, 2]));
  assert.equal(store.points(frame(5, [1])), false);
  assert.deepEqual(store.cursors().find(cursor => cursor.sweep === '1'), {sweep: '1', attempt: 1, from: 2});
});

test('another attempt begins anew, and the one before it is heard no more', () => {
  store.points(frame(0, [3, 2]));
  store.points(frame(0, [9], {attempt: 2}));
  store.points(frame(2, [1], {attempt: 1}));
  assert.deepEqual(store.curves.get('1').loss, [9]);
});

test('what was no number on the way is NaN here, and a series that begins late has none before', () => {
  store.points(frame(0, [3, null]));
  store.points(frame(2, [1], {series: {accuracy: [0.5]}}));
  const {loss, series} = store.curves.get('1');
  assert.deepEqual(loss, [3, NaN, 1]);
  assert.deepEqual(series.get('accuracy'), [NaN, NaN, 0.5]);
});

test('a sweep that goes takes its focus and its place on the plot with it', () => {
  store.setFocus('1');
  store.deleted('1');
  assert.equal(store.focus, null);
  assert.deepEqual([...store.visible], ['2']);
});

test('a marker that a person moved stays where it was put, within the swept rates', () => {
  store.setFocus('1');
  store.choose(1e3, 'marker');
  store.place(store.focused(), 1e-3);
  assert.deepEqual([store.draft().lr, store.draft().touched], [10, true]);
});

test('a training is in no list, and is known until it has ended', () => {
  const training = status => sweep('9', {kind: 'training', status});
  store.snapshot({sweeps: [sweep('1')], trainings: [training('queued')], workers: [], queue: {queued: 1, running: 1}});
  store.sweep(training('running'));
  assert.deepEqual([...store.trainings.keys()], ['9']);
  assert.deepEqual(store.stored().map(s => s.id), ['1']);
  store.sweep(training('done'));
  assert.equal(store.trainings.size, 0);
});
