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

  const glyph = (label, name, sweep, act) => make('button', 'btn btn--icon', [icon(name)], {type: 'button', title: label, 'aria-label': `${label}: ${sweep.name}`, onclick: act});

  class Queue {
    constructor(body, store, actions) {
      this.body = body; this.store = store; this.actions = actions;
      store.on('workers sweeps', soonEnough(() => { if (this.opened()) this.show(); }));
      setInterval(() => this.ages(), 1000);
    }

    opened() { return this.body.getClientRects().length > 0; }

    open() {
      this.show();
      window.dash_clientside.set_props(DRAWER, {opened: true});
    }

    /** What has the focus keeps it: a redraw is found again by its name, at its sweep where it has one there. */
    show() {
      const sweeps = this.store.stored(), focused = this.body.contains(document.activeElement) ? document.activeElement : null;
      const queued = sweeps.filter(s => s.status === 'queued').sort((a, b) => (a.queue_position || 1e9) - (b.queue_position || 1e9));
      const failed = this.store.newest().filter(s => s.status === 'failed'), waits = differ.waits(sweeps, this.store.workers);
      const retry = failed.length > 1 && button(`Retry all ${failed.length}`, () => this.actions.retry(failed.map(s => s.id)), {look: 'quiet'});
      this.body.replaceChildren(
        ...this.part(lrscope.term('worker', 'Workers'), this.workers()),
        ...this.part(lrscope.term('queued', `Queue${queued.length ? ` (${queued.length})` : ''}`), queued.length ? queued.map((sweep, i) => this.waiting(sweep, i, waits.get(sweep.id))) : [make('li', 'quiet', 'Nothing waits.')]),
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
      const held = worker.running.map(id => this.store.sweeps.get(id)).filter(Boolean), {memory_used_bytes: used, memory_total_bytes: total} = worker;
      return make('li', 'worker', [
        make('div', 'worker__head', [make('span', `worker__dot${worker.connected ? ' is-on' : ''}`), make('span', 'worker__name', `${worker.host} · ${worker.device.label || worker.device.name}`), make('span', 'worker__age', '', {'data-term': 'heard', tabindex: '0', 'data-seen': worker.last_seen, 'data-gone': !worker.connected})]),
        used && total ? make('div', 'worker__memory', [bar(used / total, `Memory of ${worker.host}`), make('span', '', `${gib(used)} of ${gib(total)}`)]) : null,
        ...held.map(sweep => make('div', 'worker__sweep', [
          make('button', 'link', sweep.name, {type: 'button', onclick: () => this.store.setFocus(sweep.id)}), bar(words.share(sweep), `Progress of ${sweep.name}`),
          make('span', '', [words.percent(sweep), sweep.eta_s === null ? '' : `${numbers.duration(sweep.eta_s)} left`].filter(Boolean).join(' · ')),
          glyph('Cancel', 'close', sweep, () => this.actions.cancel([sweep.id])),
        ])),
        held.length ? null : make('p', 'quiet', worker.connected ? 'idle' : 'not connected'),
      ]);
    }

    waiting(sweep, i, wait) {
      const why = sweep.reason ? words.lastLine(sweep.reason) : wait === null || wait === undefined ? '' : wait < 1 ? 'begins any moment' : `begins in about ${numbers.duration(wait)}`;
      return make('li', 'queued', [
        make('span', 'queued__place', String(sweep.queue_position || i + 1)),
        make('div', 'queued__what', [make('button', 'link', sweep.name, {type: 'button', onclick: () => this.store.setFocus(sweep.id)}), make('span', 'queued__why', [`${sweep.recipe} · ${sweep.owner}`, why].filter(Boolean).join(' · '))]),
        ...this.moves(sweep, sweep.queue_position || i + 1), glyph('Cancel', 'close', sweep, () => this.actions.cancel([sweep.id])),
      ], {'data-sweep': sweep.id});
    }

    /** Trainings wait in the same queue without a line here, so its end is the server's. At an end a button keeps the focus. */
    moves(sweep, place) {
      const first = place === 1, last = place >= this.store.queue.queued;
      const move = (to, name, off, by) => make('button', 'btn btn--icon', [icon(name)], {
        type: 'button', title: `Move ${to}`, 'aria-label': `Move ${sweep.name} ${to}`, 'aria-disabled': String(off), onclick: () => { if (!off) this.actions.front(sweep.id, by); },
      });
      return [make('span', 'queued__moves', [move('up', 'up', first, 1), move('down', 'down', last, -1)]), move('to the front', 'front', first)];
    }

    failed(sweep) {
      return make('li', 'queued', [
        make('div', 'queued__what', [make('button', 'link', sweep.name, {type: 'button', onclick: () => this.store.setFocus(sweep.id)}), make('span', 'queued__why is-bad', words.lastLine(sweep.reason))]),
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
