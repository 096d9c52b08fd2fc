/* What a request will cost, who can run it, and what its rungs are, before it is asked for. Pure. */
(function (lrscope) {
  'use strict';
  const {decades, duration, lrAt} = lrscope.numbers;
  const {plural, ended} = lrscope.words;
  const ENOUGH = 5; // steps that make a pace

  /** Milliseconds a step of the newest sweep of this recipe that ran: {ms, name}, or null. */
  function pace(sweeps, recipe) {
    const ran = sweeps.filter(s => s.recipe === recipe && ended(s) && s.started_at && s.finished_at && s.steps_done >= ENOUGH);
    const last = ran.reduce((a, b) => (!a || b.finished_at > a.finished_at ? b : a), null);
    return last && {ms: (Date.parse(last.finished_at) - Date.parse(last.started_at)) / last.steps_done, name: last.name};
  }

  /** The connected workers that would take it. */
  const able = (workers, recipe, device) =>
    workers.filter(w => w.connected && w.recipes.includes(recipe) && (device === 'any' || w.device.kind === device));

  const label = worker => `${worker.host} · ${worker.device.label || worker.device.name}`;

  function takes({recipe, num_iter: steps, seeds}, sweeps, hands) {
    const known = pace(sweeps, recipe);
    if (!known || !(steps > 0)) return '';
    const each = (known.ms * steps) / 1000, rounds = Math.ceil(seeds / Math.max(1, hands.length));
    const text = seconds => (seconds < 1 ? 'Under a second' : `About ${duration(seconds)}`);
    const all = seeds > 1 ? `${text(each * rounds)} for ${seeds} sweeps` : text(each);
    return `${all}, at the pace of “${known.name}”`;
  }

  /** {text, more, starved}: who runs it and how long that takes, in two short lines. */
  function plan(asked, sweeps, workers) {
    const {recipe, device} = asked, hands = able(workers, recipe, device), free = hands.filter(w => !w.running.length);
    if (!recipe) return {text: '', more: '', starved: false};
    if (!hands.length) {
      const here = workers.filter(w => w.connected), offers = here.some(w => w.recipes.includes(recipe));
      const text = !here.length ? 'No worker is connected.' : offers ? `No connected worker offers ${recipe} on ${device}.` : `No connected worker offers ${recipe}.`;
      return {text, more: 'It will wait in the queue until one does.', starved: true};
    }
    const who = hands.length === 1 ? label(hands[0]) : plural(hands.length, 'worker');
    const now = free.length ? (hands.length === 1 ? 'free now' : `${free.length} free now`) : 'busy: it waits its turn';
    return {text: `Runs on ${who}, ${now}`, more: takes(asked, sweeps, hands), starved: false};
  }

  /** How many steps lie in a decade, in words; and what is odd about that. */
  function rungs({start_lr: low, end_lr: high, num_iter: steps, mode}) {
    if (!(high > low) || !(steps >= 2)) return {text: '', odd: ''};
    const wide = decades(low, high), each = steps / wide;
    const round = value => (value < 10 ? String(Number(value.toFixed(1))) : String(Math.round(value)));
    if (mode === 'linear') {
      const last = wide > 1 ? Math.round(steps * (1 - (high / 10 - low) / (high - low))) : steps;
      return {text: `${round(wide)} decades, ${last} of ${steps} steps in the last one`, odd: wide > 2 ? 'Linearly, the low rates get hardly a step. Over decades, take exponentially.' : ''};
    }
    const odd = each < 5 ? `Only ${round(each)} steps in a decade: the curve will be coarse. Take ${Math.ceil((wide * 12) / 10) * 10} or more.` : '';
    return {text: `${round(wide)} decades, ${round(each)} steps in each, one to the next × ${(10 ** (wide / (steps - 1))).toFixed(2)}`, odd};
  }

  /** The rates to draw: every one, or as many as have a pixel. */
  function marks(asked, most) {
    const every = Math.max(1, Math.ceil(asked.num_iter / most)), found = [];
    for (let k = 0; k < asked.num_iter; k += every) found.push(lrAt(asked, k));
    return found;
  }

  const NICE = [1, 2, 5];

  /** The next rate that people write, up (1) or down (-1): 1, 2, 5, 10, … */
  function nice(lr, way) {
    const d = Math.floor(Math.log10(lr)), grid = [];
    for (let e = d - 1; e <= d + 1; e++) for (const m of NICE) grid.push(Number(`${m}e${e}`));
    return way > 0 ? grid.find(value => value > lr * 1.0001) : grid.findLast(value => value < lr * 0.9999);
  }

  /** The nearest of 1, 2, 3, 5 in its decade. */
  function near(lr) {
    const d = Math.floor(Math.log10(lr));
    const grid = [1, 2, 3, 5, 10].map(m => Number(`${m}e${d}`));
    return Number(grid.reduce((a, b) => (Math.abs(Math.log(b / lr)) < Math.abs(Math.log(a / lr)) ? b : a)).toPrecision(2));
  }

  /** "clean" → "clean 2", the first that nobody has. */
  function named(name, taken) {
    const [, stem, n] = /^(.*?)(?: (\d+))?$/.exec(name);
    for (let k = n ? Number(n) + 1 : 2; ; k++) if (!taken.has(`${stem} ${k}`)) return `${stem} ${k}`;
  }

  /** The request that a sweep was, as the form takes it. */
  const requestOf = sweep => ({
    recipe: sweep.recipe, params: sweep.params, start_lr: sweep.start_lr, end_lr: sweep.end_lr, num_iter: sweep.num_iter, mode: sweep.mode,
    seed: sweep.seed, diverge_ratio: sweep.diverge_ratio, stages: sweep.stages, name: sweep.name, tags: sweep.tags, priority: sweep.priority, device: sweep.device_wish,
  });

  /** The line that starts a worker for a device; without `--devices` it takes every GPU there is, else the processor. */
  const worker = (origin, device) => `lrscope worker --server ${origin}${device === 'cpu' ? ' --devices cpu' : ''}`;

  lrscope.plan = {worker, pace, able, plan, rungs, marks, nice, near, named, requestOf};
})((window.lrscope = window.lrscope || {}));
