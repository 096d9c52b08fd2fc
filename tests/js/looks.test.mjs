import assert from 'node:assert/strict';
import test from 'node:test';
import {lrscope} from './page.mjs';

const PALETTE = ['#0072B2', '#FD5924', '#04A115', '#8651EF', '#A54C03', '#0798FC', '#8A5F79', '#899299', '#000000'];

test('every colour of the palette stands out on both grounds', () => {
  for (const ground of ['#ffffff', '#13161b']) {
    for (const color of PALETTE) assert.ok(lrscope.colors.contrast(lrscope.colors.onGround(color, ground), ground) >= 3, `${color} on ${ground}`);
  }
});

test('confidence has a word', () => {
  assert.deepEqual([0.9, 0.5, 0.1, 0].map(lrscope.words.confidence), ['high', 'fair', 'low', 'none']);
});
