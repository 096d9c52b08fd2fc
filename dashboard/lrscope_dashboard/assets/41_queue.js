/* The drawer of queue and workers: who waits for what, who runs what, and what can be done about it. */
(function (lrscope) {
  'use strict';
  const {words, numbers, differ} = lrscope;
  const {make, icon, button, soonEnough} = lrscope.dom;
  const DRAWER = 'queue-drawer', FAILED = 8;

  const gib = bytes => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

  /** How long nothing was heard of a worker. */
  function heard(iso, now) {
    const s = Math.max(0, Math.round((now - Date.parse(iso)) / 1000));
    return s < 2 ? 'heard just now' : s < 120 ? `heard ${s} s ago` : `heard ${Math.round(s / 60)} min ago`;
  }

  const trains = sweep => sweep.kind === 'training';
  const about = sweep => (trains(sweep) && sweep.origin ? sweep.origin.sweep : sweep.id); // which sweep of the list
  const called = sweep => (sweep.training ? `at ${numbers.format(sweep.training.lr)}: ${sweep.name}` : sweep.name);
  const place = sweep => sweep.queue_position || 1e9;

  /** What waits, the trainings of one sweep together where the first of them waits. */
  function together(queued) {
    const lines = new Map();
    for (const sweep of queued) {
      const key = trains(sweep) ? `of ${about(sweep)}` : sweep.id;
      if (!lines.has(key)) lines.set(key, []);
      lines.get(key).push(sweep);
    }
    return [...lines.values()];
  }

  const glyph = (label, name, sweep, act) => make('button', 'btn btn--icon', [icon(name)], {type: 'button', title: label, 'aria-label': `${label}: ${sweep.name}`, onclick: act});

  class Queue {
    constructor(body, store, actions) {
      this.body = body; this.store = store; this.actions = actions;
      store.on('workers sweeps training', soonEnough(() => { if (this.opened()) this.show(); }));
      setInterval(() => this.ages(), 1000);
    }

    opened() { return this.body.getClientRects().length > 0; }

    open() {
      this.show();
      window.dash_clientside.set_props(DRAWER, {opened: true});
    }

    /** What has the focus keeps it: a redraw is found again by its name, at its sweep where it has one there. */
    show() {
      const all = [...this.store.stored(), ...this.store.trainings.values()], focused = this.body.contains(document.activeElement) ? document.activeElement : null;
      const queued = all.filter(s => s.status === 'queued').sort((a, b) => place(a) - place(b)), waits = differ.waits(all, this.store.workers);
      const failed = this.store.newest().filter(s => s.status === 'failed'), lines = together(queued);
      const retry = failed.length > 1 && button(`Retry all ${failed.length}`, () => this.actions.retry(failed.map(s => s.id)), {look: 'quiet'});
      this.body.replaceChildren(
        ...this.part(lrscope.term('worker', 'Workers'), this.workers()),
        ...this.part(lrscope.term('queued', `Queue${queued.length ? ` (${queued.length})` : ''}`), lines.length ? lines.map(([first, ...more]) => this.waiting(first, more.length + 1, waits.get(first.id))) : [make('li', 'quiet', 'Nothing waits.')]),
        ...(failed.length ? this.part(`Failed (${failed.length})`, failed.slice(0, FAILED).map(sweep => this.failed(sweep)), retry) : []),
      );
      this.age();
      if (focused) this.refocus(focused);
    }

    refocus(was) {
      const named = `[aria-label="${CSS.escape(was.getAttribute('aria-label') || '')}"]`, line = was.closest('[data-sweep]');
      const node = (line && this.body.querySelector(`[data-sweep="${line.dataset.sweep}"] ${named}`)) || this.body.querySelector(named);
      if (node) node.focus();
    }

    part(title, items, extra) { return [make('div', 'queue__head', [make('h3', 'form__title', [title]), extra]), make('ul', 'queue__list', items)]; }

    workers() {
      const {workers} = this.store;
      if (workers.length) return workers.map(worker => this.worker(worker));
      return [make('li', '', [
        make('p', 'quiet', 'No worker is connected, so nothing runs. Start one on a machine with the recipes:'),
        make('div', 'command', [make('code', '', `lrscope worker --server ${location.origin}`), make('button', 'btn btn--icon', [icon('copy')], {type: 'button', title: 'Copy', 'aria-label': 'Copy the command', 'data-copy': 'previous'})]),
      ])];
    }

    worker(worker) {
      const {sweeps, trainings} = this.store, held = worker.running.map(id => sweeps.get(id) || trainings.get(id)).filter(Boolean), {memory_used_bytes: used, memory_total_bytes: total} = worker;
      return make('li', 'worker', [
        make('div', 'worker__head', [make('span', `worker__dot${worker.connected ? ' is-on' : ''}`), make('span', 'worker__name', `${worker.host} · ${worker.device.label || worker.device.name}`), make('span', 'worker__age', '', {'data-term': 'heard', tabindex: '0', 'data-seen': worker.last_seen, 'data-gone': !worker.connected})]),
        used && total ? make('div', 'worker__memory', [bar(used / total, `Memory of ${worker.host}`), make('span', '', `${gib(used)} of ${gib(total)}`)]) : null,
        ...held.map(sweep => make('div', 'worker__sweep', [
          this.link(sweep, called(sweep)), bar(words.share(sweep), `Progress of ${sweep.name}`),
          make('span', '', [words.percent(sweep), sweep.eta_s === null ? '' : `${numbers.duration(sweep.eta_s)} left`].filter(Boolean).join(' · ')),
          glyph('Cancel', 'close', sweep, () => this.actions.cancel([sweep.id])),
        ])),
        held.length ? null : make('p', 'quiet', !worker.connected ? 'not connected' : worker.running.length ? 'runs a sweep' : 'idle'),
      ]);
    }

    /** Its name, with which it comes into focus, where it is listed. */
    link(sweep, text) {
      const id = about(sweep);
      return this.store.sweeps.has(id) ? make('button', 'link', text, {type: 'button', onclick: () => this.store.setFocus(id)}) : make('span', '', text);
    }

    /** One sweep, or the trainings of one, which are stopped together. */
    waiting(sweep, count, wait) {
      const why = sweep.reason ? words.lastLine(sweep.reason) : wait === null || wait === undefined ? '' : wait < 1 ? 'begins any moment' : `begins in about ${numbers.duration(wait)}`;
      const what = trains(sweep) ? words.plural(count, 'training') : sweep.recipe;
      return make('li', 'queued', [
        make('span', 'queued__place', String(sweep.queue_position || '')),
        make('div', 'queued__what', [this.link(sweep, trains(sweep) ? `Confirm ${sweep.name}` : sweep.name), make('span', 'queued__why', [what, sweep.owner, why].filter(Boolean).join(' · '))]),
        ...(trains(sweep)
          ? [glyph('Stop confirming', 'close', sweep, () => this.actions.stopConfirming(about(sweep)))]
          : [...this.moves(sweep), glyph('Cancel', 'close', sweep, () => this.actions.cancel([sweep.id]))]),
      ], {'data-sweep': about(sweep)});
    }

    /** Many trainings share a line here, so the end of the queue is the server's. At an end a button keeps the focus. */
    moves(sweep) {
      const first = sweep.queue_position === 1, last = place(sweep) >= this.store.queue.queued;
      const move = (to, name, off, by) => make('button', 'btn btn--icon', [icon(name)], {
        type: 'button', title: `Move ${to}`, 'aria-label': `Move ${sweep.name} ${to}`, 'aria-disabled': String(off), onclick: () => { if (!off) this.actions.front(sweep.id, by); },
      });
      return [make('span', 'queued__moves', [move('up', 'up', first, 1), move('down', 'down', last, -1)]), move('to the front', 'front', first)];
    }

    failed(sweep) {
      return make('li', 'queued', [
        make('div', 'queued__what', [this.link(sweep, sweep.name), make('span', 'queued__why is-bad', words.lastLine(sweep.reason))]),
        make('button', 'btn', 'Retry', {type: 'button', 'aria-label': `Retry ${sweep.name}`, onclick: () => this.actions.retry([sweep.id])}),
      ]);
    }

    /** Of heartbeats, each second. */
    ages() { if (this.opened()) this.age(); }

    age() {
      for (const node of this.body.querySelectorAll('[data-seen]')) lrscope.dom.say(node, heard(node.dataset.seen, Date.now()));
    }
  }

  function bar(share, label) {
    const filled = make('div', 'progress__bar');
    filled.style.transform = `scaleX(${share})`;
    return make('div', 'progress', [filled], {role: 'progressbar', 'aria-label': label, 'aria-valuenow': Math.round(100 * share), 'aria-valuemin': 0, 'aria-valuemax': 100});
  }

  lrscope.Queue = Queue;
})((window.lrscope = window.lrscope || {}));
