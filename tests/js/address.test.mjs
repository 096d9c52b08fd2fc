import assert from 'node:assert/strict';
import test from 'node:test';
import {lrscope} from './page.mjs';

const {write, read} = lrscope.address;
const A = '06h0n2khrzynxpq3', B = '06h0n2khrzynxpq4';
const PLAIN = {sweeps: [A], focus: A, smoothing: 0.2, log_loss: false, show_all: false, normalise: false, align: 'lr', layout: 'overlay', group: 'none', x: null, y: null, pane: null, marker: null, baseline: null};

test('an address says only what is not as ever', () => {
  assert.equal(write(PLAIN), `?s=${A}&f=${A}`);
  assert.equal(write({}), '');
});

test('a view comes back from its address as it was', () => {
  const view = {sweeps: [B, A], focus: B, baseline: A, layout: 'table', group: 'seed', smoothing: 0.34, log_loss: true, show_all: true, normalise: true, align: 'pick', x: [1e-4, 0.35], y: [-0.5, 2.25], pane: 'grad_norm', pane_y: [0, 12.5], marker: 3.2e-4};
  const query = write(view);
  assert.equal(query, `?s=${B},${A}&f=${B}&b=${A}&l=table&g=seed&sm=0.34&y=log&all=1&n=1&al=pick&p=grad_norm&x=1e-4..0.35&yr=-0.5..2.25&pr=0..12.5&m=3.2e-4`);
  assert.deepEqual(read(query), {state: view, wrong: []});
  assert.equal(read('?m=0.00032').state.marker, 3.2e-4);
});

test('a rate with many digits comes back exactly', () => {
  for (const marker of [1.23456789e-5, 0.1, 9.999999, 123.456, 1e-12, 1e4]) assert.equal(read(write({marker})).state.marker, marker);
});

test('an empty plot is not the same as a plot of which nothing is said', () => {
  assert.deepEqual(read(write({sweeps: []})).state, {sweeps: []});
  assert.equal(read('').state, null);
});

test('what cannot be understood is named, and the rest is kept', () => {
  const {state, wrong} = read(`?s=${A}&sm=soon&x=1..1e-4&m=-1&g=moon&utm=7`);
  assert.deepEqual(state, {sweeps: [A]});
  assert.deepEqual(wrong, ['g=moon', 'sm=soon', 'x=1..1e-4', 'm=-1']);
});

test('addresses given out before are understood', () => assert.deepEqual(read(`?sweep=${A}`).state, {focus: A}));

test('what the list shows stands in the address: the words searched for, the order, the filters', () => {
  const list = {search: 'batch_size=64 a&b', sort: {column: 'best', way: 'desc'}, state: 'failed', starred: true, archived: true, rules: true};
  assert.equal(write(list), '?ru=1&q=batch_size%3D64%20a%26b&o=-best&st=failed&star=1&old=1');
  assert.deepEqual(read(write(list)).state, list);
  assert.deepEqual(read('?o=name').state, {sort: {column: 'name', way: 'asc'}});
  assert.deepEqual(read('?o=1&st=gone').wrong, ['o=1', 'st=gone']);
  assert.equal(write({search: '', sort: null, state: 'any', starred: false, archived: false, rules: false}), '');
});

test('folded groups stand in the address as signs of few letters, whatever they are called', () => {
  const sweep = (id, owner) => ({id, name: id, owner, recipe: 'a', params: {}, tags: [], group: null});
  const groups = lrscope.groups([sweep('1', 'a, b & c'), sweep('2', '?')], 'owner'), closed = groups.map(({sign}) => sign);
  assert.match(write({group: 'owner', closed}), /^\?g=owner&fold=[0-9a-z]{1,7},[0-9a-z]{1,7}$/);
  assert.deepEqual(read(write({closed})).state, {closed});
  assert.equal(write({closed: null}), '');
  assert.deepEqual(read('?fold=a,,b').wrong, ['fold=a,,b']);
});

test('the panel that a phone shows stands in the address, unless it is the plot', () => {
  assert.equal(write({...PLAIN, panel: 'decide'}), `?s=${A}&f=${A}&t=decide`);
  assert.equal(write({...PLAIN, panel: 'plot'}), `?s=${A}&f=${A}`);
  assert.deepEqual(read('?t=sweeps').state, {panel: 'sweeps'});
});
