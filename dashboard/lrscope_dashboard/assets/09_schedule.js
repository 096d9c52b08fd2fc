/* The picture of a schedule: its line, and what it says in words. Pure. */
(function (lrscope) {
  'use strict';
  const {format} = lrscope.numbers;

  /** An SVG path through [[step, rate]], within a width and a height; the highest rate touches the top. */
  function path(points, width, height) {
    const last = points[points.length - 1][0] || 1, top = Math.max(...points.map(([, lr]) => lr));
    const at = ([step, lr]) => `${((step / last) * width).toFixed(1)},${((1 - lr / top) * height).toFixed(1)}`;
    return points.length === 1 ? `M0,0 H${width}` : `M${points.map(at).join(' L')}`;
  }

  function summary({points, steps, pick, lr}) {
    const peak = points.reduce((a, b) => (b[1] > a[1] ? b : a)), first = points[0], last = points[points.length - 1];
    const count = steps.toLocaleString('en-GB'), from = lr < 0.9 * pick ? `, a third of ${format(pick)}` : '';
    if (first[1] === last[1] && first[1] === peak[1]) return `${format(lr)} in all ${count} steps${from}`;
    const rise = peak[0] ? `, up to ${format(peak[1])} at step ${peak[0].toLocaleString('en-GB')}` : from;
    return `${count} steps: from ${format(first[1])}${rise}, down to ${format(last[1])}`;
  }

  lrscope.schedule = {path, summary};
})((window.lrscope = window.lrscope || {}));
