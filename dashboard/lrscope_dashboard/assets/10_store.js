/* Everything the page knows, and who wants to hear of a change. Filled by the feed and by the person; draws nothing. */
(function (lrscope) {
  'use strict';
  const {numbers, smoothing, words} = lrscope;
  const AT_FIRST = 8; // sweeps shown on the plot before anybody chose
  const MEMORY = 'lrscope.visible';

  /** The points of one sweep's present attempt, and the line through them. */
  class Curve {
    constructor(attempt) { this.attempt = attempt; this.lr = []; this.logs = []; this.loss = []; this.series = new Map(); this.cached = this.form = null; }

    /** Takes the points from index `skip` of a frame on; a series that begins late has no numbers before. */
    push({lr, loss, series = {}}, skip) {
      const number = value => (value === null || value === undefined ? NaN : value);
      for (const name of Object.keys(series)) if (!this.series.has(name)) this.series.set(name, new Array(this.lr.length).fill(NaN));
      for (let k = skip; k < lr.length; k++) {
        this.lr.push(lr[k]);
        this.logs.push(Math.log10(lr[k]));
        this.loss.push(number(loss[k]));
        for (const [name, column] of this.series) column.push(number((series[name] || [])[k]));
      }
    }

    /** [{name, value}]: each extra series at its measured point nearest to a rate. */
    beside(lr) {
      const high = this.lr.findLastIndex(one => one <= lr) + 1, low = high - 1;
      const off = k => (k < 0 || k >= this.lr.length ? Infinity : Math.abs(Math.log(this.lr[k] / lr)));
      return [...this.series].map(([name, column]) => {
        let [a, b] = [low, high];
        while (a >= 0 && !Number.isFinite(column[a])) a--;
        while (b < column.length && !Number.isFinite(column[b])) b++;
        const nearest = off(a) <= off(b) ? a : b;
        return {name, value: Number.isFinite(column[nearest]) ? column[nearest] : null};
      });
    }

    line(width) {
      const cached = this.cached;
      if (cached && cached.width === width && cached.count === this.lr.length) return cached.line;
      const known = this.form && this.form.count === this.lr.length ? this.form.shape : null;
      const line = smoothing.line(this.lr, this.loss, width, known);
      this.form = {count: this.lr.length, shape: line.shape};
      line.raw = this.loss; line.width = width;
      line.lowest = smoothing.lowest(line);
      this.cached = {width, count: this.lr.length, line};
      return line;
    }
  }

  class Store {
    constructor() {
      this.sweeps = new Map(); this.trainings = new Map(); this.curves = new Map(); this.workers = []; this.queue = {queued: 0, running: 0};
      this.visible = new Set(); this.focus = null; this.drafts = new Map(); this.readings = new Map(); this.picks = new Map();
      this.connection = {state: 'connecting', lag: null};
      this.view = {smoothing: 0.2, logLoss: false, normalise: false, align: 'lr', showAll: false, layout: 'overlay', group: 'none', pane: null, zoom: null, rules: false, panel: 'plot'};
      this.baseline = null; this.order = null; this.presence = []; this.named = null;
      this.loaded = false; this.expected = null; this.opening = null; this.listeners = new Map();
    }

    on(topics, listener) {
      for (const topic of topics.split(' ')) {
        if (!this.listeners.has(topic)) this.listeners.set(topic, []);
        this.listeners.get(topic).push(listener);
      }
    }

    emit(topic, detail) { for (const listener of this.listeners.get(topic) || []) listener(detail, topic); }

    // ── from the feed ──────────────────────────────────────────────────────────────────────────────────────────────

    /**
     * What it has not is gone. It has the newest only: an older sweep that somebody looks at may have been asked for by
     * a link, and stays until the record is asked for it ('older').
     */
    snapshot({sweeps, trainings = [], workers, queue}) {
      const before = this.sweeps, oldest = sweeps.length ? sweeps[sweeps.length - 1].id : '';
      const older = [...before.keys()].filter(id => id < oldest && (this.visible.has(id) || id === this.focus || id === this.baseline));
      this.sweeps = new Map(sweeps.map(s => [s.id, s]));
      for (const id of older) this.sweeps.set(id, before.get(id));
      for (const id of before.keys()) if (!this.sweeps.has(id)) this.forget(id);
      this.order = null;
      this.trainings = new Map(trainings.map(s => [s.id, s]));
      this.workers = workers; this.queue = queue;
      for (const id of [...this.visible]) if (!this.sweeps.has(id)) this.visible.delete(id);
      if (!this.loaded) (this.opening || (() => this.firstView()))(); else this.newest().forEach(s => before.has(s.id) || this.show(s));
      if (this.focus && !this.sweeps.has(this.focus)) this.focus = null;
      if (this.baseline && !this.sweeps.has(this.baseline)) this.setBaseline(null, 'record');
      this.loaded = true;
      this.meet();
      this.emit('sweeps'); this.emit('workers'); this.emit('visible', 'record'); this.emit('focus', 'record');
      if (older.length) this.emit('older', older);
    }

    sweep(sweep) {
      if (sweep.kind === 'training') return this.training(sweep);
      const before = this.sweeps.get(sweep.id);
      this.sweeps.set(sweep.id, sweep);
      if (!before) this.order = null;
      if (!before && this.show(sweep)) this.emit('visible', 'record');
      if (before && sweep.archived && !before.archived) this.retire(sweep.id);
      this.meet();
      this.emit('sweeps', sweep.id);
      if (!before || before.status !== sweep.status) this.emit('status', {sweep, before});
      if (JSON.stringify(before && before.pick) !== JSON.stringify(sweep.pick)) this.emit('pick', {sweep, before});
    }

    /** In no list; kept until it has ended, since it waits and runs as the others do. */
    training(sweep) {
      if (words.ended(sweep)) this.trainings.delete(sweep.id); else this.trainings.set(sweep.id, sweep);
      this.emit('training', sweep);
    }

    deleted(id) {
      this.trainings.delete(id);
      const sweep = this.sweeps.get(id);
      if (!sweep) return;
      this.sweeps.delete(id);
      this.emit('gone', sweep);
      this.forget(id);
      this.order = null;
      this.emit('sweeps', id);
      this.retire(id);
    }

    forget(id) { for (const map of [this.curves, this.drafts, this.readings, this.picks]) map.delete(id); }

    /** Off the plot, the focus and the comparison: it was archived or deleted. */
    retire(id) {
      const shown = this.visible.delete(id);
      if (this.focus === id) this.setFocus(null, 'record');
      if (this.baseline === id) this.setBaseline(null, 'record');
      if (shown) this.emit('visible', 'record');
    }

    /** Takes what is new of a points frame. False: there is a gap before it, ask again. */
    points(frame) {
      const {sweep, attempt, from, lr} = frame;
      let curve = this.curves.get(sweep);
      if (curve && attempt < curve.attempt) return true;
      if (!curve || attempt > curve.attempt) { curve = new Curve(attempt); this.curves.set(sweep, curve); }
      const skip = curve.lr.length - from;
      if (skip < 0) return false;
      curve.push(frame, skip);
      if (lr.length > skip) this.emit('points', sweep);
      return true;
    }

    /** What to watch, and from where: a reconnected page goes on where it was. */
    cursors() {
      const wanted = new Set(this.visible);
      if (this.focus) wanted.add(this.focus);
      return [...wanted].slice(0, 200).map(id => {
        const curve = this.curves.get(id);
        return curve ? {sweep: id, attempt: curve.attempt, from: curve.lr.length} : {sweep: id, attempt: null, from: 0};
      });
    }

    // ── the person's view ──────────────────────────────────────────────────────────────────────────────────────────

    /** The range tests, newest first, archived ones too; the trainings that confirm a rate stand with the sweep they confirm. */
    stored() {
      if (!this.order) {
        const listed = [...this.sweeps.values()].filter(s => s.kind !== 'training');
        this.order = listed.sort((a, b) => (b.created_at + b.id > a.created_at + a.id ? 1 : -1)).map(s => s.id);
      }
      return this.order.map(id => this.sweeps.get(id));
    }

    newest() { return this.stored().filter(s => !s.archived); }

    shown() { return this.stored().filter(s => this.visible.has(s.id)); }

    focused() { return this.focus ? this.sweeps.get(this.focus) || null : null; }

    firstView() {
      const {ids, since} = this.remembered();
      if (since) ids.map(id => this.sweeps.get(id)).forEach(s => s && !s.archived && this.visible.add(s.id));
      this.newest().forEach(s => s.created_at > since && this.show(s));
      const first = this.shown().find(s => s.steps_done) || this.shown()[0] || null;
      if (first) { this.focus = first.id; this.visible.add(first.id); }
    }

    /** A sweep that came: on the plot while there is room. */
    show(sweep) {
      if (this.visible.size >= AT_FIRST || sweep.archived || sweep.kind === 'training') return false;
      this.visible.add(sweep.id);
      if (!this.focus) this.setFocus(sweep.id, 'record');
      return true;
    }

    toggle(id) {
      if (!this.visible.delete(id)) this.visible.add(id);
      this.remember();
      this.emit('visible');
    }

    /** Only these on the plot; once more brings back what was there before. */
    solo(...ids) {
      const alone = this.visible.size === ids.length && ids.every(id => this.visible.has(id));
      const before = (this.before || this.newest().slice(0, AT_FIRST).map(s => s.id)).filter(id => this.sweeps.has(id));
      this.before = alone ? null : [...this.visible];
      this.visible = new Set(alone ? before : ids);
      this.remember();
      this.emit('visible');
    }

    /** What was on the plot the last time. */
    remembered() {
      try {
        const kept = JSON.parse(localStorage.getItem(MEMORY));
        if (kept && Array.isArray(kept.ids)) return kept;
      } catch (_) { /* nothing kept */ }
      return {ids: [], since: ''};
    }

    /** Exactly these on the plot. */
    display(ids) {
      this.visible = new Set(ids);
      this.remember();
      this.emit('visible');
    }

    remember() {
      const first = this.newest()[0];
      try { localStorage.setItem(MEMORY, JSON.stringify({ids: [...this.visible], since: first ? first.created_at : ''})); } catch (_) { /* private window */ }
    }

    /** `by`: 'record' where no person asked for it; listeners are told. */
    setFocus(id, by) {
      if (this.focus === id) return;
      this.focus = id;
      if (id && !this.visible.has(id)) { this.visible.add(id); this.remember(); this.emit('visible', by); }
      this.emit('focus', by);
    }

    /** What the others are compared with, or null. */
    setBaseline(id, by) { this.baseline = id; this.emit('baseline', by); }

    /** Focus these as soon as the feed has told of them. */
    expect(ids) { this.expected = ids; this.meet(); }

    meet() {
      const id = (this.expected || []).find(wanted => this.sweeps.has(wanted));
      if (!id) return;
      this.expected = null;
      this.setFocus(id);
    }

    setView(change) { Object.assign(this.view, change); this.emit('view', change); }

    setConnection(change) { Object.assign(this.connection, change); this.emit('connection'); }

    /** Whether there is anything of a sweep to read a rate from. */
    begun(sweep = this.focused()) {
      const curve = sweep && this.curves.get(sweep.id);
      return Boolean(sweep && (sweep.steps_done || (curve && curve.lr.length)));
    }

    // ── the rate being chosen for the focused sweep ────────────────────────────────────────────────────────────────

    bounds(sweep = this.focused()) { return sweep ? [sweep.start_lr, sweep.end_lr] : null; }

    /** {lr, touched}: `touched` once a person moved it; from then on nothing else does. */
    draft(sweep = this.focused()) {
      if (!sweep) return null;
      let draft = this.drafts.get(sweep.id);
      if (!draft) {
        const reading = this.readings.get(sweep.id), suggested = words.ended(sweep) && reading && reading.suggestion;
        const middle = numbers.snap(Math.sqrt(sweep.start_lr * sweep.end_lr));
        draft = {lr: sweep.pick ? sweep.pick.lr : suggested ? numbers.snap(suggested) : middle, touched: false, placed: Boolean(sweep.pick || suggested)};
        this.drafts.set(sweep.id, draft);
      }
      return draft;
    }

    /** Move the marker. `source` names who moved it, so that an input does not overwrite itself. */
    choose(lr, source) {
      const draft = this.draft();
      if (!draft) return;
      draft.lr = numbers.clamp(lr, ...this.bounds());
      draft.touched = true;
      this.emit('draft', {source});
    }

    /** An untouched marker goes, once, to what was picked elsewhere or suggested since. */
    place(sweep, lr) {
      const draft = this.drafts.get(sweep.id);
      if (draft && (draft.touched || draft.lr === lr)) return;
      this.drafts.set(sweep.id, {lr, touched: false, placed: true});
      if (this.focus === sweep.id) this.emit('draft', {source: 'record'});
    }

    /** Whether saving would change the record. */
    unsaved(note) {
      const sweep = this.focused();
      if (!sweep) return false;
      return !sweep.pick || sweep.pick.lr !== this.draft(sweep).lr || note.trim() !== '';
    }

    /** [{sweep, loss, above}]: every visible curve at a rate, smoothed; `above`: over its own lowest. */
    at(lr) {
      return this.shown().map(sweep => {
        const curve = this.curves.get(sweep.id), line = curve && curve.line(this.view.smoothing);
        const loss = line ? smoothing.at(line, lr) : null;
        return {sweep, loss, above: loss === null ? null : loss - line.lowest.loss};
      });
    }

    /** Why nothing runs, or null. */
    starved() {
      const waiting = [...this.sweeps.values()].filter(s => s.status === 'queued').length || this.queue.queued;
      return waiting && !this.workers.some(worker => worker.connected) ? waiting : null;
    }
  }

  lrscope.Store = Store;
  lrscope.Curve = Curve;
})((window.lrscope = window.lrscope || {}));
