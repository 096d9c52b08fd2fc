/* What the page says: states, regions, rules and readings in plain words. Pure. */
(function (lrscope) {
  'use strict';
  const {format, decades, duration, lrAt} = lrscope.numbers;

  const REGIONS = {too_low: 'too low', sweet_spot: 'sweet spot', unstable: 'unstable', diverged: 'diverged'};
  const RULES = {
    steepest: 'steepest descent', tenth_of_rise: 'rise / 10', before_rise: 'just before the rise', valley: 'fastai valley', slide: 'fastai slide',
    minimum: 'fastai minimum / 10', steep: 'fastai steep', torch_lr_finder: 'torch-lr-finder', ignite: 'ignite', lightning: 'Lightning 2.6',
    lightning_before: 'Lightning < 2.5.3', ktrain: 'ktrain', neuralprophet: 'NeuralProphet',
  };
  const WITHIN = /[\ud800-\udbff][\udc00-\udfff]|\u200d|.[\ufe00-\ufe0f\u0300-\u036f]/; // no place to cut: inside of one sign
  const ENDED = new Set(['done', 'diverged', 'failed', 'cancelled']);
  const RANK = {running: 0, queued: 1, failed: 2, diverged: 3, done: 3, cancelled: 4};

  const ended = sweep => ENDED.has(sweep.status);
  /** To be mended before anything else: there is hardly a rate to be read of it. */
  const broken = sweep => sweep.status === 'failed' || (sweep.status === 'diverged' && sweep.first_nonfinite_step === 0);
  const share = sweep => Math.min(1, sweep.steps_done / sweep.num_iter);
  const percent = sweep => `${Math.floor(100 * share(sweep))} %`;
  const lastLine = text => (text || '').trim().split('\n').pop();

  /** What stands beside a sweep's name: one or two words, and a second line. */
  function state(sweep) {
    if (sweep.status === 'running') return {main: percent(sweep), more: sweep.eta_s === null ? '' : `${duration(sweep.eta_s)} left`};
    if (sweep.status === 'queued') return {main: 'queued', more: sweep.queue_position ? `#${sweep.queue_position} in line` : ''};
    if (sweep.status === 'diverged') return {main: 'diverged', more: sweep.steps_done ? `ran to ${format(lrAt(sweep, sweep.steps_done - 1))}` : ''};
    if (sweep.status === 'failed') return {main: 'failed', more: sweep.steps_done ? `step ${sweep.steps_done}` : ''};
    if (sweep.status === 'cancelled') return {main: 'cancelled', more: sweep.steps_done ? percent(sweep) : ''};
    return {main: 'done', more: `to ${format(sweep.end_lr)}`};
  }

  /** The line under a sweep's name: why it failed or waits, else what it is. */
  function about(sweep) {
    if (sweep.status === 'failed') return lastLine(sweep.reason) || 'no reason was given';
    if (sweep.status === 'queued' && sweep.reason) return lastLine(sweep.reason);
    return `${sweep.group ? `seed ${sweep.seed} · ` : ''}${sweep.recipe} · ${sweep.owner}`;
  }

  const params = sweep => Object.entries(sweep.params).map(([name, value]) => `${name} ${value}`);

  function confidence(value) {
    if (value >= 0.7) return 'high';
    if (value >= 0.4) return 'fair';
    return value > 0 ? 'low' : 'none';
  }

  /** The region of a reading that a rate lies in, in words; empty outside of all. */
  function region(reading, lr) {
    const found = reading && reading.regions.find((one, i, all) => lr >= one.from && (lr < one.to || i === all.length - 1 && lr <= one.to));
    return found ? REGIONS[found.name] : '';
  }

  const width = (low, high) => {
    const d = decades(low, high);
    return `${d.toFixed(1)} decade${d.toFixed(1) === '1.0' ? '' : 's'}`;
  };

  /** A rate against another, as a factor; a loss against another, as a difference. Empty where one is missing. */
  const times = (lr, base) => (lr && base ? `×${Number((lr / base).toPrecision(2))}` : '');
  const over = (value, base) => (Number.isFinite(value) && Number.isFinite(base) && value !== null && base !== null ? `${value < base ? '−' : '+'}${lrscope.numbers.loss(Math.abs(value - base))}` : '');

  /** A name in two parts, of which only the first may be cut: how runs of one family differ stands at their ends. */
  function parts(name) {
    if (name.length < 16) return [name, ''];
    const from = name.length - 9, cut = name.slice(from).search(/[-_. ]/);
    let at = cut >= 0 && cut < 5 ? from + cut : name.length - 6;
    while (at > 0 && WITHIN.test(name.slice(at - 1, at + 1))) at--;
    return [name.slice(0, at), name.slice(at)];
  }

  const plural = (n, one, many) => `${n} ${n === 1 ? one : many || one + 's'}`;

  lrscope.words = {REGIONS, RULES, RANK, ended, broken, share, percent, lastLine, state, about, params, confidence, region, width, times, over, parts, plural};
})((window.lrscope = window.lrscope || {}));
