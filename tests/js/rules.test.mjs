import assert from 'node:assert/strict';
import test from 'node:test';
import {lrscope} from './page.mjs';

const {about} = lrscope.rules, {RULES} = lrscope.words;

test('every rule that has a name has its sentence and its source', () => {
  for (const name of Object.keys(RULES)) {
    const {said, source} = about(name);
    assert.match(said, /^[A-Z].*\.$/, name);
    assert.ok(source, name);
  }
  assert.deepEqual(about('of next year'), {said: '', source: ''});
});

test('a name is cut in its middle, so that its end is seen', () => {
  assert.deepEqual(lrscope.words.parts('resnet50-lr-sweep-cosine-seed3'), ['resnet50-lr-sweep-cosine', '-seed3']);
  assert.deepEqual(lrscope.words.parts('short'), ['short', '']);
  assert.equal(lrscope.words.parts('averyverylongnamewithoutbreak').join(''), 'averyverylongnamewithoutbreak');
});
