/* Every visible curve at the marker, as it moves. What a move changes is computed from the drawn lines and written only where it differs. */
(function (lrscope) {
  'use strict';
  const {numbers, words} = lrscope;
  const {met} = lrscope.met;
  const {make, say, sayName, eachFrame} = lrscope.dom;
  const ROW_PX = matchMedia('(pointer: coarse)').matches ? 40 : 24, NEAR = 6; // rows kept ready above and below those in view

  const HERE = 0.05; // decades
  const way = decades => (decades === null ? '–' : Math.abs(decades) < HERE ? 'here' : `${decades < 0 ? '−' : '+'}${Math.abs(decades).toFixed(1)}`);
  const tilt = slope => (slope !== null && Math.abs(slope) < 10 ? numbers.signed(Number(slope.toFixed(2))) : numbers.signed(slope));
  const above = loss => (loss !== null && Math.abs(loss) < 10 && Math.abs(loss) >= 1e-3 ? numbers.signed(Number(loss.toFixed(3)), 4) : numbers.signed(loss));
  const past = decades => (decades === null ? '–' : decades <= 0 ? 'past' : decades.toFixed(decades < 10 ? 1 : 0));

  /** name, what the head says, the term that explains it, the text of a value; `sorts` by its number where a head is pressed. */
  const COLUMNS = [
    {name: 'loss', head: 'loss', term: 'loss', text: numbers.loss},
    {name: 'slope', head: 'slope', term: 'slope', text: tilt},
    {name: 'toLowest', head: 'to low', term: 'to_low', text: way},
    {name: 'toBlowup', head: 'to rise', term: 'to_rise', text: past},
    {name: 'delta', head: 'vs base', term: 'baseline', text: above},
  ];

  class Readout {
    constructor(node, store, chart) {
      this.node = node; this.store = store; this.chart = chart; this.rows = new Map(); this.order = []; this.by = ''; this.first = 0; this.seen = 0; this.drawn = 0;
      this.title = make('h3', 'block__title', 'At this rate');
      this.region = make('span', 'region', '', {tabindex: '0'});
      this.heads = COLUMNS.map(column => make('th', 'num', [make('button', 'readout__sort', column.head, {type: 'button', 'data-term': column.term, onclick: () => this.sort(column.name)})], {role: 'columnheader'}));
      this.body = make('tbody', '', [], {role: 'rowgroup'});
      this.table = make('table', 'readout', [
        make('caption', 'sr-only', 'Every visible sweep at the marker: loss, slope in loss per decade, decades to its lowest loss and to its blow-up, and the loss above the baseline’s'),
        make('thead', '', [make('tr', '', [make('th', '', 'Sweep', {role: 'columnheader'}), ...this.heads], {role: 'row', 'aria-rowindex': '1'})], {role: 'rowgroup'}),
        this.body,
      ], {role: 'table'}); // its rows are laid out each by itself, so that a move lays out no table: what they are must be said
      this.scroll = make('div', 'readout__scroll', [this.table], {tabindex: '0', role: 'region', 'aria-label': 'Sweeps at the marker'});
      this.scroll.addEventListener('scroll', () => this.scrolled());
      this.body.addEventListener('focusin', () => this.scrolled()); // keys may be faster than the event
      new ResizeObserver(([{contentRect}]) => { this.seen = Math.ceil(contentRect.height / ROW_PX); this.stand(); this.soon(); }).observe(this.scroll);
      this.none = make('p', 'quiet', '');
      this.beside = make('dl', 'beside');
      node.replaceChildren(make('div', 'readout__head', [this.title, this.region]), this.scroll, this.beside, this.none);
      this.soon = eachFrame(() => this.paint());
      chart.onPaint(() => this.paint(true));
      store.on('draft reading', this.soon);
      const anew = () => { this.arrange(); this.paint(true); };
      store.on('focus visible scheme baseline', anew);
      store.on('sweeps', eachFrame(anew));
      store.on('settled', () => { this.paint(true); if (this.by) this.arrange(); });
      this.arrange();
    }

    // ── which rows, in which order ─────────────────────────────────────────────────────────────────────────────────

    /** The focused sweep, the baseline, then by the number asked for or as the list has them; what has no points comes last. */
    arrange() {
      const {focus, baseline} = this.store, rank = sweep => (sweep.id === focus ? 0 : sweep.id === baseline ? 1 : this.line(sweep.id) ? 2 : 3);
      const shown = this.store.shown(), value = sweep => { const row = this.rows.get(sweep.id), found = row && row.now[this.by]; return found === null || found === undefined ? Infinity : found; };
      const sorted = shown.map((sweep, i) => ({sweep, i})).sort((a, b) => rank(a.sweep) - rank(b.sweep) || this.by && value(a.sweep) - value(b.sweep) || a.i - b.i);
      this.order = sorted.map(({sweep}) => this.row(sweep));
      const kept = new Set(this.order.map(row => row.id));
      for (const [id, row] of this.rows) if (!kept.has(id)) { row.node.remove(); this.rows.delete(id); }
      this.stand();
      const compared = this.order.some(row => row.id === baseline);
      this.table.classList.toggle('is-compared', compared);
      for (const cell of [this.heads[4], ...this.order.map(row => row.cells[4])]) cell.hidden = !compared;
    }

    /** Only the rows in view and near it are in the page: each other one would cost every frame something. */
    stand() {
      const {order, body, first, seen} = this, from = Math.max(0, Math.min(first, order.length - seen) - NEAR), near = order.slice(from, first + seen + NEAR);
      const kept = new Set(near.map(row => row.node));
      for (const node of [...body.children]) if (!kept.has(node)) node.remove();
      near.forEach(({node}, i) => { if (body.children[i] !== node) body.insertBefore(node, body.children[i] || null); });
      near.forEach(({node}, i) => node.setAttribute('aria-rowindex', String(from + i + 2)));
      this.table.setAttribute('aria-rowcount', String(order.length + 1));
      body.style.padding = `${from * ROW_PX}px 0 ${(order.length - from - near.length) * ROW_PX}px`;
    }

    scrolled() {
      this.first = Math.floor(this.scroll.scrollTop / ROW_PX);
      this.stand();
      this.soon();
    }

    sort(name) {
      this.by = this.by === name ? '' : name;
      this.heads.forEach((head, i) => head.setAttribute('aria-sort', COLUMNS[i].name === this.by ? 'ascending' : 'none'));
      this.arrange();
    }

    row(sweep) {
      let row = this.rows.get(sweep.id);
      if (!row) {
        const chip = make('span', 'chip'), name = make('button', 'readout__name', '', {type: 'button', onclick: () => this.store.setFocus(sweep.id)});
        const cells = COLUMNS.map(() => make('td', 'num', '', {role: 'cell'}));
        row = {id: sweep.id, chip, name, cells, said: COLUMNS.map(() => ''), now: {}, node: make('tr', '', [make('th', '', [make('div', 'readout__who', [chip, name])], {role: 'rowheader'}), ...cells], {role: 'row'})};
        row.node.addEventListener('click', () => this.store.setFocus(sweep.id));
        this.rows.set(sweep.id, row);
      }
      row.chip.style.setProperty('--c', this.chart.color(sweep));
      sayName(row.name, lrscope.called(sweep));
      row.name.title = lrscope.called(sweep);
      row.node.classList.toggle('is-focus', sweep.id === this.store.focus);
      row.node.classList.toggle('is-base', sweep.id === this.store.baseline);
      return row;
    }

    // ── what they say ──────────────────────────────────────────────────────────────────────────────────────────────

    /** While the marker moves only the rows in view are written: the others wait until it rests, or they are scrolled to. */
    paint(all = false) {
      const {store} = this, draft = store.begun() ? store.draft() : null;
      this.node.hidden = !draft;
      if (!draft) return;
      const {lr} = draft, region = words.region(store.readings.get(store.focus), lr);
      say(this.title, `At ${numbers.format(lr)}`);
      say(this.region, region);
      if (this.region.dataset.region !== region) { this.region.dataset.region = region; this.region.dataset.term = region.replace(' ', '_'); }
      const base = this.line(store.baseline), at = base && lrscope.smoothing.at(base, lr);
      if (all) this.joined();
      for (const row of all ? this.order : this.order.slice(this.first, this.first + this.seen)) this.write(row, lr, at);
      this.scroll.hidden = !this.order.length;
      this.paintBeside(lr);
      say(this.none, this.order.length ? '' : 'No sweep is shown on the plot.');
    }

    /** A curve whose first point came takes its place among those that have some. */
    joined() {
      const drawn = this.order.filter(row => this.line(row.id)).length;
      if (drawn === this.drawn) return;
      this.drawn = drawn;
      this.arrange();
    }

    line(id) {
      const curve = this.store.curves.get(id);
      return curve && curve.lr.length ? curve.line(this.store.view.smoothing) : null;
    }

    write(row, lr, base) {
      const line = this.line(row.id), reading = this.store.readings.get(row.id);
      const now = line ? met(line, lr, reading && reading.diverges_at) : {loss: null, slope: null, toLowest: null, toBlowup: null};
      now.delta = row.id === this.store.baseline || now.loss === null || typeof base !== 'number' ? null : now.loss - base;
      row.now = now;
      COLUMNS.forEach(({name, text}, i) => {
        const said = name === 'delta' && row.id === this.store.baseline ? 'base' : text(now[name]);
        if (row.said[i] === said) return;
        row.said[i] = said;
        say(row.cells[i], said);
        if (name === 'toBlowup') row.cells[i].classList.toggle('is-bad', said === 'past');
      });
    }

    /** What the focused sweep recorded beside its loss, at the nearest measured point. */
    paintBeside(lr) {
      const curve = this.store.curves.get(this.store.focus), found = curve && curve.series.size ? curve.beside(lr) : [];
      this.beside.hidden = !found.length;
      while (this.beside.childElementCount > found.length) this.beside.lastChild.remove();
      found.forEach(({name, value}, i) => {
        const item = this.beside.children[i] || this.beside.appendChild(make('div', 'beside__item', [make('dt'), make('dd', 'num')]));
        say(item.firstChild, name === 'val_loss' ? 'val_loss (dotted)' : name);
        say(item.lastChild, value === null ? '–' : numbers.loss(value));
      });
    }
  }

  lrscope.Readout = Readout;
})((window.lrscope = window.lrscope || {}));
