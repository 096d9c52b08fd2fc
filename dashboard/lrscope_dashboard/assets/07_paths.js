/* A curve as the `d` of an SVG path: in tenths of a pixel, only what is in view, each step as text from a table. Pure. */
(function (lrscope) {
  'use strict';
  const FAR = 100000; // tenths of a pixel above or below which nothing is told apart
  const REACH = 4000, STEPS = Array.from({length: 2 * REACH + 1}, (_, i) => `${(i - REACH) / 10}`);
  const step = tenths => (tenths >= -REACH && tenths <= REACH ? STEPS[tenths + REACH] : `${tenths / 10}`);
  const SLACK = 1.5; // tenths of a pixel
  const MOST = 3000; // points drawn of one curve

  /** Where the points in view begin and end, one more on either side, so that lines run out of the plot. */
  function inView(x, low, high) {
    let from = 0, to = x.length;
    for (let jump = to >> 1; jump > 0; jump >>= 1) while (from + jump < to && x[from + jump] < low) from += jump;
    for (let jump = (to - from) >> 1; jump > 0; jump >>= 1) while (to - jump > from && x[to - jump - 1] > high) to -= jump;
    return [from, to];
  }

  /** Indices to draw: all, or of very many the lowest and the highest in each block, so that no spike is lost. */
  function chosen(y, from, to, most = MOST) {
    const n = to - from;
    if (n <= most) return Array.from({length: n}, (_, i) => from + i);
    const found = [], size = Math.ceil((2 * n) / most);
    for (let start = from; start < to; start += size) {
      const end = Math.min(to, start + size);
      let low = start, high = start;
      for (let k = start; k < end; k++) { if (y[k] < y[low] || !(y[low] === y[low])) low = k; if (y[k] > y[high] || !(y[high] === y[high])) high = k; }
      found.push(Math.min(low, high));
      if (low !== high) found.push(Math.max(low, high));
    }
    if (found[found.length - 1] !== to - 1) found.push(to - 1);
    return found;
  }

  /** pane: {width, height, x: [low, high] in drawn decades, y: [low, high], logY}. Points without a place leave a gap. */
  function path(x, y, {dx, shift, scale}, pane) {
    const [left, right] = pane.x, [bottom, top] = pane.y;
    const perX = (10 * pane.width) / (right - left), perY = (10 * pane.height) / (top - bottom);
    const [from, to] = inView(x, left + dx, right + dx), few = to - from <= MOST;
    const picked = few ? null : chosen(y, from, to), n = few ? to - from : picked.length;
    const pen = new Pen();
    for (let i = 0; i < n; i++) {
      const k = few ? from + i : picked[i], drawn = (y[k] - shift) / scale, value = pane.logY ? Math.log10(drawn) : drawn;
      if (value > -Infinity) pen.to(Math.round((x[k] - dx - left) * perX), Math.round(Math.min(FAR, Math.max(-FAR, (top - value) * perY)))); else pen.lift();
    }
    pen.lift();
    return pen.d;
  }

  /**
   * Writes a path in tenths of a pixel. A point is left out while the straight line past it stays within SLACK of it
   * and of all that were left out since the last corner: a smooth curve needs a fifth of its points.
   */
  class Pen {
    constructor() { this.d = ''; this.down = false; }

    to(x, y) {
      if (!this.down) { this.d += `M${x / 10} ${y / 10}l0 0 `; this.down = true; this.corner(x, y); return; }
      const dx = x - this.x, slope = (y - this.y) / dx;
      if (dx <= 0 || slope < this.low || slope > this.high) {
        this.mark();
        this.corner(this.px, this.py);
      }
      const run = Math.max(x - this.x, 0.1);
      this.low = Math.max(this.low, (y - SLACK - this.y) / run);
      this.high = Math.min(this.high, (y + SLACK - this.y) / run);
      this.px = x; this.py = y;
    }

    /** From here on, lines in any direction. */
    corner(x, y) { this.x = this.px = x; this.y = this.py = y; this.low = -Infinity; this.high = Infinity; }

    mark() { if (this.px !== this.x || this.py !== this.y) this.d += `${step(this.px - this.x)} ${step(this.py - this.y)} `; }

    lift() { if (this.down) this.mark(); this.down = false; }
  }

  /** What lies between two lines over the same rates, closed. */
  function area(x, low, high, place, pane) {
    const there = path(x, high, place, pane);
    const back = path(x, low, place, pane);
    const points = [...back.matchAll(/-?[\d.]+ -?[\d.]+/g)].map(([pair]) => pair.split(' ').map(Number));
    if (!there || points.length < 2) return '';
    let [px, py] = points[0];
    const corners = points.slice(1).map(([dx, dy]) => [(px += dx), (py += dy)]);
    return `${there}${corners.reverse().map(([cx, cy]) => `L${cx.toFixed(1)} ${cy.toFixed(1)}`).join('')}Z`;
  }

  lrscope.paths = {path, area, inView, chosen};
})((window.lrscope = window.lrscope || {}));
