/* Readings and pick histories: fetched when they are wanted and old, at most one a second for each sweep; the focused one's first. */
(function (lrscope) {
  'use strict';
  const EVERY_MS = 1000;
  /** When the page has nothing better to do. @type {(action: () => void) => void} */
  const idle = window.requestIdleCallback ? action => window.requestIdleCallback(action, {timeout: 2 * EVERY_MS}) : action => setTimeout(action, EVERY_MS / 4);

  class Readings {
    constructor(store, api) {
      this.store = store; this.api = api; this.asked = new Map(); this.timers = new Map();
      store.on('focus visible', () => this.all());
      store.on('points', id => { if (id === store.focus) this.want(id); });
      store.on('status', ({sweep}) => { if (sweep.id === store.focus || store.visible.has(sweep.id)) this.want(sweep.id); });
      store.on('focus', () => this.history());
      store.on('pick', ({sweep}) => {
        if (sweep.pick && store.drafts.has(sweep.id)) this.follow(sweep);
        if (sweep.id === store.focus) this.history();
      });
    }

    /** The focused sweep's, and those of the visible ones that have ended: the list shows their suggestions. */
    all() {
      if (this.store.focus) this.want(this.store.focus);
      for (const sweep of this.store.shown()) if (lrscope.words.ended(sweep)) this.want(sweep.id);
    }

    key(sweep) {
      const curve = this.store.curves.get(sweep.id);
      return lrscope.words.ended(sweep) ? `${sweep.attempt} ${sweep.status}` : `${sweep.attempt} ${curve ? curve.lr.length : 0}`;
    }

    want(id) {
      const sweep = this.store.sweeps.get(id);
      if (!sweep || !sweep.steps_done && !this.store.curves.has(id)) return;
      const last = this.asked.get(id) || {key: '', at: 0}, wait = last.at + EVERY_MS - Date.now();
      if (last.key === this.key(sweep) || this.timers.has(id)) return;
      const ask = () => { this.timers.delete(id); this.fetch(id); };
      this.timers.set(id, setTimeout(id === this.store.focus ? ask : () => idle(ask), Math.max(0, wait)));
    }

    async fetch(id) {
      const sweep = this.store.sweeps.get(id);
      if (!sweep) return;
      this.asked.set(id, {key: this.key(sweep), at: Date.now()});
      const reading = await this.api.reading(id, Boolean(sweep.group)).catch(() => null);
      if (!reading || !this.store.sweeps.has(id)) { this.asked.delete(id); return; }
      this.store.readings.set(id, reading);
      const draft = this.store.drafts.get(id);
      if (reading.suggestion && draft && !draft.placed && lrscope.words.ended(this.store.sweeps.get(id))) this.store.place(sweep, lrscope.numbers.snap(reading.suggestion));
      this.store.emit('reading', id);
      this.want(id);
    }

    follow(sweep) { this.store.place(sweep, sweep.pick.lr); }

    async history() {
      const id = this.store.focus;
      if (!id) return;
      const picks = await this.api.picks(id).catch(() => null);
      if (!picks || !this.store.sweeps.has(id)) return;
      this.store.picks.set(id, picks);
      this.store.emit('history', id);
    }
  }

  lrscope.Readings = Readings;
})((window.lrscope = window.lrscope || {}));
