import assert from 'node:assert/strict';
import test, {beforeEach} from 'node:test';
import {lrscope} from './page.mjs';

const {normal, lossRange, valueRange, lossTicks} = lrscope.axes;
const sweep = (id, fields = {}) => ({
  id, name: id, status: 'done', attempt: 1, steps_done: 9, start_lr: 1e-7, end_lr: 10, num_iter: 100, pick: null, archived: false, color: '#0072B2', slot: 0,
  group: null, params: {}, tags: [], created_at: `2026-01-01T00:00:0${id}Z`, ...fields,
});
let store;

/** A store with sweeps, each with a straight falling curve from `start` to zero. */
function show(...sweeps) {
  store.snapshot({sweeps, workers: [], queue: {queued: 0, running: 0}});
  for (const {id, start = 8} of sweeps) {
    const lr = Array.from({length: 9}, (_, k) => 10 ** (k - 7));
    store.points({sweep: id, attempt: 1, from: 0, lr, loss: lr.map((_, k) => start - k), series: {grad_norm: lr.map((_, k) => k)}});
  }
}
const scene = change => { store.setView(change); return new lrscope.Scene(store, ({color}) => color); };
const uids = made => made.strokes.map(({uid}) => uid);

beforeEach(() => { localStorage.clear(); store = new lrscope.Store(); store.setView({smoothing: 0}); });

test('loss ÷ start begins at 1, whatever the sign of the start', () => {
  for (const [start, lowest] of [[2.3, 0.3], [-1, -3], [0, -0.5], [1e-12, -4]]) {
    const {shift, scale, folded} = normal({start, lowest, drop: start - lowest, jitter: 0});
    assert.ok(Math.abs((start - shift) / scale - 1) < 1e-6 && scale > 0, `${start}`);
    assert.equal(folded, start < 2);
  }
  const flat = normal({start: 0, lowest: 0, drop: 0, jitter: 0});
  assert.equal((0 - flat.shift) / flat.scale, 1);
});

test('aligned curves have their picks at the same place, and those without one are told of', () => {
  show(sweep('1', {pick: {lr: 1e-3}}), sweep('2', {pick: {lr: 1e-1}}), sweep('3'));
  store.setFocus('1');
  const made = scene({align: 'pick'});
  assert.deepEqual(made.items.map(({sweep: {id}, place}) => [id, Math.round(place.dx)]), [['2', -1], ['1', -3]]);
  assert.deepEqual(made.unpicked.map(({id}) => id), ['3']);
  const met = made.meet(1e-3);
  assert.ok(Math.abs(met.find(({item}) => item.sweep.id === '2').lr / 0.1 - 1) < 1e-9);
});

test('seeds of a request are a band and a median; grouped otherwise, what is grouped stands behind', () => {
  show(sweep('1', {group: 'g'}), sweep('2', {group: 'g', start: 10}), sweep('3', {owner: 'lin'}));
  assert.ok(uids(scene({group: 'none'})).includes('middle-g'));
  const grouped = scene({group: 'seed'});
  assert.ok(uids(grouped).includes('band-g') && !uids(grouped).includes('ghost-1') && uids(grouped).includes('ghost-3'));
  assert.match(grouped.strokes.find(({uid}) => uid === '1').style.color, /,0\.32\)$/);
  const bundle = grouped.bundles[0];
  assert.ok(Math.abs(bundle.band.middle[0] - 9) < 1e-9);
  assert.deepEqual(grouped.items.map(item => grouped.label(item)).filter(Boolean).sort(), ['1 · 2 seeds', '3']);
});

test('a series is drawn in the second pane when it is asked for', () => {
  show(sweep('1'));
  assert.deepEqual(lrscope.seriesOf(store), ['grad_norm']);
  assert.equal(scene({pane: null}).strokes.some(({axis}) => axis), false);
  const stroke = scene({pane: 'grad_norm'}).strokes.find(({axis}) => axis === 'y2');
  assert.deepEqual([stroke.uid, [...stroke.parts[0].y].at(-1)], ['pane-1', 8]);
});

test('a part is new only when its points, its smoothing or its place changed', () => {
  show(sweep('1'), sweep('2'));
  const versions = () => Object.fromEntries(scene({}).strokes.map(({uid, parts}) => [uid, parts[0].version]));
  const before = versions();
  store.points({sweep: '1', attempt: 1, from: 9, lr: [50], loss: [0]});
  const after = versions();
  assert.deepEqual(Object.keys(before).filter(uid => before[uid] !== after[uid]).sort(), ['1', 'ghost-1']);
  store.setView({smoothing: 0.3});
  assert.equal(versions()['ghost-2'], after['ghost-2']);
  assert.notEqual(versions()['2'], after['2']);
});

test('what a curve does after its blow-up is thin, and all of it is strong when all is to be shown', () => {
  show(sweep('1'));
  store.points({sweep: '1', attempt: 1, from: 9, lr: [20, 30, 40, 50], loss: [40, 7, 50, 6]});
  const made = scene({}), [after, before] = ['after-1', '1'].map(uid => made.strokes.find(one => one.uid === uid));
  assert.deepEqual([[...before.parts[0].y].slice(-2), [...after.parts[0].y], after.style.width], [[0, 40], [40, 7, 50, 6], 1]);
  assert.deepEqual(uids(scene({showAll: true})), ['ghost-1', '1']);
});

test('the range follows the places, and a far outlier does not make the second pane flat', () => {
  const shape = {start: 4, lowest: 1, drop: 3, jitter: 0}, line = {y: [4, 1], raw: [4, 1], shape};
  const [low, high] = lossRange([{...line, place: {dx: 0, shift: 0, scale: 4}}], {});
  assert.ok(low < 0.25 && high > 1 && high < 1.6);
  const values = [...Array(100).keys(), 1e9];
  assert.ok(valueRange([values])[1] < 200);
  assert.deepEqual(valueRange([[]]), [0, 1]);
});

test('little plots have a few round numbers beside them', () => {
  assert.deepEqual(lossTicks([0.2, 3.3]), [1, 2, 3]);
  assert.deepEqual(lossTicks([-2.1, 1.1], true), [0.01, 0.1, 1, 10]);
});
