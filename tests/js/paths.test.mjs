import assert from 'node:assert/strict';
import test from 'node:test';
import {lrscope} from './page.mjs';

const {path, area, chosen} = lrscope.paths;
const {PLAIN} = lrscope.axes;
const pane = {width: 800, height: 400, x: [-7, 1], y: [0, 4], logY: false};

/** The corners of a path, in pixels. */
function corners(d) {
  let x = 0, y = 0;
  return [...d.matchAll(/([MlL]?)(-?[\d.]+) (-?[\d.]+)/g)].map(([, letter, a, b]) => {
    if (letter === 'M' || letter === 'L') [x, y] = [Number(a), Number(b)]; else { x += Number(a); y += Number(b); }
    return [Math.round(x * 10) / 10, Math.round(y * 10) / 10];
  });
}

/** How far above or below its path a point lies. */
function away(drawn, px, py) {
  const i = Math.max(1, drawn.findIndex(([x]) => x >= px - 0.06)), [[ax, ay], [bx, by]] = [drawn[i - 1], drawn[i]];
  return Math.min(Math.abs(by - py), Math.abs(ay + ((by - ay) * (px - ax)) / (bx - ax || 1) - py));
}

test('a path stays within a third of a pixel of every point, smooth or noisy, with far fewer corners where it is smooth', () => {
  const x = Float64Array.from({length: 500}, (_, i) => -7 + (8 * i) / 499);
  for (const [noise, most] of [[0, 210], [0.2, 500]]) {
    const y = x.map((v, i) => 2 + Math.sin(3 * v) + noise * (((i * 7919) % 97) / 97)), drawn = corners(path(x, y, PLAIN, pane)).slice(1);
    assert.ok(drawn.length <= most, `${drawn.length}`);
    x.forEach((v, i) => { const off = away(drawn, 100 * (v + 7), 100 * (4 - y[i])); assert.ok(off < (noise ? 2.5 : 0.34), `${i}: ${off}`); });
  }
});

test('a loss without a place leaves a gap', () => {
  const d = path([-6, -5, -4, -3, -2], [1, 1, NaN, 2, 2], PLAIN, pane);
  assert.equal(d.match(/M/g).length, 2);
  assert.equal(path([-6, -5], [-1, 0], PLAIN, {...pane, y: [-2, 2], logY: true}), '');
});

test('only what is in view is drawn, and one point more on either side', () => {
  const x = Array.from({length: 81}, (_, i) => -7 + i / 10), y = x.map((_, i) => 1 + (i % 2));
  const drawn = corners(path(x, y, PLAIN, {...pane, x: [-4.02, -2.98]}));
  assert.equal(drawn.length - 1, 13);
  assert.ok(drawn[0][0] < 0 && drawn.at(-1)[0] > 800);
});

test('a curve is drawn where its place puts it', () => {
  const d = path([-3], [6], {dx: -3, shift: 2, scale: 2}, {...pane, x: [-1, 1]});
  assert.deepEqual(corners(d)[0], [400, 200]);
});

test('a blow-up of any size stays a number that a browser takes', () => {
  for (const value of [1e300, -1e300, Infinity, -Infinity]) assert.doesNotMatch(path([-6, -5], [1, value], PLAIN, pane), /NaN|Inf|e\d/);
});

test('of very many points the lowest and the highest stay', () => {
  const y = Float64Array.from({length: 20000}, () => 1);
  y[7777] = 9; y[13333] = -9;
  const kept = chosen(y, 0, 20000);
  assert.ok(kept.length <= 3002 && kept.includes(7777) && kept.includes(13333));
  assert.deepEqual(kept, [...kept].sort((a, b) => a - b));
});

test('a band is closed, there and back again', () => {
  const d = area([-6, -5, -4], [1, 1.5, 1], [2, 3, 2], PLAIN, pane);
  assert.ok(d.endsWith('Z'));
  assert.deepEqual(corners(d).slice(1), [[100, 200], [200, 100], [300, 200], [300, 300], [200, 250], [100, 300]]);
});
