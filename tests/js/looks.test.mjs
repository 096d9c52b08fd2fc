import assert from 'node:assert/strict';
import test from 'node:test';
import {lrscope} from './page.mjs';

const PALETTE = ['#0072B2', '#D17A00', '#00916A', '#B44C97', '#2E97D6', '#C2410C', '#7A6FD0', '#7C7A12', '#000000'];

test('every colour of the palette stands out on both grounds', () => {
  for (const ground of ['#ffffff', '#13161b']) {
    for (const color of PALETTE) assert.ok(lrscope.colors.contrast(lrscope.colors.onGround(color, ground), ground) >= 3, `${color} on ${ground}`);
  }
});

test('confidence has a word', () => {
  assert.deepEqual([0.9, 0.5, 0.1, 0].map(lrscope.words.confidence), ['high', 'fair', 'low', 'none']);
});
