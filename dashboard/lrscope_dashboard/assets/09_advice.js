/* What to do about a reason: requests, {label, verb, body, focus}, the likeliest first. Pure. */
(function (lrscope) {
  'use strict';
  const {clamp, format} = lrscope.numbers;
  const LOWEST = 1e-12, HIGHEST = 1e4, LONGEST = 20000;
  const BATCH = /(^|_)batch_?size$/i;

  const higher = (sweep, by) => (sweep.end_lr < HIGHEST ? {end_lr: clamp(sweep.end_lr * by, LOWEST, HIGHEST)} : null);
  const lower = sweep => (sweep.start_lr > LOWEST ? {start_lr: clamp(sweep.start_lr / 100, LOWEST, HIGHEST)} : null);
  const extend = body => body && {label: body.end_lr ? `Go on to ${format(body.end_lr)}` : `Begin at ${format(body.start_lr)}`, verb: 'extend', body, focus: Object.keys(body)[0]};
  const seeds = sweep => (sweep.group ? null : {label: 'Run 3 seeds', verb: 'clone', body: {seeds: [0, 1, 2].map(k => sweep.seed + k)}, focus: 'seeds'});
  const longer = (sweep, by) => {
    const steps = Math.min(LONGEST, Math.max(100, by * sweep.num_iter));
    return steps > sweep.num_iter ? {label: `Run ${steps} steps`, verb: 'clone', body: {num_iter: steps}, focus: 'num_iter'} : null;
  };

  /** Four times the batch has half of the noise. */
  const bigger = sweep => {
    const name = Object.keys(sweep.params).find(one => BATCH.test(one)), size = name ? 4 * Number(sweep.params[name]) : 0;
    return size > 0 ? {label: `Batches of ${size}`, verb: 'clone', body: {params: {...sweep.params, [name]: size}}, focus: `params.${name}`} : null;
  };

  const onwards = (sweep, by) => (sweep.status === 'done' ? extend(higher(sweep, by)) : null);
  const WAYS = {
    no_divergence: sweep => [onwards(sweep, 10)],
    min_at_edge: sweep => [onwards(sweep, 10)],
    no_descent: sweep => [sweep.status === 'done' ? extend(higher(sweep, 100)) : longer(sweep, 3), bigger(sweep)],
    flat_start_missing: sweep => [extend(lower(sweep))],
    already_trained: sweep => [seeds(sweep)],
    noisy: sweep => [seeds(sweep), bigger(sweep)],
    non_monotone: sweep => [seeds(sweep), bigger(sweep)],
    too_few_points: sweep => [sweep.status === 'diverged' ? extend(lower(sweep)) : longer(sweep, 2)],
  };

  /** Empty where there is nothing to do: it runs still, it was measured elsewhere, or its loss never was a number. */
  function advice(code, sweep) {
    const measuredHere = sweep.reason !== 'imported' && ['done', 'diverged'].includes(sweep.status) && sweep.first_nonfinite_step !== 0;
    return measuredHere && WAYS[code] ? WAYS[code](sweep).filter(Boolean) : [];
  }

  lrscope.advice = {advice};
})((window.lrscope = window.lrscope || {}));
