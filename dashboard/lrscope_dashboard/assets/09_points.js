/* The numbers themselves: as a table of rates and sweeps, as CSV, as JSON, and what the file is called. Never decimated. Pure. */
(function (lrscope) {
  'use strict';

  /** Every rate at which one of the curves was measured, rising; and for each the index of its point in each curve, or -1. */
  function rows(curves) {
    const heads = curves.map(() => 0), found = [];
    for (;;) {
      let lr = Infinity;
      curves.forEach((curve, i) => { if (heads[i] < curve.lr.length && curve.lr[heads[i]] < lr) lr = curve.lr[heads[i]]; });
      if (lr === Infinity) return found;
      found.push({lr, at: curves.map((curve, i) => (curve.lr[heads[i]] === lr ? heads[i]++ : -1))});
    }
  }

  /** A cell that a spreadsheet takes for what it is: text that looks like a formula gets an apostrophe. */
  function cell(value) {
    if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'NaN';
    const text = value === null || value === undefined ? '' : String(value), safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  }

  const seriesOf = drawn => [...new Set(drawn.flatMap(({curve}) => [...curve.series.keys()]))];

  /** One line a point: drawn is [{sweep, curve}]. */
  function csv(drawn) {
    const names = seriesOf(drawn), lines = [['sweep', 'name', 'owner', 'recipe', 'seed', 'attempt', 'step', 'lr', 'loss', ...names]];
    for (const {sweep, curve} of drawn) {
      const about = [sweep.id, sweep.name, sweep.owner, sweep.recipe, sweep.seed, curve.attempt];
      curve.lr.forEach((lr, k) => lines.push([...about, k, lr, curve.loss[k], ...names.map(name => (curve.series.has(name) && Number.isFinite(curve.series.get(name)[k]) ? curve.series.get(name)[k] : ''))]));
    }
    return `${lines.map(line => line.map(cell).join(',')).join('\r\n')}\r\n`;
  }

  /** The same with everything that is known of the sweeps; a loss that is not finite is null. */
  function json(drawn, view, now = new Date()) {
    const plain = values => values.map(value => (Number.isFinite(value) ? value : null));
    const sweeps = drawn.map(({sweep, curve}) => ({
      ...sweep, points: {attempt: curve.attempt, lr: curve.lr, loss: plain(curve.loss), series: Object.fromEntries([...curve.series].map(([name, column]) => [name, plain(column)]))},
    }));
    return JSON.stringify({made_at: now.toISOString(), view, sweeps}, null, 1);
  }

  /** "lrscope clean 2026-11-24.csv", of letters that every file system takes. */
  function fileName(sweeps, ending, now = new Date()) {
    const what = sweeps.length === 1 ? sweeps[0].name : `${sweeps.length} sweeps`;
    const plain = what.normalize('NFKD').replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[-.]+|[-.]+$/g, '').slice(0, 60);
    return ['lrscope', plain, now.toISOString().slice(0, 10)].filter(Boolean).join('_') + `.${ending}`;
  }

  lrscope.points = {rows, cell, csv, json, fileName};
})((window.lrscope = window.lrscope || {}));
