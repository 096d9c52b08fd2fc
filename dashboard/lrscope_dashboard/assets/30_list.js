/* The list of sweeps: rows for the grid, and how its cells look. */
(function (lrscope) {
  'use strict';
  const {words, numbers} = lrscope;
  const EVERY_MS = 200;

  class List {
    constructor(store, chart, gridId) {
      this.store = store; this.chart = chart; this.gridId = gridId; this.rows = new Map(); this.timer = 0; this.selected = null;
      store.on('sweeps visible reading focus scheme', () => this.soon());
    }

    soon() {
      if (this.timer) return;
      this.timer = setTimeout(() => { this.timer = 0; this.show(); }, EVERY_MS);
    }

    row(sweep) {
      const {store} = this, reading = store.readings.get(sweep.id), said = words.state(sweep);
      return {
        id: sweep.id, name: sweep.name, about: words.about(sweep), color: this.chart.color(sweep), status: sweep.status,
        wide: sweep.status === 'failed' || (sweep.status === 'queued' && Boolean(sweep.reason)), main: said.main, more: said.more, share: words.share(sweep), visible: store.visible.has(sweep.id),
        rank: words.RANK[sweep.status], reason: sweep.reason || '', tags: sweep.tags.join(' '),
        pick: sweep.pick ? sweep.pick.lr : null, picker: sweep.pick ? sweep.pick.author : '',
        suggestion: reading && words.ended(sweep) ? reading.suggestion : null,
      };
    }

    /** The same object for a row that did not change: the grid then leaves it alone. */
    show() {
      const rows = this.store.newest().map(sweep => {
        const fresh = this.row(sweep), key = JSON.stringify(fresh), old = this.rows.get(sweep.id);
        if (old && old.key === key) return old.row;
        this.rows.set(sweep.id, {key, row: fresh});
        return fresh;
      });
      const props = {rowData: rows};
      if (this.selected !== this.store.focus) { this.selected = this.store.focus; props.selectedRows = {ids: this.selected ? [this.selected] : []}; }
      window.dash_clientside.set_props(this.gridId, props);
    }

    filter(text) { window.dash_clientside.set_props(this.gridId, {dashGridOptions: {quickFilterText: text}}); }

    /** Click on the eye shows or hides; twice leaves that sweep alone; anywhere else focuses. */
    click({column, data}) {
      if (column.getColId() === 'eye') this.store.toggle(data.id); else this.store.setFocus(data.id);
    }

    twice({column, data}) { if (column.getColId() === 'eye') this.store.solo(data.id); }

    key({event, column, data}) {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      this.click({column, data});
    }

    /** Focus the next (1) or the previous (-1) sweep. */
    walk(way) {
      const ids = this.store.newest().map(sweep => sweep.id), at = ids.indexOf(this.store.focus);
      const next = ids[numbers.clamp(at + way, 0, ids.length - 1)];
      if (next) this.store.setFocus(next);
    }
  }

  // ── cells, for React ─────────────────────────────────────────────────────────────────────────────────────────────

  const h = (tag, props, ...children) => window.React.createElement(tag, props, ...children);
  const cells = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});

  cells.LrscopeEye = ({data}) => h('button', {
    type: 'button', className: `eye${data.visible ? ' is-on' : ''}`, tabIndex: -1, 'aria-pressed': data.visible,
    'aria-label': `${data.visible ? 'Hide' : 'Show'} ${data.name}`, title: `${data.visible ? 'Hide' : 'Show'} (double click: only this one)`,
    style: {'--c': data.color},
  });

  /* the reason why a sweep failed or waits runs on under its state */
  cells.LrscopeName = ({data}) => h('div', {className: 'cell', title: data.wide ? data.reason : ''},
    h('div', {className: 'cell__main'}, data.name),
    h('div', {className: `cell__more${data.wide ? ' is-wide' : ''}${data.status === 'failed' ? ' is-bad' : ''}`}, data.about));

  cells.LrscopeState = ({data}) => h('div', {className: `cell state state--${data.status}`},
    h('div', {className: 'cell__main'}, data.main),
    data.status === 'running' ? h('div', {className: 'progress', role: 'progressbar', 'aria-label': `Progress of ${data.name}`, 'aria-valuenow': Math.round(100 * data.share), 'aria-valuemin': 0, 'aria-valuemax': 100},
      h('div', {className: 'progress__bar', style: {transform: `scaleX(${data.share})`, '--c': data.color}})) : null,
    h('div', {className: 'cell__more'}, data.wide ? '' : data.more));

  cells.LrscopePick = ({data}) => h('div', {className: 'cell cell--right', title: data.picker ? `Picked by ${data.picker}` : ''},
    h('div', {className: `cell__main${data.pick === null ? ' is-none' : ''}`}, data.pick === null ? '–' : numbers.format(data.pick)),
    h('div', {className: 'cell__more'}, data.suggestion === null ? '' : `≈ ${numbers.format(data.suggestion)}`));

  lrscope.List = List;
})((window.lrscope = window.lrscope || {}));
