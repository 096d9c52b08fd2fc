/* In the page while it is measured: when what was painted. Knows of the page only its store and its chart. */
window.probe = (() => {
  'use strict';
  const painted = []; // [milliseconds since the epoch, {sweep: points}, curves]
  const lengths = new Map();
  const told = {frames: 0, draws: 0, since: 0, moves: 0};
  let hooked = false, listed = 0, draws = 0, lastDraw = 0, awaited = null, expected = null;

  const probe = {painted, firstDrawn: 0, drawnAfter: 0};
  const {port1, port2} = new MessageChannel(), waiting = [];
  port2.onmessage = () => waiting.splice(0).forEach(action => action());
  const afterPaint = action => requestAnimationFrame(() => { waiting.push(action); port1.postMessage(0); });

  const points = id => { const curve = lrscope.app.store.curves.get(id); return curve ? curve.lr.length : 0; };

  function drawn() {
    const {chart} = lrscope.app;
    if (chart.draws === draws) return; // the marker has moved, nothing was drawn
    draws = chart.draws; told.draws += 1; lastDraw = performance.now();
    const fresh = {};
    for (const {sweep} of chart.standing) {
      const n = points(sweep.id);
      if (lengths.get(sweep.id) !== n) { lengths.set(sweep.id, n); fresh[sweep.id] = n; }
    }
    const complete = awaited && awaited.since && awaited.ids.every(id => lengths.get(id) >= awaited.count);
    const since = complete ? awaited.since : 0, act = expected;
    if (complete) awaited = null;
    expected = null;
    const curves = chart.standing.length;
    afterPaint(() => {
      painted.push([Date.now(), fresh, curves]);
      if (since) probe.firstDrawn = performance.now() - since;
      if (act !== null) probe.drawnAfter = performance.now() - act;
    });
  }

  /** The moment when the last of the awaited points was in the store. */
  function came() {
    if (awaited && !awaited.since && awaited.ids.every(id => points(id) >= awaited.count)) awaited.since = performance.now();
  }

  function hook() {
    if (!window.lrscope || !lrscope.app) { requestAnimationFrame(hook); return; }
    hooked = true;
    lrscope.app.chart.onPaint(drawn);
    lrscope.app.store.on('points', came);
    lrscope.app.store.on('draft', () => { told.moves += 1; });
    (function frame() {
      told.frames += 1;
      if (!listed && document.querySelector('.ag-center-cols-container .ag-row')) listed = performance.now();
      requestAnimationFrame(frame);
    })();
  }
  requestAnimationFrame(hook);

  return Object.assign(probe, {
    live: () => hooked && lrscope.app.store.connection.state === 'live',
    quiet: ms => performance.now() - lastDraw > ms,
    /** Exactly these sweeps on the plot. */
    show(ids) {
      const {store} = lrscope.app, wanted = new Set(ids);
      for (const id of new Set([...store.visible, ...ids])) if (store.visible.has(id) !== wanted.has(id)) store.toggle(id);
    },
    first(ids, count) { awaited = {ids, count, since: 0}; probe.firstDrawn = 0; },
    expect() { expected = performance.now(); probe.drawnAfter = 0; },
    add(id) {
      const curve = lrscope.app.store.curves.get(id), n = curve.lr.length;
      lrscope.app.store.points({type: 'points', sweep: id, attempt: curve.attempt, from: n, lr: [curve.lr[n - 1] * 1.0001], loss: [curve.loss[n - 1]]});
    },
    /** Frames and draws a second since it was asked the last time. */
    count() {
      const now = performance.now(), s = (now - told.since) / 1000, found = {fps: told.frames / s, draws: told.draws / s};
      told.frames = told.draws = 0; told.since = now;
      return found;
    },
    moves() { const {moves} = told; told.moves = 0; return moves; },
    /** Milliseconds from the navigation until the page could be used, or 0. */
    ready(curves) {
      const first = painted.find(([, , standing]) => standing >= curves);
      return first && listed ? Math.max(listed, first[0] - performance.timeOrigin) : 0;
    },
    /** Whether so many points of each have been painted. */
    has: (ids, count) => ids.every(id => painted.some(([, fresh]) => fresh[id] >= count)),
  });
})();
