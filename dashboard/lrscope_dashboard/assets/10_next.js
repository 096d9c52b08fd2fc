/* What stands between a sweep and its reading, and what to do about it: {text, more, look, acts, command}. Pure. */
(function (lrscope) {
  'use strict';
  const {duration, format, lrAt} = lrscope.numbers;
  const {plural} = lrscope.words;
  const ENOUGH = 10; // finite points that a reading wants: MIN_POINTS of core/lrscope/reading.py

  const said = (text, more = '', acts = [], rest = {}) => ({text, more, acts, look: '', command: '', first: '', ...rest});

  /** Who is there to run it, and when that will be; or the line that brings a worker. */
  function queued(sweep, {workers, waits, origin}) {
    const {text, starved} = lrscope.plan.plan({recipe: sweep.recipe, device: sweep.device_wish || 'any', num_iter: sweep.num_iter, seeds: 1}, [], workers);
    const place = sweep.queue_position ? `Number ${sweep.queue_position} in the queue` : 'In the queue', front = sweep.queue_position > 1 ? ['front'] : [];
    if (starved) {
      const where = sweep.device_wish === 'cuda' ? 'on a machine with an NVIDIA GPU' : 'on any machine';
      return said(text, `${place}. Start a worker that offers ${sweep.recipe} ${where}, and it runs:`, front, {look: 'warn', command: lrscope.plan.worker(origin, sweep.device_wish)});
    }
    const when = waits === null || waits === undefined ? '' : waits < 1 ? '; begins any moment' : `; begins in about ${duration(waits)}`;
    return said(`${place}${when}.`, sweep.reason ? sentence(lrscope.words.lastLine(sweep.reason)) : `${text}.`, front);
  }

  function failed(sweep) {
    const {why, focus} = lrscope.fix(sweep);
    return said('It failed, and nothing was read.', why || 'What was raised and what it printed before is one click away.', ['mend', 'error', 'retry'], {look: 'bad', first: focus ? 'mend' : 'error'});
  }

  function cancelled(sweep, points) {
    if (!points) return said('It was cancelled before its first step.', '', ['retry']);
    const at = format(lrAt(sweep, points - 1));
    return said(`It was cancelled after ${points} of ${sweep.num_iter} steps, at ${at}.`, points < ENOUGH ? `A reading wants ${ENOUGH} points.` : 'What it measured stays and is read below.', ['onwards', 'retry']);
  }

  function never(sweep) {
    const {why, focus} = lrscope.fix(sweep), acts = focus ? ['mend', 'printed'] : ['printed'];
    return said('Its loss was not a number from the first step on.', why, acts, {look: 'bad', first: acts[0]});
  }

  const sentence = text => `${text[0].toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;

  /** Null where nothing stands in the way. `points`: how many of them are finite. */
  function next(sweep, about) {
    const {points} = about, more = ENOUGH - points;
    if (sweep.status === 'queued') return queued(sweep, about);
    if (sweep.status === 'failed') return failed(sweep);
    if (sweep.status === 'cancelled') return cancelled(sweep, points);
    if (sweep.first_nonfinite_step === 0) return never(sweep);
    if (sweep.status === 'running' && more > 0) return said(points ? `${plural(points, 'point')} so far.` : 'It runs; its first point is on the way.', `The curve is read from ${ENOUGH} points on.`);
    return null;
  }

  lrscope.next = next;
})((window.lrscope = window.lrscope || {}));
