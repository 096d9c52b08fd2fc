/* The address of the page says what is seen: written as it changes, read at the start and when going back. */
(function (lrscope) {
  'use strict';
  const {address, numbers, words} = lrscope;
  const {make} = lrscope.dom;
  const SETTLES_MS = 300; // after the last of many small moves
  const WALK_MS = 700; // steps of the focus that follow each other faster are one step back
  const RECORD = 1, MOVE = 2, STEP = 3; // the record's doing, a small move of a person, a step worth going back from
  const MOVES = new Set(['smoothing', 'rules', 'search', 'closed']);

  class Url {
    constructor(store, api, list, notice) {
      this.store = store; this.api = api; this.list = list; this.notice = notice;
      this.timer = 0; this.kind = 0; this.topics = new Set(); this.written = null; this.walked = 0; this.applying = false;
    }

    /** Read the address; what it asks for is put up when the record has come. */
    async begin() {
      const state = await this.read();
      if (state) this.store.opening = () => this.restore(state);
      this.store.on('visible focus baseline view list draft', (detail, topic) => this.changed(topic, detail));
      this.store.on('older', ids => this.ask(ids));
      window.addEventListener('popstate', () => this.back());
    }

    async read() {
      const saved = location.pathname.match(/^\/v\/([^/]+)$/);
      if (!saved) {
        const {state, wrong} = address.read(location.search);
        if (wrong.length) this.tell(`Not understood in this link: ${wrong.join(', ')}. The rest of it is shown.`);
        return state;
      }
      try { return (await this.api.view(saved[1])).state; } catch (problem) {
        this.tell(problem.status === 404 ? `There is no saved view ${saved[1]}: it was deleted, or the link is cut. The newest sweeps are shown.` : problem.message);
        return null;
      }
    }

    // ── from the page to the address ───────────────────────────────────────────────────────────────────────────────

    /** What is seen, as a view that can be kept. */
    now() {
      const {store} = this, {view} = store, draft = store.focus ? store.drafts.get(store.focus) : null;
      return {
        sweeps: store.shown().map(sweep => sweep.id), focus: store.focus, baseline: store.baseline,
        smoothing: view.smoothing, log_loss: view.logLoss, show_all: view.showAll, normalise: view.normalise, align: view.align,
        layout: view.layout, group: view.group, pane: view.pane, ...seen(view), marker: draft && draft.touched ? draft.lr : null,
      };
    }

    /** The address of it, with what is mine: a saved view says no panel, and nothing of the list. */
    query() {
      const {panel, rules} = this.store.view, {search, sort, state, closed, starred, archived} = this.list.options;
      return address.write({...this.now(), panel, rules, search: search.trim(), sort, state, closed: closed.length ? closed : null, starred, archived});
    }

    changed(topic, detail) {
      if (this.applying || !this.store.loaded) return;
      const small = topic === 'draft' || ((topic === 'view' || topic === 'list') && Object.keys(detail).every(name => MOVES.has(name)));
      const kind = detail === 'record' || (topic === 'draft' && detail.source === 'record') ? RECORD : small ? MOVE : STEP;
      this.kind = Math.max(this.kind, kind);
      if (kind === STEP) this.topics.add(topic);
      clearTimeout(this.timer);
      const hurries = this.kind === STEP && !(topic === 'view' && 'zoom' in detail); // a wheel and two fingers zoom in many steps
      this.timer = setTimeout(() => this.commit(), hurries ? 0 : SETTLES_MS);
    }

    commit() {
      const {kind, topics} = this, query = this.query(), saved = location.pathname !== '/';
      this.kind = 0; this.topics = new Set();
      if (query === this.written) return;
      const walking = topics.size === 1 && topics.has('focus') && performance.now() - this.walked < WALK_MS;
      this.written = query;
      if (saved && kind === RECORD) return; // a saved view keeps its short address until a person changes it
      const push = saved || (kind === STEP && !walking);
      if (kind === STEP) this.walked = topics.has('focus') ? performance.now() : 0;
      history[push ? 'pushState' : 'replaceState'](push ? null : history.state, '', `/${query}${location.hash}`);
      this.store.emit('address');
    }

    // ── from the address to the page ───────────────────────────────────────────────────────────────────────────────

    async back() {
      const state = await this.read();
      this.applying = true;
      this.restore(state || {});
      this.store.emit('visible'); this.store.emit('focus', 'record'); this.store.emit('baseline'); this.store.emit('draft', {source: 'record'});
      this.applying = false;
      this.store.emit('address');
    }

    restore(state) {
      const {store} = this, missing = this.missing(state);
      if (state.sweeps) store.visible = new Set(state.sweeps.filter(id => store.sweeps.has(id))); else if (!store.loaded) store.firstView();
      if (state.focus && !missing.includes(state.focus)) { store.focus = state.focus; store.visible.add(state.focus); }
      else if (state.sweeps) store.focus = (store.shown().find(sweep => sweep.steps_done) || store.shown()[0] || {id: null}).id;
      store.baseline = state.baseline && store.sweeps.has(state.baseline) ? state.baseline : null;
      this.mark(state);
      this.look(state);
      this.written = this.query();
      if (missing.length) this.fetch(missing, state);
    }

    missing({sweeps = [], focus, baseline}) {
      return [...new Set([...sweeps, focus, baseline])].filter(id => id && !this.store.sweeps.has(id));
    }

    mark({focus, marker}) {
      const sweep = marker && this.store.sweeps.get(focus || this.store.focus);
      if (sweep) this.store.drafts.set(sweep.id, {lr: numbers.clamp(marker, ...this.store.bounds(sweep)), touched: true, placed: true});
    }

    /** Smoothing, axes, zoom, and what the list shows: what is not said is as ever. */
    look(state) {
      const said = name => (state[name] === undefined || state[name] === null ? address.FIELDS[name].plain : state[name]);
      const x = said('x'), y2 = said('pane_y'), log = said('log_loss'), ends = said('y'), y = ends && !(log && ends[0] <= 0) ? ends : null, drawn = loss => (log ? Math.log10(loss) : loss);
      this.store.setView({
        smoothing: said('smoothing'), logLoss: log, showAll: said('show_all'), normalise: said('normalise'), align: said('align'),
        layout: said('layout'), group: said('group'), pane: said('pane'), panel: said('panel'), rules: said('rules'), zoom: x || y || y2 ? {x: x ? x.map(Math.log10) : undefined, y: y ? y.map(drawn) : undefined, y2: y2 || undefined} : null,
      });
      this.list.set({search: said('search'), sort: said('sort'), state: said('state'), closed: said('closed') || [], starred: said('starred'), archived: said('archived')});
    }

    /** Sweeps that the snapshot has not: older ones come by themselves, unknown ones are told. */
    async fetch(missing, state) {
      const found = await Promise.all(missing.map(id => this.api.sweep(id).catch(() => null)));
      for (const sweep of found.filter(Boolean)) {
        this.store.sweep(sweep);
        if ((state.sweeps || []).includes(sweep.id) || state.focus === sweep.id) this.store.visible.add(sweep.id);
        if (state.baseline === sweep.id) this.store.setBaseline(sweep.id, 'record');
        if (state.focus === sweep.id) { this.mark(state); this.store.setFocus(sweep.id, 'record'); }
      }
      this.store.emit('visible', 'record');
      const unknown = missing.filter((_, i) => !found[i]);
      if (unknown.length) this.tell(`${words.plural(unknown.length, 'sweep')} of this link ${unknown.length === 1 ? 'is' : 'are'} not here, deleted or of another server: ${unknown.join(', ')}.`);
    }

    /** Sweeps too old for the snapshot of a new connection: what became of them meanwhile. */
    async ask(ids) {
      const {store} = this;
      await Promise.all(ids.map(async id => {
        try {
          const sweep = await this.api.sweep(id);
          if (store.sweeps.has(id)) store.sweep(sweep);
        } catch (problem) { if (problem.status === 404) store.deleted(id); }
      }));
    }

    tell(text) {
      const close = make('button', 'btn btn--icon notice__close', [lrscope.dom.icon('close')], {type: 'button', 'aria-label': 'Close this message', onclick: () => { this.notice.hidden = true; }});
      this.notice.replaceChildren(make('p', 'notice__text', text), close);
      this.notice.hidden = false;
    }
  }

  /** The ends of the axes that somebody zoomed, in rates and losses; rates that a sweep can have. */
  function seen({zoom, logLoss}) {
    const rates = zoom && zoom.x ? zoom.x.map(decade => numbers.clamp(10 ** decade, 1e-12, 1e4)) : null, losses = zoom && zoom.y ? zoom.y.map(end => (logLoss ? 10 ** end : end)) : null;
    return {x: rates && rates[0] < rates[1] ? rates : null, y: losses, pane_y: (zoom && zoom.y2) || null};
  }

  lrscope.Url = Url;
})((window.lrscope = window.lrscope || {}));
