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

  /** Where a curve is drawn: at log10 lr - dx, and at (loss - shift) / scale. */
  const PLAIN = /** @type {Readonly<{dx: number, shift: number, scale: number, folded?: boolean}>} */ (Object.freeze({dx: 0, shift: 0, scale: 1}));

  /**
   * Loss ÷ start. A start at or below zero, or one too near zero to divide by, cannot be a unit: there the drop is,
   * so that the curve still begins at 1 and its lowest stands at 0. `folded` tells which ones.
   */
  function normal({start, lowest, drop, jitter}) {
    if (start > 0 && start > 1e-6 * Math.abs(drop)) return {shift: 0, scale: start, folded: false};
    const unit = drop > 0 ? drop : Math.max(jitter, Math.abs(start)) || 1;
    return {shift: drop > 0 ? lowest : start - unit, scale: unit, folded: true};
  }

  /** {major: [{at, text}], minor: [at]} for log10 bounds and a width in pixels. `sign`: what stands before each rate. */
  function rateTicks([low, high], width, sign = '') {
    const span = high - low, room = Math.max(2, Math.floor(width / 56));
    const every = Math.max(1, Math.ceil(span / room));
    const dense = span <= 0.4 ? [1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9] : [1, 2, 5];
    const major = [], minor = [];
    for (let d = Math.floor(low) - 1; d <= Math.ceil(high); d++) {
      for (let m = 1; m < 10; m++) minor.push(m * 10 ** d);
      const marks = span < 2 ? dense : d % every === 0 ? [1] : [];
      for (const m of marks) major.push({at: m * 10 ** d, text: sign + lrscope.numbers.format(m * 10 ** d)});
    }
    return {major, minor: span / every > 14 ? [] : minor};
  }

  /** log10 bounds that hold every sweep's swept rates, each over its unit. */
  function rateRange(sweeps, unit = _ => 1) {
    const low = sweeps.length ? Math.log10(Math.min(...sweeps.map(s => s.start_lr / unit(s)))) : -7;
    const high = sweeps.length ? Math.log10(Math.max(...sweeps.map(s => s.end_lr / unit(s)))) : 1;
    const pad = (high - low) * 0.015;
    return [low - pad, high + pad];
  }

  /** The highest loss of a curve that is worth showing: a little above where it started. */
  const ceiling = ({start, drop, jitter}) => start + Math.max(0.3 * drop, 3 * jitter, 0.04 * Math.abs(start));

  /**
   * How many points a line has up to the top of its blow-up, the climb over its ceiling from which it never comes back
   * to the lower half of its fall; all of them where there is none, and of a spike after which the training recovers.
   */
  function blowUp({y, shape, lowest}) {
    const n = y.length;
    if (!n) return 0;
    const half = Math.max(lowest.loss, (shape.start + lowest.loss) / 2), high = ceiling(shape);
    let i = n - 1;
    while (i >= 0 && y[i] > half) i--;
    while (i < n && !(y[i] > high)) i++;
    while (i + 1 < n && y[i + 1] > y[i]) i++;
    return Math.min(n, i + 1);
  }

  /**
   * The losses worth showing: from below the lowest to a little above where each curve started, so that a blow-up
   * does not squash the descents. `all`: everything finite.
   */
  function lossRange(lines, {all = false, logY = false} = {}) {
    let low = Infinity, high = -Infinity, positive = Infinity;
    for (const {y, shape, raw, place: {shift, scale} = PLAIN} of lines) {
      if (!shape || !y.length) continue;
      for (let i = 0; i < y.length; i++) {
        const value = (y[i] - shift) / scale;
        if (value < low) low = value;
        if (value > 0 && value < positive) positive = value;
        if (all && value > high) high = value;
      }
      if (all) for (const value of raw) if (Number.isFinite(value)) high = Math.max(high, (value - shift) / scale);
      low = Math.min(low, (shape.lowest - shift) / scale);
      high = Math.max(high, (ceiling(shape) - shift) / scale);
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

  /** A zoom of which only the rates stay: the losses are counted anew. */
  const alongRates = zoom => (zoom && zoom.x ? {x: zoom.x} : null);

  /** A zoom without that of the second pane, which was of another series. */
  const withoutPane = zoom => (zoom && (zoom.x || zoom.y) ? {x: zoom.x, y: zoom.y} : null);

  /** A few round losses of a range; decades where it is logarithmic. */
  function lossTicks([low, high], logY = false) {
    const size = 10 ** Math.floor(Math.log10((high - low) / 3)), stride = (logY && high - low > 1.2) ? Math.ceil((high - low) / 4) : [1, 2, 5, 10].map(m => m * size).find(wide => (high - low) / wide <= 4.5);
    const found = [];
    for (let at = Math.ceil(low / stride) * stride; at <= high; at += stride) found.push(logY ? 10 ** at : Number(at.toPrecision(6)));
    return found;
  }

  /** The range of plain values, those of a second pane; what lies far outside the middle half of them is let go. */
  function valueRange(columns) {
    const values = Float64Array.from(columns.flatMap(column => [...column].filter(Number.isFinite))).sort(), n = values.length;
    if (!n) return [0, 1];
    const [q1, q3] = [0.25, 0.75].map(share => values[Math.round(share * (n - 1))]), far = 3 * (q3 - q1) || Infinity;
    const low = values.find(value => value >= q1 - far), high = values.findLast(value => value <= q3 + far);
    const pad = (high - low || Math.abs(high) || 1) * 0.08;
    return [low - pad, high + pad];
  }

  /**
   * The range to draw now. A side grows as soon as it must, and then by some more, since a curve that falls goes on
   * falling and to lay out axes is dear; it shrinks only when a quarter of all stands empty, so that it does not twitch.
   */
  function settle(shown, wanted) {
    if (!shown) return wanted;
    const span = wanted[1] - wanted[0], more = 0.12 * span;
    const grown = [wanted[0] < shown[0] ? wanted[0] - more : shown[0], wanted[1] > shown[1] ? wanted[1] + more : shown[1]];
    return span / (grown[1] - grown[0]) > 0.75 ? grown : wanted;
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

  lrscope.axes = {PLAIN, toPx, toLr, toY, normal, rateTicks, rateRange, blowUp, lossRange, lossTicks, valueRange, alongRates, withoutPane, settle, spread};
})((window.lrscope = window.lrscope || {}));
