import assert from 'node:assert/strict';
import test from 'node:test';
import {lrscope} from './page.mjs';

const sweep = (id, fields = {}) => ({id, name: `sweep ${id}`, owner: 'ada', recipe: 'mlp', params: {batch_size: 8}, tags: [], group: null, start_lr: 1e-7, end_lr: 10, num_iter: 100, mode: 'exp', seed: 0, ...fields});
const keys = (sweeps, by) => lrscope.groups(sweeps, by).map(({members}) => members.map(({id}) => id).join('+'));

test('without a grouping every sweep stands alone, in its order', () => {
  assert.deepEqual(keys([sweep('2'), sweep('1')], 'none'), ['2', '1']);
  assert.deepEqual(keys([sweep('2'), sweep('1')], 'unheard of'), ['2', '1']);
});

test('the seeds of one request belong together; a sweep of no request stands alone', () => {
  const sweeps = [sweep('1', {group: 'g'}), sweep('2'), sweep('3', {group: 'g', seed: 1})];
  assert.deepEqual(keys(sweeps, 'seed'), ['1+3', '2']);
  assert.equal(lrscope.groups(sweeps, 'seed')[0].label, 'sweep 1 · 2 seeds');
});

test('several seeds with one name are told apart by their seeds', () => {
  const seeds = [sweep('1', {group: 'g'}), sweep('2', {group: 'g', seed: 1, name: 'sweep 1'}), sweep('3', {seed: 7})];
  assert.deepEqual(seeds.map(lrscope.called), ['sweep 1 · seed 0', 'sweep 1 · seed 1', 'sweep 3']);
  assert.deepEqual(lrscope.groups(seeds, 'none').map(({label}) => label), seeds.map(lrscope.called));
  assert.equal(lrscope.groups(seeds.slice(1), 'seed')[0].label, 'sweep 1 · seed 1');
});

test('the same configuration is all but the seed, in whatever order its parameters stand', () => {
  const sweeps = [sweep('1', {params: {a: 1, b: 2}}), sweep('2', {params: {b: 2, a: 1}, seed: 9}), sweep('3', {params: {a: 1, b: 3}}), sweep('4', {params: {a: 1, b: 2}, end_lr: 1})];
  assert.deepEqual(keys(sweeps, 'config'), ['1+2', '3', '4']);
});

test('owners, recipes and first tags group', () => {
  const sweeps = [sweep('1', {owner: 'ada', recipe: 'r', tags: ['night', 'x']}), sweep('2', {owner: 'lin', recipe: 'r'}), sweep('3', {owner: 'ada', recipe: 's', tags: ['night']})];
  assert.deepEqual(keys(sweeps, 'owner'), ['1+3', '2']);
  assert.deepEqual(keys(sweeps, 'recipe'), ['1+2', '3']);
  assert.deepEqual(lrscope.groups(sweeps, 'tag').map(({label}) => label), ['night', 'no tag']);
});

test('a grouping that groups nothing says what it would', () => {
  const two = [sweep('1', {tags: ['a']}), sweep('2', {owner: 'lin', recipe: 'r', tags: ['b']})];
  for (const by of lrscope.GROUPINGS) assert.equal(lrscope.apart(two, by) === '', by === 'none', by);
  assert.match(lrscope.apart(two, 'seed'), /asked for at once, with several seeds/);
  assert.equal(lrscope.apart([...two, sweep('3')], 'owner'), '');
});
