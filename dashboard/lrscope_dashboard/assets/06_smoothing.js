/* The smooth line through raw losses: a centred local linear fit in log10 lr, as core/lrscope/curve.py. Pure. */
(function (lrscope) {
  'use strict';

  const MOST = 1200; // fitted points of one curve; longer ones are averaged in blocks first

  const median = values => {
    const own = Float64Array.from(values), half = own.length >> 1, high = select(own, half);
    if (own.length % 2) return high;
    let low = -Infinity; // what is left of the middle is not above it
    for (let i = 0; i < half; i++) if (own[i] > low) low = own[i];
    return (low + high) / 2;
  };

  /** The k-th lowest of numbers, which are put in order around it only (Hoare's FIND, 1961): a live curve asks with every draw. */
  function select(own, k) {
    for (let left = 0, right = own.length - 1; left < right;) {
      const pivot = own[k];
      let i = left, j = right;
      while (i <= j) {
        while (own[i] < pivot) i++;
        while (own[j] > pivot) j--;
        if (i <= j) { const one = own[i]; own[i++] = own[j]; own[j--] = one; }
      }
      if (j < k) left = i;
      if (k < i) right = j;
    }
    return own[k];
  }

  /** Level of the start, lowest level, and the noise from one step to the next. */
  function shape(loss) {
    const n = loss.length;
    const start = median(loss.slice(0, Math.max(3, Math.floor(n / 10))));
    let lowest = Infinity;
    for (let i = 0, a = loss[0], b = a; i < n; i++) {
      const c = loss[i + 1 < n ? i + 1 : i], middle = a < b ? (b < c ? b : a < c ? c : a) : (a < c ? a : b < c ? c : b);
      if (middle < lowest) lowest = middle;
      a = b; b = c;
    }
    const jumps = new Float64Array(Math.max(0, n - 1));
    for (let i = 1; i < n; i++) jumps[i - 1] = Math.abs(loss[i] - loss[i - 1]);
    const jitter = jumps.length ? (1.4826 * median(jumps)) / Math.SQRT2 : 0;
    return {start, lowest, jitter, drop: start - lowest};
  }

  /** Gaussian-weighted line at every point. Windows grow where points are sparse. */
  function fit(x, y, width) {
    const n = x.length;
    const out = new Float64Array(n);
    const stride = n > 7 ? evenStride(x) : 0;
    if (stride && fitEven(y, stride / width, out)) return out;
    let lo = 0, hi = 0;
    for (let i = 0; i < n; i++) {
      while (lo < i && x[lo] < x[i] - 3 * width) lo++;
      while (hi < n && x[hi] <= x[i] + 3 * width) hi++;
      const from = Math.max(0, Math.min(lo, i - 3)), to = Math.min(n, Math.max(hi, i + 4));
      let w = 0, wx = 0, wy = 0, wxx = 0, wxy = 0;
      for (let k = from; k < to; k++) {
        const d = (x[k] - x[i]) / width, g = Math.exp(-0.5 * d * d);
        w += g; wx += g * d; wy += g * y[k]; wxx += g * d * d; wxy += g * d * y[k];
      }
      out[i] = level(w, wx, wy, wxx, wxy);
    }
    return out;
  }

  /** A weighted line's value at 0. */
  function level(w, wx, wy, wxx, wxy) {
    const spread = wxx - (wx * wx) / w;
    const tilt = spread > 1e-12 * w ? (wxy - (wx * wy) / w) / spread : 0;
    return (wy - tilt * wx) / w;
  }

  /** The distance of evenly spaced points, as the rates of an exponential sweep are in decades; else 0. */
  function evenStride(x) {
    const n = x.length, stride = (x[n - 1] - x[0]) / (n - 1);
    for (let i = 1; i < n; i++) if (!(Math.abs(x[i] - x[0] - i * stride) < 1e-6 * stride)) return 0;
    return stride;
  }

  const kept = new Map(); // rows of weights, by the distance of points in widths

  /**
   * What each point of an even curve weighs its neighbours with: a row for each of the first ones, whose windows lack
   * their left part, and last the row of all points in the middle. The end of the curve is its mirror image.
   */
  function weights(stride) {
    const key = stride.toFixed(9);
    if (kept.has(key)) return kept.get(key);
    if (kept.size > 7) kept.clear();
    const half = Math.max(3, Math.floor(3 / stride + 1e-9)), rows = [];
    for (let i = 0; i <= half; i++) {
      const row = new Float64Array(i + half + 1);
      let w = 0, wx = 0, wxx = 0;
      for (let k = 0; k < row.length; k++) {
        const d = (k - i) * stride, g = (row[k] = Math.exp(-0.5 * d * d));
        w += g; wx += g * d; wxx += g * d * d;
      }
      const spread = wxx - (wx * wx) / w;
      for (let k = 0; k < row.length; k++) row[k] *= (1 - (((k - i) * stride - wx / w) * wx) / spread) / w;
      rows.push(row);
    }
    kept.set(key, rows);
    return rows;
  }

  /** The same fit where points are even and more than a window: every window's weights are known before. */
  function fitEven(y, stride, out) {
    const n = y.length;
    if (n < 6 / stride + 3 || n < 9) return false;
    const rows = weights(stride), half = rows.length - 1, middle = rows[half], last = n - 1;
    for (let i = 0; i < half; i++) { out[i] = weighed(rows[i], y, 0, 1); out[last - i] = weighed(rows[i], y, last, -1); }
    let i = half;
    for (; i + 3 < n - half; i += 4) { // four at once: each weight and each loss is read once for all of them
      let a = 0, b = 0, c = 0, d = 0, first = i - half, y0 = y[first], y1 = y[first + 1], y2 = y[first + 2];
      for (let k = 0; k < middle.length; k++) {
        const weight = middle[k], y3 = y[first + k + 3];
        a += weight * y0; b += weight * y1; c += weight * y2; d += weight * y3;
        y0 = y1; y1 = y2; y2 = y3;
      }
      out[i] = a; out[i + 1] = b; out[i + 2] = c; out[i + 3] = d;
    }
    for (; i < n - half; i++) out[i] = weighed(middle, y, i - half, 1);
    return true;
  }

  /** The sum of a row over the losses from `first` on, upwards or, for the end of a curve, downwards. */
  function weighed(row, y, first, way) {
    let sum = 0;
    for (let k = 0; k < row.length; k++) sum += row[k] * y[first + way * k];
    return sum;
  }

  /** Block means, so that twenty thousand points cost no more than a thousand. */
  function thin(x, y, most) {
    const size = Math.ceil(x.length / most);
    if (size <= 1) return {x, y};
    const n = Math.ceil(x.length / size), bx = new Float64Array(n), by = new Float64Array(n);
    for (let b = 0; b < n; b++) {
      const from = b * size, to = Math.min(x.length, from + size);
      for (let k = from; k < to; k++) { bx[b] += x[k]; by[b] += y[k]; }
      bx[b] /= to - from; by[b] /= to - from;
    }
    return {x: bx, y: by};
  }

  /**
   * The line to draw for one curve: {x: log10 lr, lr, y, shape}, up to the first loss that is not finite.
   * `known`: its shape where that was worked out before; it does not depend on the width.
   * The blow-up is not smoothed into the descent: what lies above start + drop is left as it was measured.
   */
  function line(lr, loss, width, known = null) {
    let n = 0;
    while (n < loss.length && Number.isFinite(loss[n])) n++;
    const x = new Float64Array(n), y = new Float64Array(n);
    for (let i = 0; i < n; i++) { x[i] = Math.log10(lr[i]); y[i] = loss[i]; }
    const form = known || (n ? shape(y) : null);
    if (n < 4 || width <= 0) return {x, lr: lr.slice(0, n), y, shape: form};
    const cap = form.start + Math.max(form.drop, 4 * form.jitter);
    const low = y.map(value => Math.min(value, cap));
    const thinned = thin(x, low, MOST), raw = thin(x, y, MOST);
    const fitted = fit(thinned.x, thinned.y, width);
    for (let i = 0; i < fitted.length; i++) fitted[i] += raw.y[i] - thinned.y[i];
    return {x: thinned.x, lr: thinned.x === x ? lr.slice(0, n) : Array.from(thinned.x, value => 10 ** value), y: fitted, shape: form};
  }

  /** Loss of a line at a rate, between its points; null outside of them. */
  function at(curve, lr) {
    const {x, y} = curve, n = x.length, q = Math.log10(lr), slack = 1e-9;
    if (!n || q < x[0] - slack || q > x[n - 1] + slack) return null;
    let lo = 0, hi = n - 1;
    while (hi - lo > 1) {
      const middle = (lo + hi) >> 1;
      if (x[middle] <= q) lo = middle; else hi = middle;
    }
    if (hi === lo || x[hi] === x[lo]) return y[lo];
    const share = lrscope.numbers.clamp((q - x[lo]) / (x[hi] - x[lo]), 0, 1);
    return y[lo] + share * (y[hi] - y[lo]);
  }

  /** Lowest loss of a line and where: {loss, lr}, or null. */
  function lowest(curve) {
    let best = -1;
    for (let i = 0; i < curve.y.length; i++) if (best < 0 || curve.y[i] < curve.y[best]) best = i;
    return best < 0 ? null : {loss: curve.y[best], lr: 10 ** curve.x[best]};
  }

  /** Several lines of the same sweep with other seeds: {lr, low, middle, high}, where at least two of them are. */
  function band(lines) {
    const longest = lines.reduce((a, b) => (b.lr.length > a.lr.length ? b : a)), out = {lr: [], low: [], middle: [], high: []};
    for (const lr of longest.lr) {
      const values = lines.map(one => at(one, lr)).filter(value => value !== null);
      if (values.length < 2) continue;
      out.lr.push(lr);
      out.low.push(Math.min(...values)); out.middle.push(median(values)); out.high.push(Math.max(...values));
    }
    return out;
  }

  lrscope.smoothing = {line, at, lowest, shape, fit, thin, band};
})((window.lrscope = window.lrscope || {}));
