/* The page's classic scripts in node: each runs as the browser runs it, in the order of the names; `window` is this process. */
import {readdirSync, readFileSync} from 'node:fs';
import {runInThisContext} from 'node:vm';

const ASSETS = new URL('../../dashboard/lrscope_dashboard/assets/', import.meta.url);
const PURE = /^(0[5-9]|1[0-3])_.*\.js$/; // what touches no document while it loads: arithmetic, store, feed, API, readings

const kept = new Map();
const given = {
  window: globalThis,
  lrscope: {},
  location: new URL('http://lrscope.test/'),
  localStorage: {getItem: key => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, String(value)), clear: () => kept.clear()},
};
for (const [name, value] of Object.entries(given)) Object.defineProperty(globalThis, name, {value, writable: true, configurable: true});

for (const name of readdirSync(ASSETS).filter(name => PURE.test(name)).sort()) {
  const file = new URL(name, ASSETS);
  runInThisContext(readFileSync(file, 'utf8'), {filename: file.pathname});
}

export const {lrscope} = given;
