/* The numbers as a table: a row for each rate, a column for each sweep, a page at a time. The plot for those who cannot see it. */
(function (lrscope) {
  'use strict';
  const {numbers, smoothing} = lrscope;
  const {make, say} = lrscope.dom;
  const ROWS = 100, EVERY_MS = 500;

  class PointsTable {
    constructor(node, chart, store) {
      this.node = node; this.chart = chart; this.store = store; this.page = 0; this.timer = 0; this.last = 0;
      this.caption = make('caption', 'points__caption');
      this.head = make('thead'); this.body = make('tbody');
      this.values = make('select', 'menu__select', null, {'aria-label': 'Values', onchange: () => this.draw()});
      this.back = make('button', 'btn', 'Lower rates', {type: 'button', onclick: () => this.turn(-1)});
      this.on = make('button', 'btn', 'Higher rates', {type: 'button', onclick: () => this.turn(1)});
      this.where = make('span', 'quiet', '', {role: 'status'});
      node.replaceChildren(
        make('div', 'points__bar', [make('label', 'points__values', [make('span', '', 'Values'), this.values]), make('div', 'toolbar__space'), this.where, this.back, this.on]),
        make('div', 'points__scroll', [make('table', 'points__table', [this.caption, this.head, this.body])], {tabindex: '0', role: 'region', 'aria-label': 'Points of the visible sweeps'}),
      );
      store.on('points visible sweeps view scheme', () => this.soon());
      document.addEventListener('visibilitychange', () => this.soon());
    }

    get shown() { return this.store.view.layout === 'table' && !document.hidden; }

    soon() {
      if (this.timer || !this.shown) return;
      this.timer = setTimeout(() => { this.timer = 0; if (this.shown) this.draw(); }, Math.max(0, this.last + EVERY_MS - performance.now()));
    }

    turn(way) { this.page += way; this.draw(); this.node.querySelector('.points__scroll').scrollTop = 0; }

    draw() {
      const drawn = this.store.shown().map(sweep => ({sweep, curve: this.store.curves.get(sweep.id)})).filter(({curve}) => curve && curve.lr.length);
      const rows = lrscope.points.rows(drawn.map(({curve}) => curve)), pages = Math.max(1, Math.ceil(rows.length / ROWS));
      this.page = numbers.clamp(this.page, 0, pages - 1);
      const from = this.page * ROWS, page = rows.slice(from, from + ROWS), what = this.offer(drawn);
      this.last = performance.now();
      say(this.caption, `${what[0].toUpperCase()}${what.slice(1)} of ${lrscope.words.plural(drawn.length, 'sweep')}, by learning rate. A dash: not measured there, or not finite.`);
      say(this.where, rows.length ? `rows ${from + 1}–${from + page.length} of ${rows.length}` : 'no points yet');
      this.back.disabled = this.page === 0; this.on.disabled = this.page === pages - 1;
      this.head.replaceChildren(make('tr', '', [make('th', 'num', 'learning rate', {scope: 'col'}), ...drawn.map(({sweep}) => this.column(sweep))]));
      const values = drawn.map(({curve}) => this.reader(curve, what));
      this.body.replaceChildren(...page.map(({lr, at}) => make('tr', '', [
        make('th', 'num', lr.toExponential(3), {scope: 'row'}),
        ...at.map((k, i) => make('td', 'num', k < 0 ? '–' : numbers.loss(values[i](k, lr)))),
      ])));
    }

    column(sweep) {
      const chip = make('span', 'chip');
      chip.style.setProperty('--c', this.chart.color(sweep));
      return make('th', 'num', [chip, make('span', '', lrscope.called(sweep))], {scope: 'col', title: lrscope.called(sweep)});
    }

    /** What the cells can hold; what was chosen stays chosen. */
    offer(drawn) {
      const names = ['measured loss', 'smoothed loss', ...new Set(drawn.flatMap(({curve}) => [...curve.series.keys()]))], {values} = this;
      if (names.join('\n') !== this.offered) {
        const {value} = values;
        this.offered = names.join('\n');
        values.replaceChildren(...names.map(name => make('option', '', name, {value: name})));
        values.value = names.includes(value) ? value : names[0];
      }
      return values.value;
    }

    /** (step, lr) -> number */
    reader(curve, what) {
      if (what === 'measured loss') return k => curve.loss[k];
      if (what !== 'smoothed loss') return k => (curve.series.has(what) ? curve.series.get(what)[k] : NaN);
      const line = curve.line(this.store.view.smoothing);
      return (_, lr) => smoothing.at(line, lr);
    }
  }

  lrscope.PointsTable = PointsTable;
})((window.lrscope = window.lrscope || {}));
