import assert from 'node:assert/strict';
import test from 'node:test';
import {lrscope} from './page.mjs';

const {arrange} = lrscope;
const sweep = (id, fields = {}) => ({id, name: id, recipe: 'digits', owner: 'ada', status: 'done', params: {batch: 8}, tags: [], optimizer: 'AdamW', group: null, archived: false, starred: false, ...fields});
const SWEEPS = [sweep('c', {owner: 'lin', status: 'failed', params: {batch: 128}}), sweep('b', {tags: ['night run'], starred: true}), sweep('a', {archived: true})];
const ids = (options, value) => arrange(SWEEPS, options, value).map(row => row.id).join(' ');

test('a search finds names, recipes, owners, tags and parameters, all its words somewhere', () => {
  for (const [search, wanted] of [['', 'c b'], ['NIGHT', 'b'], ['lin digits', 'c'], ['batch=128', 'c'], ['adamw', 'c b'], ['lin night', ''], ['failed', 'c']]) assert.equal(ids({search}), wanted, search);
});

test('archived sweeps are there when asked for, and filters add up', () => {
  assert.equal(ids({archived: true}), 'c b a');
  assert.equal(ids({starred: true}), 'b');
  assert.equal(ids({state: 'ended', archived: true}), 'b a');
});

test('what has no value comes last, whichever way it is sorted', () => {
  const pick = one => ({c: null, b: 0.1, a: 0.02})[one.id];
  assert.equal(ids({archived: true, sort: {column: 'pick', way: 'asc'}}, pick), 'a b c');
  assert.equal(ids({archived: true, sort: {column: 'pick', way: 'desc'}}, pick), 'b a c');
});

test('a sweep that belongs to no group has no head over it', () => {
  assert.equal(ids({group: 'seed'}), 'c b');
});

test('groups stand over their sweeps, sorted within, and closed ones keep their head', () => {
  const name = one => one.name, options = {archived: true, group: 'owner', sort: {column: 'name', way: 'asc'}};
  assert.equal(ids(options, name), 'group owner:ada a b group owner:lin c');
  assert.equal(ids({...options, closed: [lrscope.groups(SWEEPS, 'owner')[1].sign]}, name), 'group owner:ada group owner:lin c');
});
