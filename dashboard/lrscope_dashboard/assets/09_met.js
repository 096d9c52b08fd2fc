/* What a curve says at a rate: its loss, its slope, and how far it is from there to its lowest and to its blow-up. Pure. */
(function (lrscope) {
  'use strict';
  const {smoothing} = lrscope;
  const REACH = 0.06; // decades to each side between which the slope is taken
  const known = new WeakMap(); // line -> {lowest, leaves}: both as log10 of a rate

  /** Where a line leaves for good the range it would be drawn in alone, or null: that is, past its lowest. */
  function leaves({x, y, shape}, from) {
    if (!shape) return null;
    const top = shape.start + Math.max(0.3 * shape.drop, 3 * shape.jitter, 0.04 * Math.abs(shape.start));
    let i = y.length - 1;
    if (!(y[i] > top)) return null;
    while (i > from && y[i - 1] > top) i--;
    return i > from ? x[i - 1] + ((top - y[i - 1]) / (y[i] - y[i - 1])) * (x[i] - x[i - 1]) : x[i];
  }

  function marks(line) {
    let found = known.get(line);
    if (!found) {
      let best = 0;
      for (let i = 1; i < line.y.length; i++) if (line.y[i] < line.y[best]) best = i;
      found = {lowest: line.y.length ? line.x[best] : null, leaves: leaves(line, best)};
      known.set(line, found);
    }
    return found;
  }

  /**
   * {loss, slope, toLowest, toBlowup} of a line at a rate: loss per decade, and decades to the right; null where unknown.
   * `divergesAt` is the reading's, where there is one.
   */
  function met(line, lr, divergesAt = null) {
    const loss = smoothing.at(line, lr), q = Math.log10(lr), {lowest, leaves: left} = marks(line);
    const blowup = divergesAt ? Math.log10(divergesAt) : left, n = line.x.length;
    let slope = null;
    if (loss !== null && n > 1) {
      const a = Math.max(line.x[0], q - REACH), b = Math.min(line.x[n - 1], q + REACH);
      if (b > a) slope = (smoothing.at(line, 10 ** b) - smoothing.at(line, 10 ** a)) / (b - a);
    }
    return {loss, slope, toLowest: lowest === null ? null : lowest - q, toBlowup: blowup === null ? null : blowup - q};
  }

  /** Of [{lr, px}] the rate nearest to a place on the plot, where it is near enough to pull; else null. */
  function magnet(px, signs, reach) {
    let best = null;
    for (const sign of signs) if (Math.abs(sign.px - px) < reach && (!best || Math.abs(sign.px - px) < Math.abs(best.px - px))) best = sign;
    return best && best.lr;
  }

  lrscope.met = {met, magnet};
})((window.lrscope = window.lrscope || {}));
