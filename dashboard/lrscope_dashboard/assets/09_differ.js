/* What differs between sweeps: their parameters and all else that was asked for, row by row; and how long the queued ones wait. Pure. */
(function (lrscope) {
  'use strict';
  const {format, loss} = lrscope.numbers;

  const said = value => (value === null || value === undefined || value === '' ? '–' : typeof value === 'number' && value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e5) ? format(value, 3) : String(value));

  /** [{name, values: [text], differs}]: of each sweep, in their order; a parameter that a sweep has not is a dash. */
  function asked(sweeps) {
    const row = (name, value) => { const values = sweeps.map(sweep => said(value(sweep))); return {name, values, differs: new Set(values).size > 1}; };
    const params = [...new Set(sweeps.flatMap(sweep => Object.keys(sweep.params)))];
    return [
      row('recipe', sweep => sweep.recipe), ...params.map(name => row(name, sweep => sweep.params[name])), row('optimizer', sweep => sweep.optimizer),
      row('seed', sweep => sweep.seed), row('start LR', sweep => format(sweep.start_lr)), row('end LR', sweep => format(sweep.end_lr)), row('steps', sweep => sweep.num_iter),
      row('rise', sweep => (sweep.mode === 'linear' ? 'linear' : 'exponential')), row('device', sweep => sweep.device), row('owner', sweep => sweep.owner), row('tags', sweep => sweep.tags.join(', ')),
    ];
  }

  /** The outcome of each, the first one being what the others are compared with: rates as factors, losses as differences. */
  function outcomes(found, words) {
    const row = (name, key, text, delta) => ({name, values: found.map(one => (Number.isFinite(one[key]) && one[key] !== null ? text(one[key]) : '–')), deltas: found.map((one, i) => (i ? delta(one[key], found[0][key]) : ''))});
    return [row('suggestion', 'suggestion', format, words.times), row('pick', 'pick', format, words.times), row('lowest loss', 'best', loss, words.over), row('at the rate', 'bestAt', format, words.times)];
  }

  const median = values => [...values].sort((a, b) => a - b)[values.length >> 1];

  /** id -> seconds until a queued sweep begins, from how long ended ones took; null where nothing is known or nobody is there. */
  function waits(sweeps, workers) {
    const took = sweeps.filter(s => s.started_at && s.finished_at && (s.status === 'done' || s.status === 'diverged')).map(s => (Date.parse(s.finished_at) - Date.parse(s.started_at)) / 1000);
    const typical = took.length ? median(took) : null, free = workers.filter(worker => worker.connected).map(worker => {
      const held = sweeps.find(s => s.status === 'running' && worker.running.includes(s.id));
      return held ? held.eta_s ?? typical : 0;
    });
    const queued = sweeps.filter(s => s.status === 'queued').sort((a, b) => (a.queue_position || 1e9) - (b.queue_position || 1e9)), found = new Map();
    for (const sweep of queued) {
      if (sweep.reason || !free.length || free.some(left => left === null)) { found.set(sweep.id, null); continue; }
      free.sort((a, b) => a - b);
      found.set(sweep.id, free[0]);
      free[0] = typical === null ? null : free[0] + typical;
    }
    return found;
  }

  lrscope.differ = {asked, outcomes, waits};
})((window.lrscope = window.lrscope || {}));
