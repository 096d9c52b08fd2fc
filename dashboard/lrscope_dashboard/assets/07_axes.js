/* Geometry of the plot: rates to pixels and back, ticks, and the range of losses worth showing. Pure. */
(function (lrscope) {
  'use strict';
  const {clamp} = lrscope.numbers;

  /** frame: {left, width, top, height, x: [log10 low, log10 high], y: [low, high], logY} */
  const toPx = (frame, lr) => frame.left + ((Math.log10(lr) - frame.x[0]) / (frame.x[1] - frame.x[0])) * frame.width;
  const toLr = (frame, px) => 10 ** (frame.x[0] + ((px - frame.left) / frame.width) * (frame.x[1] - frame.x[0]));
  function toY(frame, loss) {
    const value = frame.logY ? Math.log10(loss) : loss;
    return frame.top + (1 - (value - frame.y[0]) / (frame.y[1] - frame.y[0])) * frame.height;
  }

  /** {major: [{at, text}], minor: [at]} for log10 bounds and a width in pixels. */
  function rateTicks([low, high], width) {
    const span = high - low, room = Math.max(2, Math.floor(width / 56));
    const every = Math.max(1, Math.ceil(span / room));
    const dense = span <= 0.4 ? [1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9] : [1, 2, 5];
    const major = [], minor = [];
    for (let d = Math.floor(low) - 1; d <= Math.ceil(high); d++) {
      for (let m = 1; m < 10; m++) minor.push(m * 10 ** d);
      const marks = span < 2 ? dense : d % every === 0 ? [1] : [];
      for (const m of marks) major.push({at: m * 10 ** d, text: lrscope.numbers.format(m * 10 ** d)});
    }
    return {major, minor: span / every > 14 ? [] : minor};
  }

  /** log10 bounds that hold every sweep's swept rates. */
  function rateRange(sweeps) {
    const low = sweeps.length ? Math.log10(Math.min(...sweeps.map(s => s.start_lr))) : -7;
    const high = sweeps.length ? Math.log10(Math.max(...sweeps.map(s => s.end_lr))) : 1;
    const pad = (high - low) * 0.015;
    return [low - pad, high + pad];
  }

  /**
   * The losses worth showing: from below the lowest to a little above where each curve started, so that a blow-up
   * does not squash the descents. `all`: everything finite.
   */
  function lossRange(lines, {all = false, logY = false} = {}) {
    let low = Infinity, high = -Infinity, positive = Infinity;
    for (const {y, shape, raw} of lines) {
      if (!shape || !y.length) continue;
      for (const value of y) {
        low = Math.min(low, value);
        if (value > 0) positive = Math.min(positive, value);
        if (all) high = Math.max(high, value);
      }
      if (all) for (const value of raw) if (Number.isFinite(value)) high = Math.max(high, value);
      const room = Math.max(0.3 * shape.drop, 3 * shape.jitter, 0.04 * Math.abs(shape.start));
      low = Math.min(low, shape.lowest);
      high = Math.max(high, shape.start + room);
    }
    if (!(high > low)) return logY ? [-1, 1] : low === high ? [low - 0.5, high + 0.5] : [0, 3];
    if (logY) {
      const from = Math.log10(low > 0 ? low : positive), to = Math.log10(Math.max(high, positive * 1.01));
      const pad = Math.max(0.02, (to - from) * 0.06);
      return Number.isFinite(from) && Number.isFinite(to) ? [from - pad, to + pad] : [-1, 1];
    }
    const pad = (high - low) * 0.06;
    return [low - pad, high + pad];
  }

  /** The range to draw now: grows at once, shrinks only when a quarter of it stands empty, so that it does not twitch. */
  function settle(shown, wanted) {
    if (!shown) return wanted;
    const inside = wanted[0] >= shown[0] && wanted[1] <= shown[1];
    const filled = (wanted[1] - wanted[0]) / (shown[1] - shown[0]);
    if (inside && filled > 0.75) return shown;
    const extra = (wanted[1] - wanted[0]) * 0.04;
    return [wanted[0] < shown[0] ? wanted[0] - extra : wanted[0], wanted[1] > shown[1] ? wanted[1] + extra : wanted[1]];
  }

  /** Move labels of given heights apart, keeping their order, within [top, bottom]. */
  function spread(wanted, height, top, bottom) {
    const order = wanted.map((at, i) => ({at, i})).sort((a, b) => a.at - b.at);
    const placed = new Array(wanted.length);
    let next = top;
    for (const {at, i} of order) { placed[i] = Math.max(next, at); next = placed[i] + height; }
    let limit = bottom;
    for (const {i} of order.reverse()) { placed[i] = clamp(placed[i], top, Math.max(top, limit - height)); limit = placed[i]; }
    return placed;
  }

  lrscope.axes = {toPx, toLr, toY, rateTicks, rateRange, lossRange, settle, spread};
})((window.lrscope = window.lrscope || {}));
