import assert from 'node:assert/strict';
import test from 'node:test';
import {lrscope} from './page.mjs';

const {standing, opinions} = lrscope.picks;
const pick = (author, lr, withdrawn = false) => ({author, lr, withdrawn});

test('the newest pick that was not taken back stands', () => {
  const [a, b] = [pick('ada', 1e-3, true), pick('lin', 1e-2)];
  assert.equal(standing([a, b]), b);
  assert.equal(standing([a]), null);
});

test('of each person the newest counts, from low to high', () => {
  const {people, apart} = opinions([pick('ada', 1, true), pick('lin', 1e-1), pick('ada', 1e-3), pick('lin', 10)]);
  assert.deepEqual(people, [{author: 'ada', lr: 1e-3}, {author: 'lin', lr: 1e-1}]);
  assert.ok(Math.abs(apart - 2) < 1e-9);
  assert.equal(opinions([pick('ada', 1)]).apart, 0);
});
