/* "How to read this plot": a guide over the page that comes only when asked for, by a link, or by #learn in the address. */
(function (lrscope) {
  'use strict';
  const {make, icon, button} = lrscope.dom;
  const HOME = '#learn', WORDS = 'words';

  /** The step that an address asks for: "#learn/pick" -> "pick", "#learn" -> "start"; null where it asks for none. */
  const asked = hash => { const found = /^#learn(?:\/([a-z]+))?$/.exec(hash); return found && (found[1] || lrscope.steps[0].id); };
  const hashOf = id => (id === lrscope.steps[0].id ? HOME : `${HOME}/${id}`);

  class Learn {
    /** `demo`, `sweep`: what the last step offers. */
    constructor({demo, sweep}) {
      this.offers = {demo, sweep}; this.at = 0; this.left = null;
      this.build();
      document.addEventListener('click', event => this.clicked(event));
      window.addEventListener('popstate', event => this.moved(event));
      this.arrive();
    }

    // ── the dialog ─────────────────────────────────────────────────────────────────────────────────────────────────

    build() {
      this.stage = make('div', 'learn__figure');
      this.figure = new lrscope.Figure(this.stage);
      this.title = make('h3', 'learn__heading', '', {tabindex: '-1'});
      this.text = make('p', 'learn__text');
      this.more = make('div', 'learn__more');
      this.said = make('div', 'learn__said', [this.title, this.text, this.more], {'aria-live': 'polite'});
      this.dots = lrscope.steps.map((step, i) => make('button', 'learn__dot', null, {type: 'button', 'aria-label': `Step ${i + 1}: ${step.title}`, title: step.title, onclick: () => this.show(i)}));
      this.back = make('button', 'btn', 'Back', {type: 'button', onclick: () => this.show(this.at - 1)});
      this.next = make('button', 'btn btn--primary', 'Next', {type: 'button', onclick: () => (this.at === lrscope.steps.length - 1 ? this.close() : this.show(this.at + 1))});
      this.guide = make('div', 'learn__guide', [this.stage, this.said, make('div', 'learn__foot', [this.back, make('div', 'learn__dots', this.dots, {role: 'group', 'aria-label': 'Steps'}), this.next])]);
      this.words = make('div', 'learn__words', [words()], {tabindex: '0', role: 'region', 'aria-label': 'Words'});
      this.turn = make('button', 'btn btn--quiet', 'Words', {type: 'button', 'aria-pressed': 'false', onclick: () => (this.words.hidden ? this.list() : this.show(this.at))});
      const close = make('button', 'btn btn--icon', [icon('close')], {type: 'button', 'aria-label': 'Close', title: 'Close (Esc)', onclick: () => this.close()});
      this.node = make('dialog', 'learn', [make('div', 'learn__head', [make('h2', 'learn__title', 'How to read this plot', {id: 'learn-title'}), this.turn, close]), this.guide, this.words], {'aria-labelledby': 'learn-title'});
      this.node.addEventListener('cancel', event => { event.preventDefault(); this.close(); });
      this.node.addEventListener('click', event => { if (event.target === this.node) this.close(); });
      this.node.addEventListener('keydown', event => this.key(event));
      document.body.append(this.node);
    }

    key(event) {
      if (event.ctrlKey || event.metaKey || event.altKey || !this.words.hidden || event.target.closest('input')) return;
      const last = lrscope.steps.length - 1, to = {ArrowRight: this.at + 1, ArrowLeft: this.at - 1, PageDown: this.at + 1, PageUp: this.at - 1, Home: 0, End: last}[event.key];
      if (to === undefined) return;
      event.preventDefault();
      this.show(to);
    }

    show(i) {
      this.at = lrscope.numbers.clamp(i, 0, lrscope.steps.length - 1);
      const step = lrscope.steps[this.at], held = /** @type {any} */ (document.activeElement);
      this.pane(true);
      this.title.textContent = step.title;
      this.text.textContent = step.text || '';
      this.text.hidden = !step.text;
      this.dots.forEach((dot, k) => dot.setAttribute('aria-current', k === this.at ? 'step' : 'false'));
      this.back.disabled = this.at === 0;
      this.next.textContent = step.last ? 'Close' : 'Next';
      this.stage.querySelector('.probe')?.remove();
      this.more.replaceChildren(...this.extra(step));
      this.figure.show(step.scene);
      if (this.probe) this.probe.paint();
      if (this.node.open && (!held || held === document.body || held.disabled || !held.isConnected)) this.title.focus({preventScroll: true});
      this.keep(step.id);
    }

    extra(step) {
      this.probe = null;
      if (step.probe) return this.trying(step.probe);
      if (step.smooth) return [this.smoothing(step)];
      if (step.mistakes) return [this.mistakes(step.mistakes)];
      if (!step.last) return [];
      const go = act => () => { this.close(); act(); };
      return [make('div', 'learn__offers', [button('Start with the demo', go(this.offers.demo), {glyph: 'play'}), button('New sweep', go(this.offers.sweep), {glyph: 'plus'})])];
    }

    /** The marker to be tried, and what it is worth where it stands. */
    trying(curve) {
      const told = make('p', 'learn__verdict', '', {role: 'status'});
      this.probe = new lrscope.Probe(this.figure, curve, (region, text) => { told.dataset.region = region; lrscope.dom.say(told, text); });
      this.stage.append(this.probe.node);
      return [told];
    }

    smoothing(step) {
      const said = make('output', 'learn__width'), input = make('input', 'smoothing__slider', null, {type: 'range', min: 0, max: 0.6, step: 0.02, value: 0.2, 'aria-label': 'Smoothing of this curve, in decades'});
      const tell = () => {
        const width = Number(input.value), curve = width > 0 ? lrscope.parts.curve(lrscope.lessons.noisy, width) : step.smooth;
        input.style.setProperty('--share', `${(100 * width) / 0.6}%`);
        said.textContent = width > 0 ? `${width.toFixed(2)} decades` : 'off';
        input.setAttribute('aria-valuetext', said.textContent);
        return {...step.scene, curves: [{...step.scene.curves[0], curve, line: width > 0}]};
      };
      input.addEventListener('input', () => this.figure.show(tell()));
      tell();
      return make('label', 'learn__smoothing', [make('span', '', 'Try the smoothing'), input, said]);
    }

    mistakes(all) {
      return make('ul', 'learn__mistakes', all.map(({title, text, scene}, i) => {
        const details = make('details', 'mistake', [make('summary', 'mistake__title', title), make('p', 'mistake__text', text)], {name: 'mistake', open: i === 0});
        details.addEventListener('toggle', () => { if (details.open) this.figure.show(scene); });
        return make('li', '', [details]);
      }));
    }

    list() {
      this.pane(false);
      this.turn.focus({preventScroll: true});
      this.keep(WORDS);
    }

    pane(guide) {
      this.guide.hidden = !guide;
      this.words.hidden = guide;
      this.turn.setAttribute('aria-pressed', String(!guide));
    }

    // ── opened and closed ──────────────────────────────────────────────────────────────────────────────────────────

    clicked(event) {
      const link = event.target.closest('a[href^="#learn"]');
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      this.open(asked(link.getAttribute('href')));
    }

    /** Open at a step, as one step of the browser's history. */
    open(id) {
      window.dash_clientside.set_props('help-modal', {opened: false});
      if (!asked(location.hash)) history.pushState({learn: true}, '', this.address(hashOf(id)));
      this.appear(id);
    }

    appear(id) {
      this.from = this.node.open ? this.from : document.activeElement;
      if (!this.node.open) this.node.showModal();
      if (id === WORDS) this.list(); else { this.show(Math.max(0, lrscope.steps.findIndex(step => step.id === id))); this.title.focus({preventScroll: true}); }
    }

    vanish() {
      if (!this.node.open) return;
      this.node.close();
      const {from} = this, there = from && from.isConnected && from !== document.body && from.getClientRects().length;
      (there ? from : document.getElementById('help')).focus({preventScroll: true});
    }

    close() {
      this.vanish();
      if (!asked(location.hash)) return;
      if (history.state && history.state.learn) { this.left = location.search; history.back(); } else history.replaceState(null, '', this.address(''));
    }

    // ── the address ────────────────────────────────────────────────────────────────────────────────────────────────

    address(hash) { return `${location.pathname}${location.search}${hash}`; }

    keep(id) { if (asked(location.hash) && asked(location.hash) !== id) history.replaceState(history.state, '', this.address(hashOf(id))); }

    /** ?learn in an address that was given out is #learn from here on. */
    arrive() {
      const query = new URLSearchParams(location.search);
      if (query.has('learn')) {
        const id = query.get('learn');
        query.delete('learn');
        const rest = query.toString().replaceAll('%2C', ',');
        history.replaceState(null, '', `${location.pathname}${rest && `?${rest}`}${hashOf(id && asked(`${HOME}/${id}`) || lrscope.steps[0].id)}`);
      }
      const id = asked(location.hash);
      if (id) this.appear(id);
    }

    /** Back and forward. What was seen while the guide stood open is what is seen when it has closed. */
    moved(event) {
      if (this.left !== null) {
        event.stopImmediatePropagation();
        history.replaceState(history.state, '', `${location.pathname}${this.left}`);
        this.left = null;
        return;
      }
      const id = asked(location.hash);
      if (id) this.appear(id); else this.vanish();
    }
  }

  /** Every term, in the order of the alphabet. */
  function words() {
    const sorted = Object.values(lrscope.terms).sort(([a], [b]) => a.localeCompare(b, 'en', {sensitivity: 'base'}));
    return make('dl', 'words', sorted.map(([name, text, source]) => make('div', 'words__one', [make('dt', '', name), make('dd', '', [make('span', '', text), source && make('span', 'words__source', source)])])));
  }

  lrscope.Learn = Learn;
})((window.lrscope = window.lrscope || {}));
