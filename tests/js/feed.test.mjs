/* The page's socket: what is held until the page stands, what is watched before, and how a gap is healed. */
import assert from 'node:assert/strict';
import {beforeEach, test} from 'node:test';
import {lrscope} from './page.mjs';

globalThis.addEventListener = () => {};

class Socket {
  static OPEN = 1;
  constructor() { this.readyState = 1; this.sent = []; Socket.last = this; }
  send(text) { this.sent.push(JSON.parse(text)); }
  close() { this.readyState = 3; this.onclose(); }
  say(message) { this.onmessage({data: JSON.stringify(message)}); }
  get watched() { return this.sent.filter(({type}) => type === 'watch').map(({sweeps}) => sweeps.map(({sweep, from}) => `${sweep}:${from}`).join()); }
}
globalThis.WebSocket = Socket;

const sweep = id => ({id, name: id, kind: 'range_test', status: 'running', steps_done: 2, created_at: `2026-01-0${id[1]}`, start_lr: 1e-5, end_lr: 1, archived: false});
const snapshot = (...ids) => ({type: 'snapshot', sweeps: ids.map(sweep), workers: [], queue: {queued: 0, running: 1}});
const points = (sweep, from, ...loss) => ({type: 'points', sweep, attempt: 1, from, lr: loss.map((_, k) => 1e-5 * 2 ** (from + k)), loss});

let store, feed;
beforeEach(() => {
  localStorage.clear();
  store = new lrscope.Store();
  feed = new lrscope.Feed(store, 'ws://lrscope.test/ws/view');
});
const settle = () => { clearTimeout(feed.watchdog); clearTimeout(feed.timer); };

test('what comes while the page is put together is held, and then taken in its order', () => {
  feed.connect();
  Socket.last.say(snapshot('s1'));
  Socket.last.say(points('s1', 0, 2.0, 1.9));
  assert.equal(store.loaded, false);
  feed.begin();
  assert.equal(store.connection.state, 'live');
  assert.deepEqual(store.curves.get('s1').loss, [2.0, 1.9]);
  settle();
});

test('a ping is answered also while the rest is held', () => {
  feed.connect();
  Socket.last.say({type: 'ping', time: 'T', lag_ms: null});
  assert.deepEqual(Socket.last.sent, [{type: 'pong', time: 'T'}]);
  settle();
});

test('what was on the plot before is watched before the list has come, and not asked for twice', () => {
  feed.connect(['s1', 's2']);
  Socket.last.onopen();
  assert.deepEqual(Socket.last.watched, ['s1:0,s2:0']);
  localStorage.setItem('lrscope.visible', JSON.stringify({ids: ['s1', 's2'], since: '2026-01-02'}));
  Socket.last.say(snapshot('s2', 's1'));
  feed.begin();
  assert.equal(Socket.last.watched.length, 1);
  settle();
});

test('where the list says otherwise it is watched as it says', () => {
  feed.connect(['gone']);
  Socket.last.onopen();
  Socket.last.say(snapshot('s1'));
  feed.begin();
  assert.deepEqual(Socket.last.watched, ['gone:0', 's1:0']);
  settle();
});

test('a gap in the points is healed by asking again from what is there', () => {
  feed.connect();
  feed.begin();
  Socket.last.say(snapshot('s1'));
  Socket.last.say(points('s1', 0, 2.0, 1.9));
  Socket.last.say(points('s1', 5, 1.5));
  assert.equal(Socket.last.watched.at(-1), 's1:2');
  Socket.last.say(points('s1', 2, 1.8, 1.7, 1.6, 1.5));
  assert.deepEqual(store.curves.get('s1').loss, [2.0, 1.9, 1.8, 1.7, 1.6, 1.5]);
  settle();
});

test('points that come twice are taken once', () => {
  feed.connect();
  feed.begin();
  Socket.last.say(snapshot('s1'));
  Socket.last.say(points('s1', 0, 2.0, 1.9));
  Socket.last.say(points('s1', 1, 1.9, 1.8));
  assert.deepEqual(store.curves.get('s1').loss, [2.0, 1.9, 1.8]);
  settle();
});

test('a new connection goes on from where the page was', () => {
  feed.connect();
  feed.begin();
  Socket.last.say(snapshot('s1'));
  Socket.last.say(points('s1', 0, 2.0, 1.9));
  const first = Socket.last;
  first.close();
  settle();
  feed.connect();
  assert.notEqual(Socket.last, first);
  Socket.last.say(snapshot('s1'));
  assert.deepEqual(Socket.last.watched, ['s1:2']);
  settle();
});
