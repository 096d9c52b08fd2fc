import assert from 'node:assert/strict';
import test from 'node:test';
import {lrscope} from './page.mjs';

const {format, parse, step, duration, loss, signed} = lrscope.numbers;

test('rates are written as people write them', () => {
  for (const [lr, text] of [[3.2e-4, '3.2e-4'], [1e-3, '1e-3'], [0.05, '5e-2'], [0.5, '0.5'], [10, '10'], [9.99e-4, '1e-3'], [1e-12, '1e-12'], [0, '0'], [-1.5, '-1.5'], [NaN, '–']]) {
    assert.equal(format(lr), text);
  }
});

test('rates are read as people write them', () => {
  for (const [text, lr] of [['3e-4', 3e-4], ['0.0003', 3e-4], ['0,0003', 3e-4], [' 3E-4 ', 3e-4], ['.5', 0.5], ['1.', 1], ['3e−4', 3e-4], ['3×10⁻⁴', 3e-4], ['3 x 10^-4', 3e-4], ['10⁻³', 1e-3], ['10^-4', 1e-4], ['300µ', 3e-4], ['300 u', 3e-4], ['0,3m', 3e-4], ['2×10⁺¹', 20], ['1.5·10^0', 1.5]]) {
    assert.equal(parse(text), lr);
  }
});

test('junk is no rate', () => {
  for (const junk of ['', 'soon', '-1', '0', '1e999', '1,000.5', '0x10', 'Infinity', '3e', '1 2', '10-4', '3×', '3×10', '3e-4m', 'µ', '5 %']) assert.equal(parse(junk), null, junk);
});

test('a key always moves the rate its way', () => {
  for (const decades of [1 / 20, -1 / 20, 1 / 4, -1 / 4]) {
    for (const lr of [1e-7, 9.9e-4, 1e-3, 1.04e-3, 7.5e-2, 1, 9.9]) assert.ok((step(lr, decades) - lr) * decades > 0, `${lr} by ${decades}`);
  }
});

test('times are told coarsely', () => {
  assert.deepEqual([0, 41, 599, 725, 7500].map(duration), ['0:00', '0:41', '9:59', '12 min', '2 h 5 min']);
  assert.equal(duration(null), '');
});

test('a loss that is none is not written as a number', () => {
  assert.deepEqual([null, NaN, Infinity, 0, 1e-4, 2.3456, 123.45, 1e6].map(loss), ['–', '–', '∞', '0.000', '1.00e-4', '2.346', '123.5', '1.00e6']);
});

test('the nearest of rising numbers is found', () => {
  assert.deepEqual([-9, 1.4, 1.6, 3, 9].map(wanted => lrscope.numbers.nearest([0, 1, 2, 4], wanted)), [0, 1, 2, 2, 3]);
  assert.equal(lrscope.numbers.nearest([], 1), -1);
});

test('a difference shows its sign', () => {
  assert.deepEqual([0.4213, -1.29, 0, -1e-5, 123.4, null].map(value => signed(value)), ['+0.42', '−1.3', '0', '−1.0e-5', '+123', '–']);
});
