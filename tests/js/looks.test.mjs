import assert from 'node:assert/strict';
import test from 'node:test';
import {lrscope} from './page.mjs';

const PALETTE = ['#0072B2', '#FD5924', '#0798FC', '#A54C03', '#899299', '#8A5F79', '#04A115', '#8651EF', '#000000'];

test('every colour of the palette stands out on both grounds', () => {
  for (const ground of ['#ffffff', '#13161b']) {
    for (const color of PALETTE) assert.ok(lrscope.colors.contrast(lrscope.colors.onGround(color, ground), ground) >= 3, `${color} on ${ground}`);
  }
});

test('confidence has a word', () => {
  assert.deepEqual([0.9, 0.5, 0.1, 0].map(lrscope.words.confidence), ['high', 'fair', 'low', 'none']);
});
