/* What the list shows: grouping, filters, columns; and what stands at its foot: how many, comparing, many at once. */
(function (lrscope) {
  'use strict';
  const {make, icon, button, say} = lrscope.dom;
  const MEMORY = 'lrscope.columns';
  const FINGERS = matchMedia('(pointer: coarse)');
  const WIDE = 560; // px from which the extra columns are there
  const GROUPS = {none: 'nothing', seed: 'seeds', owner: 'owner', recipe: 'recipe', config: 'configuration', tag: 'tag'};
  const STATES = {any: 'any', waiting: 'queued and running', ended: 'done and diverged', failed: 'failed', cancelled: 'cancelled'};
  const COLUMNS = {
    suggestion: 'Suggestion', best: 'Lowest loss', owner: 'Owner', recipe: 'Recipe', tags: 'Tags', range: 'Range', steps: 'Steps', seed: 'Seed',
    optimizer: 'Optimizer', device: 'Device', made: 'Queued',
  };
  const ORDERS = {'': 'newest', name: 'Name', state: 'State', pick: 'Pick', ...COLUMNS};
  const AT_FIRST = ['suggestion', 'best', 'made']; // what the name does not say, and no more than a laptop has room for
  const PANELS = matchMedia('(max-width: 1100px)'); // the list cannot be widened there

  const select = (label, choices, value, onchange) => make('label', 'sheet__field', [
    make('span', '', label),
    make('select', 'select', Object.entries(choices).map(([name, text]) => make('option', '', text, {value: name, selected: name === value})), {onchange: event => onchange(event.target.value)}),
  ]);
  const check = (label, on, onchange) => make('label', 'sheet__check', [make('input', '', null, {type: 'checkbox', checked: on, onchange: event => onchange(event.target.checked)}), make('span', '', label)]);

  class ListOptions {
    constructor(button, panel, list, store) {
      this.button = button; this.list = list; this.store = store; this.wide = false; this.columns = AT_FIRST;
      try { this.columns = JSON.parse(localStorage.getItem(MEMORY)).filter(name => COLUMNS[name]); } catch (_) { /* as at first */ }
      button.addEventListener('click', () => this.open());
      store.on('view list', () => this.mark());
      store.on('baseline listed', () => this.fit());
      new ResizeObserver(([{contentRect}]) => { this.wide = contentRect.width >= WIDE; this.fit(); }).observe(panel);
    }

    open() {
      const {list, store} = this, {options} = list, {sort} = options, set = change => list.set(change);
      const down = check('Highest first', Boolean(sort && sort.way === 'desc'), on => set({sort: options.sort && {...options.sort, way: on ? 'desc' : 'asc'}}));
      lrscope.popup.sheet('List options', [
        select('Group by', GROUPS, store.view.group, group => lrscope.app.actions.group(group)),
        select('Sort by', ORDERS, sort ? sort.column : '', column => set({sort: column ? {column, way: down.firstChild.checked ? 'desc' : 'asc'} : null})),
        select('State', STATES, options.state, state => set({state})),
        down,
        check('Starred only', options.starred, starred => set({starred})),
        check('Archived too', options.archived, archived => set({archived})),
        ...(this.wide || !PANELS.matches ? this.chooser() : []),
      ], this.button.getBoundingClientRect());
    }

    chooser() {
      return [
        make('h3', 'sheet__title', 'Columns'),
        !this.wide && make('p', 'sheet__note', 'They are there when the list is wide: drag its right edge, or'),
        !this.wide && make('div', 'sheet__foot', [button('Widen the list', () => { lrscope.app.splitter.widen(); document.querySelector('.sheet').hidePopover(); })]),
        make('div', 'sheet__columns', Object.entries(COLUMNS).map(([name, text]) => check(text, this.columns.includes(name), on => this.column(name, on)))),
      ];
    }

    column(name, on) {
      this.columns = Object.keys(COLUMNS).filter(one => (one === name ? on : this.columns.includes(one)));
      try { localStorage.setItem(MEMORY, JSON.stringify(this.columns)); } catch (_) { /* private window */ }
      this.fit();
    }

    /** The columns that there is room for. */
    fit() {
      const {api} = this.list, key = JSON.stringify([this.wide, this.columns, Boolean(this.store.baseline)]);
      if (!api || key === this.fitted) return;
      this.fitted = key;
      const shown = Object.keys(COLUMNS).filter(name => this.wide && this.columns.includes(name));
      api.setColumnsVisible(shown, true);
      api.setColumnsVisible(Object.keys(COLUMNS).filter(name => !shown.includes(name)), false);
      const apart = shown.includes('suggestion');
      if (this.list.apart !== apart) { this.list.apart = apart; this.list.soon(); }
      api.applyColumnState({state: [{colId: 'pick', width: this.store.baseline && !apart ? 104 : 66}, {colId: 'more', width: FINGERS.matches ? 44 : 28}, {colId: 'name', flex: 1}]});
    }

    /** A dot on the button while something is hidden or grouped. */
    mark() {
      const {state, starred, archived} = this.list.options;
      this.button.classList.toggle('is-set', state !== 'any' || starred || archived || this.store.view.group !== 'none');
    }
  }

  class ListFoot {
    constructor(node, list, store, actions) {
      this.node = node; this.list = list; this.store = store; this.actions = actions; this.mode = null;
      store.on('chosen listed', () => this.show());
    }

    show() {
      const {list, store} = this, mode = list.choosing ? 'choosing' : 'plain';
      if (mode !== this.mode) { this.mode = mode; this.build(); }
      this.node.hidden = !store.sweeps.size;
      const inList = list.listed().length, all = store.newest().length;
      say(this.said, list.choosing ? `${list.chosen.size} chosen` : `${inList < all ? `${inList} of ${all}` : inList} sweeps · ${store.visible.size} shown`);
      for (const one of this.node.querySelectorAll('[data-needs]')) one.disabled = !list.chosen.size;
    }

    build() {
      const {list, store, actions} = this, chosen = () => [...list.chosen];
      const glyph = (label, name, onclick) => make('button', 'btn btn--icon', [icon(name)], {type: 'button', title: label, 'aria-label': label, onclick});
      const many = (label, act, look) => { const node = button(label, () => act(chosen()), {look}); node.dataset.needs = 'some'; return node; };
      this.said = make('span', 'listfoot__said', '', {role: 'status'});
      this.node.classList.toggle('is-choosing', list.choosing);
      this.node.replaceChildren(this.said, ...(list.choosing ? [
        many('Show', ids => store.display([...store.visible, ...ids])),
        many('Hide', ids => store.display([...store.visible].filter(id => !ids.includes(id)))),
        many('Tag', ids => actions.tag(ids)),
        many('Archive', ids => actions.archive(ids)),
        many('Delete', ids => actions.remove(ids), 'danger'),
        glyph('Choose no more', 'close', () => list.chooseMode(false)),
      ] : [
        button('Choose', () => list.chooseMode(true), {look: 'quiet', title: 'Choose several sweeps (Ctrl or Shift click)'}),
        button('Compare', () => lrscope.app.compare.open(), {glyph: 'compare', look: 'quiet', title: 'What differs between the sweeps on the plot'}),
      ]));
    }
  }

  lrscope.ListOptions = ListOptions;
  lrscope.ListFoot = ListFoot;
})((window.lrscope = window.lrscope || {}));
