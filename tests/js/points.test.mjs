import assert from 'node:assert/strict';
import test from 'node:test';
import {lrscope} from './page.mjs';

const {rows, cell, csv, json, fileName} = lrscope.points;
const curve = (lr, loss, series = {}) => ({attempt: 1, lr, loss, series: new Map(Object.entries(series))});
const sweep = (name, fields = {}) => ({id: '06h0', name, owner: 'ada', recipe: 'mlp', seed: 3, ...fields});

test('the table has a row for every rate that was measured, and no number where none was', () => {
  const found = rows([curve([1e-3, 1e-2], [3, 2]), curve([1e-2, 0.1], [5, 4])]);
  assert.deepEqual(found, [{lr: 1e-3, at: [0, -1]}, {lr: 1e-2, at: [1, 0]}, {lr: 0.1, at: [-1, 1]}]);
  assert.deepEqual(rows([]), []);
});

test('text that a spreadsheet would run gets an apostrophe; numbers stay numbers', () => {
  for (const text of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1']) assert.match(cell(text), /^"?'/);
  assert.equal(cell(-1.5), '-1.5');
  assert.equal(cell('say "a", b'), '"say ""a"", b"');
});

test('CSV holds every point in full precision', () => {
  const lr = Array.from({length: 20000}, (_, k) => 10 ** (-7 + k / 2500)), loss = lr.map((_, k) => (k === 5 ? NaN : k / 7));
  const lines = csv([{sweep: sweep('=cmd'), curve: curve(lr, loss, {grad_norm: lr.map(() => NaN)})}]).trimEnd().split('\r\n');
  assert.equal(lines.length, 20001);
  assert.equal(lines[0], 'sweep,name,owner,recipe,seed,attempt,step,lr,loss,grad_norm');
  assert.ok(lines[1].startsWith("06h0,'=cmd,ada,mlp,3,1,0,1e-7,0,"));
  assert.equal(lines[6].split(',')[8], 'NaN');
  assert.equal(Number(lines[10].split(',')[8]), 9 / 7);
});

test('JSON is what the record has, with null for what is no number', () => {
  const made = JSON.parse(json([{sweep: sweep('a'), curve: curve([1e-3, 1e-2], [1, Infinity])}], {smoothing: 0.2}, new Date('2026-01-02T00:00:00Z')));
  assert.deepEqual(made.sweeps[0].points, {attempt: 1, lr: [1e-3, 1e-2], loss: [1, null], series: {}});
  assert.equal(made.view.smoothing, 0.2);
});

test('a file is named so that every system takes it', () => {
  const day = new Date('2026-01-02T03:04:05Z');
  assert.equal(fileName([sweep('../../Größe: "x"')], 'csv', day), 'lrscope_Gro-e-x_2026-01-02.csv');
  assert.equal(fileName([sweep('a'), sweep('b')], 'png', day), 'lrscope_2-sweeps_2026-01-02.png');
  assert.equal(fileName([sweep('📈')], 'svg', day), 'lrscope_2026-01-02.svg');
});
