/* What to do about a reason, as one request: {label, verb, body}. Pure. */
(function (lrscope) {
  'use strict';
  const {clamp, format} = lrscope.numbers;
  const LOWEST = 1e-12, HIGHEST = 1e4, LONGEST = 20000;

  const higher = (sweep, by) => (sweep.end_lr < HIGHEST ? {end_lr: clamp(sweep.end_lr * by, LOWEST, HIGHEST)} : null);
  const lower = sweep => (sweep.start_lr > LOWEST ? {start_lr: clamp(sweep.start_lr / 100, LOWEST, HIGHEST)} : null);
  const extend = body => body && {label: body.end_lr ? `Go on to ${format(body.end_lr)}` : `Begin at ${format(body.start_lr)}`, verb: 'extend', body};
  const seeds = sweep => (sweep.group ? null : {label: 'Run 3 seeds', verb: 'clone', body: {seeds: [0, 1, 2].map(k => sweep.seed + k)}});
  const longer = (sweep, by) => {
    const steps = Math.min(LONGEST, Math.max(100, by * sweep.num_iter));
    return steps > sweep.num_iter ? {label: `Run ${steps} steps`, verb: 'clone', body: {num_iter: steps}} : null;
  };

  const WAYS = {
    no_divergence: sweep => (sweep.status === 'done' ? extend(higher(sweep, 10)) : null),
    min_at_edge: sweep => (sweep.status === 'done' ? extend(higher(sweep, 10)) : null),
    no_descent: sweep => (sweep.status === 'done' ? extend(higher(sweep, 100)) : longer(sweep, 3)),
    flat_start_missing: sweep => extend(lower(sweep)),
    already_trained: seeds,
    noisy: seeds,
    too_few_points: sweep => (sweep.status === 'diverged' ? extend(lower(sweep)) : longer(sweep, 2)),
  };

  /** Null where there is nothing to do: it runs still, or it was measured elsewhere. */
  function advice(code, sweep) {
    const measuredHere = sweep.reason !== 'imported' && ['done', 'diverged'].includes(sweep.status);
    return (measuredHere && WAYS[code] && WAYS[code](sweep)) || null;
  }

  lrscope.advice = {advice};
})((window.lrscope = window.lrscope || {}));
