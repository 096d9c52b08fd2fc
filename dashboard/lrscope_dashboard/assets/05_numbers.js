/* Learning rates as people write them, losses and times as they read them. Pure: no DOM. */
(function (lrscope) {
  'use strict';

  const RATE = /^\+?(\d+(?:[.,]\d*)?|[.,]\d+)(?:e([+-]?\d+)|[×x*·]10\^([+-]?\d+)|([kmuµμn]))?$/i, POWER = /^10\^([+-]?\d+)$/;
  const PREFIX = {k: 3, m: -3, u: -6, 'µ': -6, 'μ': -6, n: -9};
  const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';

  /** 0.00032 -> "3.2e-4"; from 0.1 to 1000 plainly: "0.32", "10". */
  function format(lr, digits = 2) {
    if (lr === null || lr === undefined || !Number.isFinite(lr)) return '–';
    const rounded = Number(lr.toPrecision(digits)), size = Math.abs(rounded);
    if (size === 0 || (size >= 0.1 && size < 1000)) return String(rounded);
    const [mantissa, exponent] = rounded.toExponential(digits - 1).split('e');
    const trimmed = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
    return `${trimmed}e${exponent.replace('+', '')}`;
  }

  /** "3e-4", "0,0003", "3×10⁻⁴", "300µ" -> 0.0003; anything else -> null. */
  function parse(text) {
    const plain = String(text).trim().replace(/[−–]/g, '-').replace(/\s*([×x*·])\s*(?=10)/i, '$1').replace(/ (?=[kmuµμn]$)/i, '')
      .replace(/[⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+/, raised => `^${raised.replace('⁺', '').replace('⁻', '-').replace(/[^-]/g, digit => String(RAISED.indexOf(digit)))}`);
    const power = POWER.exec(plain), found = power ? [plain, '1', power[1]] : RATE.exec(plain);
    if (!found) return null;
    const [, mantissa, e, ten, prefix] = found;
    const lr = Number(`${mantissa.replace(',', '.')}e${e || ten || (prefix ? PREFIX[prefix] ?? PREFIX[prefix.toLowerCase()] : 0)}`);
    return Number.isFinite(lr) && lr > 0 ? lr : null;
  }

  /** Two significant digits: what a person would write down. */
  const snap = lr => Number(lr.toPrecision(2));

  const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

  /** The rate some decades on, snapped unless the snap would not move it. */
  function step(lr, decades) {
    const exact = lr * 10 ** decades;
    const snapped = snap(exact);
    return (snapped - lr) * decades > 0 ? snapped : exact;
  }

  const decades = (low, high) => Math.log10(high / low);

  /** Index of the value nearest to `wanted` among rising ones; -1 of none. */
  function nearest(rising, wanted) {
    let lo = 0, hi = rising.length - 1;
    if (hi < 0) return -1;
    while (hi - lo > 1) {
      const middle = (lo + hi) >> 1;
      if (rising[middle] <= wanted) lo = middle; else hi = middle;
    }
    return Math.abs(rising[hi] - wanted) < Math.abs(rising[lo] - wanted) ? hi : lo;
  }

  /** The rate of a 0-based step, as core/lrscope/grid.py has it. */
  function lrAt(sweep, k) {
    const last = sweep.num_iter - 1;
    if (k <= 0) return sweep.start_lr;
    if (k >= last) return sweep.end_lr;
    if (sweep.mode === 'linear') return sweep.start_lr + (k / last) * (sweep.end_lr - sweep.start_lr);
    const a = Math.log10(sweep.start_lr);
    return 10 ** (a + (k / last) * (Math.log10(sweep.end_lr) - a));
  }

  function loss(value) {
    if (value === null || value === undefined || Number.isNaN(value)) return '–';
    if (!Number.isFinite(value)) return '∞';
    const size = Math.abs(value), sign = value < 0 ? '−' : '';
    if (size !== 0 && (size < 1e-3 || size >= 1e5)) return sign + size.toExponential(2).replace('e+', 'e');
    return sign + (size < 100 ? size.toFixed(3) : size.toFixed(1));
  }

  /** With its sign, a real minus, to so many significant digits: "+0.42", "−1.3"; "0" where that is all of it. */
  function signed(value, digits = 2) {
    if (value === null || !Number.isFinite(value)) return '–';
    const size = Math.abs(value), text = size >= 1e4 || size && size < 1e-3 ? size.toExponential(digits - 1).replace('e+', 'e') : String(size >= 10 ** digits ? Math.round(size) : Number(size.toPrecision(digits)));
    return Number(text) === 0 ? '0' : `${value < 0 ? '−' : '+'}${text}`;
  }

  /** Seconds left, coarsely: "0:41", "12 min", "2 h 5 min". */
  function duration(seconds) {
    if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '';
    const s = Math.max(0, Math.round(seconds));
    if (s < 600) return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`;
    const minutes = Math.round(s / 60);
    return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  }

  /** How long ago, as one says it. */
  function ago(iso, now = Date.now()) {
    const s = (now - Date.parse(iso)) / 1000;
    if (!Number.isFinite(s)) return '';
    if (s < 45) return 'just now';
    if (s < 3600) return `${Math.max(1, Math.round(s / 60))} min ago`;
    if (s < 86400) return `${Math.round(s / 3600)} h ago`;
    return new Date(iso).toLocaleDateString('en-GB', {day: 'numeric', month: 'short', year: 'numeric'});
  }

  lrscope.numbers = {format, parse, snap, clamp, step, decades, nearest, lrAt, loss, signed, duration, ago};
})((window.lrscope = window.lrscope || {}));
