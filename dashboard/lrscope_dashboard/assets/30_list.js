/* The list of sweeps: its rows, brought to the grid one by one as they change; what is clicked, chosen and walked. */
(function (lrscope) {
  'use strict';
  const {words, numbers, arrange} = lrscope;
  const EVERY_MS = 200;

  /** @type {Set<number>} */ const held = new Set(); // pointers that are down
  /** @type {() => void} */ let letGo = () => {};
  addEventListener('pointerdown', event => held.add(event.pointerId), true);
  const released = event => {
    const then = letGo;
    held.delete(event.pointerId);
    letGo = () => {};
    then();
  };
  addEventListener('pointerup', released, true);
  addEventListener('pointercancel', released, true);

  class List {
    constructor(store, chart, gridId) {
      this.store = store; this.chart = chart; this.api = null; this.timer = 0;
      this.rows = new Map(); // as the grid has them: id -> {key, row}
      this.place = new Map(); // id -> its number in the list, of those that are in it
      this.fresh = new Set(); this.all = true; // what may look different from its row
      this.options = {search: '', state: 'any', starred: false, archived: false, sort: null, closed: []};
      this.chosen = new Set(); this.choosing = false; this.anchor = null; this.apart = false; // the suggestion has a column of its own
      this.openMenu = (_id, _anchor) => {}; this.openError = _id => {}; this.star = _id => {};
      store.on('sweeps reading', id => this.soon(id));
      store.on('visible focus scheme baseline', () => this.soon());
      store.on('focus', by => { if (by !== 'record') this.reveal(); });
      store.on('view', change => { if ('group' in change || 'smoothing' in change) this.soon(); });
      window.dash_ag_grid.getApiAsync(gridId).then(api => {
        this.api = api;
        api.setGridOption('rowData', []);
        this.mark();
        this.soon();
      });
    }

    /** Show what changed: of one sweep, or of all. What comes into an empty list is shown at once. */
    soon(id) {
      if (id) this.fresh.add(id); else this.all = true;
      if (this.timer) return;
      this.timer = setTimeout(() => { this.timer = 0; this.show(); }, this.rows.size ? EVERY_MS : 0);
    }

    // ── rows ───────────────────────────────────────────────────────────────────────────────────────────────────────

    /** What a column sorts by; also what the row shows of it. */
    value(sweep, column) {
      const reading = this.store.readings.get(sweep.id), curve = this.store.curves.get(sweep.id);
      switch (column) {
        case 'state': return words.RANK[sweep.status];
        case 'pick': return sweep.pick ? sweep.pick.lr : null;
        case 'suggestion': return reading && words.ended(sweep) ? reading.suggestion : null;
        case 'best': { const lowest = curve && curve.line(this.store.view.smoothing).lowest; return lowest ? lowest.loss : null; }
        case 'range': return sweep.start_lr;
        case 'steps': return sweep.num_iter;
        case 'made': return sweep.created_at;
        case 'tags': return sweep.tags.join(' ');
        default: return sweep[column];
      }
    }

    row(sweep) {
      const {store} = this, said = words.state(sweep), base = store.sweeps.get(store.baseline);
      const value = column => this.value(sweep, column), against = column => (base && base !== sweep ? this.value(base, column) : null);
      return {
        id: sweep.id, name: sweep.name, about: words.about(sweep), color: this.chart.color(sweep), dash: Math.floor((sweep.slot || 0) / 8), status: sweep.status,
        wide: sweep.status === 'failed' || (sweep.status === 'queued' && Boolean(sweep.reason)), main: said.main, more: said.more, share: words.share(sweep),
        reason: sweep.reason || '', tags: sweep.tags, starred: Boolean(sweep.starred), noted: Boolean(sweep.notes), archived: sweep.archived,
        visible: store.visible.has(sweep.id), focus: store.focus === sweep.id, baseline: base === sweep, choosing: this.choosing, chosen: this.chosen.has(sweep.id),
        pick: value('pick'), picker: sweep.pick ? sweep.pick.author : '', suggestion: value('suggestion'), best: value('best'),
        timesPick: words.times(value('pick'), against('pick')), apart: this.apart, timesSuggestion: words.times(value('suggestion'), against('suggestion')), overBest: words.over(value('best'), against('best')),
        owner: sweep.owner, recipe: sweep.recipe, seed: sweep.seed, steps: sweep.num_iter, optimizer: sweep.optimizer || '', device: sweep.device || '',
        range: `${numbers.format(sweep.start_lr)} – ${numbers.format(sweep.end_lr)}`, made: sweep.created_at,
      };
    }

    head({id, group}) {
      const shown = group.members.filter(sweep => this.store.visible.has(sweep.id)).length;
      return {id, group: group.key, sign: group.sign, label: group.label, count: group.members.length, shown, closed: this.options.closed.includes(group.sign)};
    }

    show() {
      if (!this.api) return;
      const {store} = this, sweeps = store.stored(), change = {add: [], update: [], remove: []};
      const looked = this.all ? sweeps : sweeps.filter(sweep => this.fresh.has(sweep.id) || !this.rows.has(sweep.id));
      this.all = false; this.fresh.clear();
      for (const sweep of looked) this.put(this.row(sweep), change);
      const order = arrange(sweeps, {...this.options, group: store.view.group}, (sweep, column) => this.value(sweep, column));
      const heads = order.filter(one => one.group);
      for (const one of heads) this.put(this.head(one), change);
      const stands = new Set(heads.map(one => one.id));
      for (const [id, {row}] of this.rows) if (row.group === undefined ? !store.sweeps.has(id) : !stands.has(id)) { this.rows.delete(id); change.remove.push({id}); }
      this.bring(change, new Map(order.map((one, i) => [one.id, i])));
    }

    /** A row that looks as before is left alone. */
    put(row, change) {
      const key = JSON.stringify(row), old = this.rows.get(row.id);
      if (old && old.key === key) return;
      this.rows.set(row.id, {key, row});
      change[old ? 'update' : 'add'].push(row);
    }

    bring(change, place) {
      const first = !this.place.size, moved = place.size !== this.place.size || [...place].some(([id, at]) => this.place.get(id) !== at);
      this.place = place;
      for (const id of [...this.chosen]) if (!this.store.sweeps.has(id)) this.chosen.delete(id);
      if (change.add.length || change.update.length || change.remove.length) this.api.applyTransaction(change);
      if (moved) this.api.refreshClientSideRowModel('filter');
      this.store.emit('listed');
      if (first) requestAnimationFrame(() => requestAnimationFrame(() => this.reveal())); // its foot has taken its room
    }

    /** The row in focus is scrolled into view: it was asked for on the plot, by a key, or by a link. */
    reveal() {
      const {focus} = this.store, node = this.place.has(focus) && this.api.getRowNode(focus);
      if (node) this.api.ensureNodeVisible(node);
    }

    /** The sweeps that are in the list now, from top to bottom. */
    listed() { return [...this.place.keys()].map(id => this.store.sweeps.get(id)).filter(Boolean); }

    set(options) {
      Object.assign(this.options, options);
      if ('sort' in options) this.mark();
      this.soon();
      this.store.emit('list', options);
    }

    /** By a head, as the grid has it. */
    sort() {
      const sort = this.marked();
      if (JSON.stringify(sort) !== JSON.stringify(this.options.sort)) this.set({sort});
    }

    marked() {
      const by = this.api.getColumnState().find(column => column.sort);
      return by ? {column: by.colId, way: by.sort} : null;
    }

    /** The head by which the rows are sorted shows it. */
    mark() {
      const {api, options: {sort}} = this;
      if (api && JSON.stringify(sort) !== JSON.stringify(this.marked())) api.applyColumnState({state: sort ? [{colId: sort.column, sort: sort.way}] : [], defaultState: {sort: null}});
    }

    // ── hands ──────────────────────────────────────────────────────────────────────────────────────────────────────

    /** The eye shows or hides, the star stars, the dots open the menu, the reason of a failure its traceback; anywhere else focuses, or with Ctrl or Shift chooses. */
    click({event, column, data}) {
      if (!column || data.group !== undefined) return this.fold(data.sign);
      const part = column.getColId(), keys = event || {};
      if (event.target.closest('.star')) return this.star(data.id);
      if (part === 'more') return this.openMenu(data.id, event.target.closest('.ag-cell').getBoundingClientRect());
      if (this.choosing || keys.ctrlKey || keys.metaKey || keys.shiftKey) return this.choose(data.id, keys.shiftKey);
      if (part === 'eye') return this.store.toggle(data.id);
      this.store.setFocus(data.id);
      if (event.target.closest('.is-bad')) return this.openError(data.id);
      return this.store.emit('opened', data.id);
    }

    twice({column, data}) { if (column && column.getColId() === 'eye' && !this.choosing) this.store.solo(data.id); }

    key(params) {
      const {event} = params;
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      this.click(params);
    }

    /** While the button is still down its release would close the menu: it opens then. */
    context({event, data}) {
      if (!data || data.group !== undefined) return;
      const open = () => this.openMenu(data.id, new DOMRect(event.clientX, event.clientY, 0, 0));
      if (held.size) letGo = () => setTimeout(open); else open();
    }

    /** One more, or one less; with Shift all from the last one to this. */
    choose(id, through = false) {
      const ids = this.listed().map(sweep => sweep.id), [from, to] = [ids.indexOf(this.anchor), ids.indexOf(id)].sort((a, b) => a - b);
      if (through && from >= 0) ids.slice(from, to + 1).forEach(one => this.chosen.add(one));
      else if (!this.chosen.delete(id)) this.chosen.add(id);
      this.anchor = id;
      this.chooseMode(this.choosing || this.chosen.size > 0);
    }

    chooseMode(on) {
      this.choosing = on;
      if (!on) { this.chosen.clear(); this.anchor = null; }
      this.soon();
      this.store.emit('chosen');
    }

    /** `sign`: of the group. */
    fold(sign) {
      const {closed} = this.options;
      this.set({closed: closed.includes(sign) ? closed.filter(one => one !== sign) : [...closed, sign]});
    }

    /** Show all of a group on the plot, or, where all are, hide them. */
    display(key) {
      const {store} = this, group = lrscope.groups(this.options.archived ? store.stored() : store.newest(), store.view.group).find(one => one.key === key);
      if (!group) return;
      const ids = group.members.map(sweep => sweep.id), all = ids.every(id => store.visible.has(id));
      store.display(all ? [...store.visible].filter(id => !ids.includes(id)) : [...store.visible, ...ids]);
    }

    /** Focus the next (1) or the previous (-1) sweep of the list. */
    walk(way) {
      const ids = this.listed().map(sweep => sweep.id), at = ids.indexOf(this.store.focus);
      const next = ids[numbers.clamp(at + way, 0, ids.length - 1)];
      if (next) this.store.setFocus(next);
    }
  }

  /** @type {any} */ const functions = (window.dashAgGridFunctions = window.dashAgGridFunctions || {});
  const list = () => lrscope.app && lrscope.app.list;
  functions.lrscopePlaced = node => Boolean(list() && list().place.has(node.data.id));
  functions.lrscopeEqual = () => 0; // order is what arrange() says, the grid only shows by which column
  functions.lrscopeIsGroup = ({rowNode}) => rowNode.data.group !== undefined;
  functions.lrscopeHeight = ({data}) => (data.group === undefined ? 52 : 34);
  functions.lrscopeOrder = ({nodes}) => { const {place} = list(); nodes.sort((a, b) => place.get(a.data.id) - place.get(b.data.id)); };

  lrscope.List = List;
})((window.lrscope = window.lrscope || {}));
