/* What differs: the sweeps on the plot side by side, the baseline first. */
(function (lrscope) {
  'use strict';
  const {differ, words} = lrscope;
  const {make, soonEnough} = lrscope.dom;
  const MODAL = 'compare-modal';

  class Compare {
    constructor(body, store, chart, list) {
      this.body = body; this.store = store; this.chart = chart; this.list = list; this.all = false; this.key = '';
      store.on('sweeps visible baseline reading scheme', soonEnough(() => { if (this.opened()) this.show(); }));
    }

    opened() { return this.body.isConnected && this.body.getClientRects().length > 0; }

    open() {
      this.key = '';
      this.show();
      window.dash_clientside.set_props(MODAL, {opened: true});
    }

    /** The baseline first, on the plot or not. */
    sweeps() {
      const base = this.store.sweeps.get(this.store.baseline), shown = this.store.shown();
      return base ? [base, ...shown.filter(sweep => sweep !== base)] : shown;
    }

    outcome(sweep) {
      const curve = this.store.curves.get(sweep.id), lowest = curve && curve.line(this.store.view.smoothing).lowest, value = column => this.list.value(sweep, column);
      return {suggestion: value('suggestion'), pick: value('pick'), best: lowest ? lowest.loss : null, bestAt: lowest ? lowest.lr : null};
    }

    show() {
      const sweeps = this.sweeps(), asked = differ.asked(sweeps), outcomes = differ.outcomes(sweeps.map(sweep => this.outcome(sweep)), words);
      const key = JSON.stringify([sweeps.map(sweep => [sweep.id, sweep.name, this.chart.color(sweep)]), asked, outcomes, this.all, this.store.baseline]);
      if (key === this.key) return;
      this.key = key;
      if (sweeps.length < 2) { this.body.replaceChildren(make('p', 'quiet', 'Show at least two sweeps on the plot: their eyes in the list do that.')); return; }
      const rows = asked.filter(row => this.all || row.differs), same = asked.filter(row => !row.differs).length;
      this.body.replaceChildren(
        make('div', 'compare__head', [
          make('p', 'quiet', this.store.baseline ? 'Compared with the baseline: rates as factors, losses as differences.' : 'Click a name: the others are compared with it.'),
          make('label', 'sheet__check', [make('input', '', null, {type: 'checkbox', checked: this.all, onchange: event => { this.all = event.target.checked; this.show(); }}), make('span', '', `What is the same too (${same})`)]),
        ]),
        make('div', 'compare__scroll', [make('table', 'compare', [
          make('thead', '', [make('tr', '', [make('th', '', '', {scope: 'col'}), ...sweeps.map(sweep => this.head(sweep))])]),
          make('tbody', '', outcomes.map(row => this.row(row, this.store.baseline ? row.deltas : []))),
          make('tbody', '', rows.length ? rows.map(row => this.row(row)) : [make('tr', '', [make('td', 'quiet', 'They were asked for alike.', {colspan: sweeps.length + 1})])]),
        ])], {tabindex: '0', role: 'region', 'aria-label': 'What differs'}),
      );
    }

    head(sweep) {
      const chip = make('span', 'chip'), base = this.store.baseline === sweep.id, title = base ? 'No longer the baseline' : 'Compare the others with it';
      chip.style.setProperty('--c', this.chart.color(sweep));
      const name = make('button', 'compare__name', lrscope.called(sweep), {type: 'button', title, 'aria-pressed': String(base), onclick: () => this.against(sweep.id)});
      return make('th', 'compare__sweep', [chip, name, base && make('span', 'mini mini--base', 'baseline')], {scope: 'col', title: lrscope.called(sweep)});
    }

    /** The others are compared with it, or no longer; its name, drawn anew, keeps the focus. */
    against(id) {
      this.store.setBaseline(this.store.baseline === id ? null : id);
      this.show();
      const at = this.sweeps().findIndex(sweep => sweep.id === id);
      this.body.querySelectorAll('.compare__name')[at].focus();
    }

    row(/** @type {{name: string, values: string[], differs?: boolean}} */ {name, values, differs}, deltas = []) {
      return make('tr', differs ? 'is-different' : '', [make('th', '', name, {scope: 'row'}), ...values.map((text, i) => make('td', '', [make('span', text === '–' ? 'quiet' : '', text), deltas[i] && make('span', 'compare__delta', deltas[i])]))]);
    }
  }

  lrscope.Compare = Compare;
})((window.lrscope = window.lrscope || {}));
