/* Answers each line of stdin, a JavaScript expression, with one line of JSON: {value} or {error}. */
import {createInterface} from 'node:readline';
import {runInThisContext} from 'node:vm';
import './page.mjs';

/** JSON has no word for NaN and the infinities, and would write a typed array as an object. */
function plain(_, value) {
  if (typeof value === 'number' && !Number.isFinite(value)) return {number: String(value)};
  return ArrayBuffer.isView(value) ? Array.from(value) : value;
}

for await (const line of createInterface({input: process.stdin})) {
  let answer;
  try {
    answer = {value: runInThisContext(line) ?? null};
  } catch (error) {
    answer = {error: error.stack};
  }
  process.stdout.write(`${JSON.stringify(answer, plain)}\n`);
}
