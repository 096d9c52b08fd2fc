import assert from 'node:assert/strict';
import test from 'node:test';
import {lrscope} from './page.mjs';

const {parts} = lrscope;
const clean = parts.curve(lrscope.lessons.clean);

test('the parts of a curve follow each other from left to right', () => {
  for (const lesson of ['clean', 'noisy', 'wide']) {
    const {flat, drop, floor, rise, lowest} = parts.curve(lrscope.lessons[lesson]).parts;
    assert.ok(flat[0] < flat[1] && flat[1] === drop[0] && drop[0] < drop[1] && drop[1] === floor[0] && floor[0] <= floor[1] && floor[1] === rise[0] && rise[0] < rise[1], lesson);
    assert.ok(floor[0] <= lowest && lowest <= floor[1], lesson);
  }
});

test('the drawn parts are those that core reads', () => {
  const {drop, floor} = clean.parts, {low, high} = clean.reading;
  assert.ok(drop[0] < low && low < floor[1]);
  assert.ok(Math.abs(Math.log10(floor[1] / high)) < 0.1, `${floor[1]} and ${high}`);
});

test('a rate is judged by the regions of the reading', () => {
  const {reading} = clean, judged = lr => parts.verdict(reading, lr).region;
  assert.deepEqual([1e-6, 0.03, 0.2, 1].map(judged), ['too_low', 'sweet_spot', 'unstable', 'diverged']);
  assert.match(parts.verdict(reading, reading.suggestion).text, /is where lrscope puts it too/);
  assert.match(parts.verdict(reading, 1e-4).text, /too low/);
  assert.equal(parts.verdict(reading, 50).region, 'diverged');
});
