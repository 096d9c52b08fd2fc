/* Every visible curve at the marker, as it moves. */
(function (lrscope) {
  'use strict';
  const {numbers, words} = lrscope;
  const {make, say} = lrscope.dom;

  class Readout {
    constructor(node, store, chart) {
      this.node = node; this.store = store; this.chart = chart; this.rows = new Map();
      this.title = make('h3', 'block__title', 'At this rate');
      this.region = make('span', 'region');
      this.body = make('tbody');
      this.table = make('table', 'readout', [
        make('thead', '', [make('tr', '', [make('th', '', 'Sweep', {scope: 'col'}), make('th', 'num', 'loss', {scope: 'col'}), make('th', 'num', 'over its best', {scope: 'col'})])]),
        this.body,
      ]);
      this.none = make('p', 'quiet', '');
      this.beside = make('dl', 'beside');
      node.replaceChildren(make('div', 'readout__head', [this.title, this.region]), this.table, this.beside, this.none);
      chart.onPaint(() => this.paint());
      store.on('draft focus visible scheme', () => chart.paint());
    }

    paint() {
      const draft = this.store.begun() ? this.store.draft() : null;
      this.node.hidden = !draft;
      if (!draft) return;
      const met = this.store.at(draft.lr);
      const region = words.region(this.store.readings.get(this.store.focus), draft.lr);
      say(this.title, `At ${numbers.format(draft.lr)}`);
      say(this.region, region);
      this.region.dataset.region = region;
      for (const [id, row] of this.rows) if (!this.store.visible.has(id)) { row.remove(); this.rows.delete(id); }
      met.forEach((one, i) => {
        const row = this.row(one.sweep);
        if (this.body.children[i] !== row) this.body.insertBefore(row, this.body.children[i] || null);
        say(row.cells[1], numbers.loss(one.loss));
        say(row.cells[2], one.above === null ? '' : one.above < 5e-4 ? 'lowest' : `+${numbers.loss(one.above)}`);
      });
      this.table.hidden = !met.length;
      this.paintBeside(draft.lr);
      say(this.none, met.length ? '' : 'No sweep is shown on the plot.');
    }

    /** What the focused sweep recorded beside its loss, at the nearest measured point. */
    paintBeside(lr) {
      const curve = this.store.curves.get(this.store.focus), found = curve ? curve.beside(lr) : [];
      this.beside.hidden = !found.length;
      while (this.beside.childElementCount > found.length) this.beside.lastChild.remove();
      found.forEach(({name, value}, i) => {
        const item = this.beside.children[i] || this.beside.appendChild(make('div', 'beside__item', [make('dt'), make('dd', 'num')]));
        say(item.firstChild, name === 'val_loss' ? 'val_loss (dotted)' : name);
        say(item.lastChild, value === null ? '–' : numbers.loss(value));
      });
    }

    row(sweep) {
      let row = this.rows.get(sweep.id);
      if (!row) {
        row = make('tr', '', [make('th', 'readout__name', [make('span', 'chip'), make('span', '')], {scope: 'row'}), make('td', 'num'), make('td', 'num readout__over')]);
        row.addEventListener('click', () => this.store.setFocus(sweep.id));
        this.rows.set(sweep.id, row);
      }
      const name = row.firstChild;
      name.firstChild.style.setProperty('--c', this.chart.color(sweep));
      say(name.lastChild, sweep.name);
      name.title = sweep.name;
      row.classList.toggle('is-focus', sweep.id === this.store.focus);
      return row;
    }
  }

  lrscope.Readout = Readout;
})((window.lrscope = window.lrscope || {}));
