import assert from 'node:assert/strict';
import test from 'node:test';
import {lrscope} from './page.mjs';

const {able, marks, named, near, nice, pace, plan, rungs} = lrscope.plan;
const ASKED = {recipe: 'a', device: 'any', num_iter: 100, seeds: 1, start_lr: 1e-7, end_lr: 10, mode: 'exp'};
const ran = (name, seconds, more = {}) => ({name, recipe: 'a', status: 'done', started_at: '2026-01-01T00:00:00.000Z', finished_at: new Date(Date.UTC(2026, 0, 1) + 1000 * seconds).toISOString(), steps_done: 100, ...more});
const worker = (more = {}) => ({host: 'bench', connected: true, recipes: ['a'], running: [], device: {kind: 'cuda', name: 'cuda:0', label: 'H100'}, ...more});

test('the pace is that of the newest sweep of the recipe that ran', () => {
  const sweeps = [ran('old', 5), ran('new', 10), ran('other', 99, {recipe: 'b'}), ran('short', 50, {steps_done: 2}), ran('running', 60, {status: 'running'})];
  assert.deepEqual(pace(sweeps, 'a'), {ms: 100, name: 'new'});
  assert.equal(pace(sweeps, 'c'), null);
});

test('a worker takes it when it is there, offers the recipe and has the device', () => {
  const all = [worker(), worker({connected: false}), worker({recipes: ['b']}), worker({device: {kind: 'cpu', name: 'cpu', label: ''}})];
  assert.deepEqual(able(all, 'a', 'any').length, 2);
  assert.deepEqual(able(all, 'a', 'cuda'), [all[0]]);
});

test('how long it takes is told with whose pace that is, and for all its seeds', () => {
  assert.deepEqual(plan(ASKED, [ran('clean', 10)], [worker()]), {text: 'Runs on bench · H100, free now', more: 'About 0:10, at the pace of “clean”', starved: false});
  assert.match(plan({...ASKED, seeds: 3}, [ran('clean', 10)], [worker(), worker()]).more, /About 0:20 for 3 sweeps/);
  assert.equal(plan(ASKED, [], [worker({running: ['x']})]).text, 'Runs on bench · H100, busy: it waits its turn');
});

test('without anybody to run it, it says who is missing', () => {
  assert.equal(plan(ASKED, [], []).text, 'No worker is connected.');
  assert.equal(plan({...ASKED, recipe: 'b'}, [], [worker()]).text, 'No connected worker offers b.');
  const {text, starved} = plan({...ASKED, device: 'cpu'}, [], [worker()]);
  assert.deepEqual([text, starved], ['No connected worker offers a on cpu.', true]);
});

test('rungs are counted for each decade, and oddities are told', () => {
  assert.equal(rungs(ASKED).text, '8 decades, 13 steps in each, one to the next × 1.20');
  assert.equal(rungs(ASKED).odd, '');
  assert.match(rungs({...ASKED, num_iter: 20}).odd, /coarse/);
  assert.deepEqual(rungs({...ASKED, mode: 'linear'}).text, '8 decades, 90 of 100 steps in the last one');
  assert.match(rungs({...ASKED, mode: 'linear'}).odd, /exponentially/);
  assert.equal(rungs({...ASKED, start_lr: 20}).text, '');
});

test('no more rungs are drawn than have room, the first among them', () => {
  assert.equal(marks({...ASKED, num_iter: 20000}, 400).length, 400);
  assert.equal(marks(ASKED, 400)[0], 1e-7);
});

test('keys walk and hands land on rates that people write', () => {
  assert.deepEqual([nice(1e-7, 1), nice(1e-7, -1), nice(2e-5, 1), nice(0.5, 1), nice(3.3e-4, -1)], [2e-7, 5e-8, 5e-5, 1, 2e-4]);
  assert.deepEqual([near(1.1e-7), near(2.6e-3), near(8.9), near(3.2e-4)], [1e-7, 3e-3, 10, 3e-4]);
});

test('a copy has a name that nobody has', () => {
  assert.equal(named('clean', new Set(['clean'])), 'clean 2');
  assert.equal(named('clean 2', new Set(['clean', 'clean 2', 'clean 3'])), 'clean 4');
  assert.equal(named('resnet18', new Set()), 'resnet18 2');
});
