/* How the curves are looked at: smoothing, layout, axes, groups, the second pane. It shows what the store has, whoever set it. */
(function (lrscope) {
  'use strict';
  const {axes} = lrscope;
  const {make, icon, say, eachFrame} = lrscope.dom;
  const WIDEST = 0.6; // decades of smoothing
  const LAYOUTS = {overlay: 'Overlay', multiples: 'Multiples', table: 'Table'};
  const GROUPS = {none: 'nothing', seed: 'the seeds of a request', config: 'the same configuration', recipe: 'recipe', owner: 'owner', tag: 'tag'};
  const SWITCHES = [
    ['logLoss', 'Log loss', 'log_loss'],
    ['normalise', 'Loss ÷ start', 'normalise'],
    ['showAll', 'Show all', 'clipped'],
  ];

  class Toolbar {
    constructor(node, store, exports) {
      this.store = store;
      this.slider = make('input', 'smoothing__slider', null, {type: 'range', min: 0, max: WIDEST, step: 0.02, 'aria-label': 'Smoothing, in decades'});
      this.width = make('span', 'smoothing__value', '', {id: 'smoothing-text'});
      this.reset = make('button', 'btn btn--quiet', [icon('reset'), make('span', 'btn__word', 'Reset zoom')], {type: 'button', id: 'reset-zoom', 'aria-label': 'Reset zoom', title: 'Reset zoom (r)'});
      this.menu = new lrscope.Menu('view-menu', 'View', 'view', 288);
      this.menu.panel.append(...this.settings());
      node.replaceChildren(
        make('div', 'smoothing', [icon('smooth'), make('span', 'toolbar__label', [lrscope.term('smoothing')]), this.slider, this.width]),
        make('div', 'toolbar__space'), this.reset, this.layouts(), this.menu.button, exports.menu.button, this.menu.panel, exports.menu.panel,
      );
      this.slider.addEventListener('input', () => store.setView({smoothing: Number(this.slider.value)}));
      this.reset.addEventListener('click', () => store.setView({zoom: null}));
      store.on('view', () => this.show());
      store.on('visible points sweeps', eachFrame(() => this.offer()));
      this.offer();
      this.show();
    }

    layouts() {
      this.radios = Object.entries(LAYOUTS).map(([value, name]) => make('label', 'segment', [
        make('input', 'sr-only', null, {type: 'radio', name: 'layout', value, onchange: () => this.store.setView({layout: value})}), icon(value), make('span', 'segment__word', name),
      ], {title: name}));
      return make('div', 'segments', this.radios, {role: 'radiogroup', 'aria-label': 'Layout'});
    }

    settings() {
      this.switches = Object.fromEntries(SWITCHES.map(([name, label, key]) => [name, toggle(label, key, on => this.store.setView({[name]: on, zoom: axes.alongRates(this.store.view.zoom)}))]));
      this.align = toggle('Align at the pick', 'align', on => this.store.setView({align: on ? 'pick' : 'lr', zoom: null}));
      this.group = choice('Draw together', 'band', GROUPS, value => lrscope.app.actions.group(value));
      this.pane = choice('Second pane', 'pane', {'': 'none'}, value => this.store.setView({pane: value || null, zoom: axes.withoutPane(this.store.view.zoom)}));
      return [...Object.values(this.switches).map(({node}) => node), this.align.node, this.group.node, this.pane.node];
    }

    show() {
      const {view} = this.store;
      if (Number(this.slider.value) !== view.smoothing) this.slider.value = view.smoothing;
      this.slider.style.setProperty('--share', `${(100 * view.smoothing) / WIDEST}%`);
      const said = view.smoothing > 0 ? `${view.smoothing.toFixed(2)} decades` : 'off';
      say(this.width, said);
      this.slider.setAttribute('aria-valuetext', said);
      for (const {firstChild: radio} of this.radios) radio.checked = radio.value === view.layout;
      for (const [name, {input}] of Object.entries(this.switches)) input.checked = view[name];
      this.align.input.checked = view.align === 'pick';
      this.group.select.value = view.group;
      this.pane.select.value = view.pane || '';
      this.reset.disabled = !view.zoom;
    }

    /** The series that there are; asked for seldom enough, a few times a second at most. */
    offer() {
      const names = lrscope.seriesOf(this.store), {pane} = this.store.view, wanted = [...new Set([...names, ...(pane ? [pane] : [])])], {select} = this.pane;
      if (wanted.join('\n') === this.offered) return;
      this.offered = wanted.join('\n');
      select.replaceChildren(make('option', '', wanted.length ? 'none' : 'no extra series recorded', {value: ''}), ...wanted.map(name => make('option', '', name, {value: name})));
      select.disabled = !wanted.length;
      select.value = pane || '';
    }
  }

  function toggle(label, key, act) {
    const input = make('input', 'switch', null, {type: 'checkbox', role: 'switch', onchange: () => act(input.checked)});
    return {input, node: make('label', 'menu__row', [lrscope.term(key, label), input])};
  }

  function choice(label, key, options, act) {
    const select = make('select', 'menu__select', Object.entries(options).map(([value, text]) => make('option', '', text, {value})), {onchange: () => act(select.value)});
    return {select, node: make('label', 'menu__row', [lrscope.term(key, label), select])};
  }

  lrscope.Toolbar = Toolbar;
})((window.lrscope = window.lrscope || {}));
