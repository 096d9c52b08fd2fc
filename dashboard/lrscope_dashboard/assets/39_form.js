/* The new-sweep form beside Dash: filled from a sweep, what differs from it, the range, who runs it, Ctrl-Enter. */
(function (lrscope) {
  'use strict';
  const {numbers, plan} = lrscope;
  const {make, icon, say, command} = lrscope.dom;
  const byId = id => document.getElementById(id);

  /** Dash's name for an input of the form, as its id in the document. */
  const domId = (type, name) => JSON.stringify({name, type});
  const RATES = ['start_lr', 'end_lr'];

  class Form {
    constructor(store, api) {
      this.store = store; this.api = api; this.values = null; this.origin = null;
      this.axis = new lrscope.RangeAxis(byId('form-range-axis'), (name, lr) => this.write(name, numbers.format(lr, 6)));
      window.dash_clientside.set_props('server-url', {data: location.origin});
      document.addEventListener('keydown', event => this.key(event), true);
      byId('new-sweep').addEventListener('click', () => { this.waiting = 'recipe'; });
      this.begin(byId('form-recipe'));
      /** @type {any} the field that was typed into last */
      this.typed = null;
      document.addEventListener('input', event => { if (event.target.closest('.form')) this.typed = event.target; }, true);
      /** @type {Element | null} where the focus was when the form was sent off */
      this.left = null;
      byId('form-submit').addEventListener('click', event => {
        if (this.heard()) { this.typed = null; this.left = document.activeElement; return; }
        event.stopPropagation();
        this.submit();
      }, true);
      store.on('workers sweeps', () => { if (this.opened) this.foresee(); });
    }

    get opened() { return Boolean(this.values && this.values.opened); }

    write(name, value) { window.dash_clientside.set_props({type: 'field', name}, {value}); }

    /**
     * Opens it as a copy of a sweep. `changes` go over its request; `told`, an error, and `why` are said on top, and
     * `focus` is the field to begin with: 'start_lr', 'params.batch_size'.
     */
    clone(sweep, {changes = {}, told = '', why = '', focus = ''} = {}) {
      const taken = new Set([...this.store.sweeps.values()].map(one => one.name));
      const original = plan.requestOf(sweep), asked = {...original, name: plan.named(sweep.name, taken), ...changes};
      window.dash_clientside.set_props('prefill', {data: {asked, original, sweep: sweep.id, name: sweep.name, told, why, focus, at: Date.now()}});
      this.waiting = focus || 'recipe';
    }

    /** A failed one, with its likely culprit changed, in the focus and explained. */
    mend(sweep) { this.clone(sweep, {...lrscope.fix(sweep), told: lrscope.words.lastLine(sweep.reason)}); }

    key(event) {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.repeat) return;
      if (!event.target.closest || !event.target.closest('.form')) return;
      event.preventDefault();
      event.stopPropagation();
      this.submit();
    }

    /** Dash hears of a keystroke a little later: what was typed last must not be lost to a fast hand. */
    submit(tries = 50) {
      if (tries && !this.heard()) { setTimeout(() => this.submit(tries - 1), 20); return; }
      this.typed = null;
      const button = byId('form-submit');
      if (!button.disabled) button.click();
    }

    /** Whether Dash's value of the field typed into is what stands in it. */
    heard() {
      const node = this.typed;
      if (!node || !node.isConnected || !node.id.startsWith('{') || node.classList.contains('mantine-Select-input')) return true;
      const {type, name} = JSON.parse(node.id), known = this.values && this.values[type];
      return type === 'flag' || Boolean(known) && name in known && alike(known[name], node.value);
    }

    /** From Dash, at every change: {recipe, field, param, flag, origin, opened}. */
    draft(values) {
      this.values = values;
      this.origin = values.origin;
      this.compare();
      setTimeout(() => this.compare(), 100); // the fields of a recipe are told of before they stand
      this.range();
      this.foresee();
      if (values.opened && this.waiting) this.go();
    }

    asked() {
      const {field} = this.values, rate = name => numbers.parse(field[name] ?? '');
      return {
        recipe: this.values.recipe, device: field.device, mode: field.mode, num_iter: Number(field.num_iter) || 0,
        start_lr: rate('start_lr'), end_lr: rate('end_lr'), seeds: String(field.seeds ?? '').split(',').filter(text => text.trim()).length || 1,
      };
    }

    range() {
      const {origin} = this, from = origin && this.store.curves.get(origin.sweep);
      this.axis.show(this.asked(), origin && {
        start_lr: origin.original.start_lr, end_lr: origin.original.end_lr, text: `${origin.name} swept this`,
        line: from ? from.line(this.store.view.smoothing) : null,
      });
    }

    /** How many, on whom and for how long. */
    foresee() {
      const asked = this.asked(), {text, more, starved} = plan.plan(asked, [...this.store.sweeps.values()], this.store.workers);
      const node = byId('form-plan'), key = JSON.stringify([text, more, asked.device]);
      say(byId('form-submit').firstChild, asked.seeds > 1 ? `Queue ${asked.seeds} sweeps` : 'Queue sweep');
      node.hidden = !text;
      node.classList.toggle('is-starved', starved);
      if (node.dataset.key === key) return;
      node.dataset.key = key;
      node.replaceChildren(make('p', 'plan__text', text), more ? make('p', 'plan__more', more) : '');
      if (starved) node.append(command(plan.worker(location.origin, asked.device), 'the command that starts a worker'));
    }

    /** Marks what differs from the sweep it was filled from, with what it was. */
    compare() {
      const {origin} = this, {field, param, flag, recipe} = this.values, same = origin && origin.original.recipe === recipe;
      const mark = (type, name, was, now) => {
        const input = byId(domId(type, name)), label = input && input.closest('.field')?.querySelector('label');
        if (!label) return;
        const changed = was !== undefined && !alike(was, now);
        if (changed) label.dataset.was = shown(was); else delete label.dataset.was;
      };
      for (const name of Object.keys(field)) mark('field', name, origin && name !== 'name' ? origin.typed[name] : undefined, field[name]);
      for (const [type, group] of [['param', this.standing('param', param)], ['flag', this.standing('flag', flag)]]) {
        for (const name of Object.keys(group)) mark(type, name, same ? origin.original.params[name] : undefined, group[name]);
      }
      this.head(origin);
    }

    /** Dash tells of a recipe's fields only once one of them changes: those that stand already say for themselves. */
    standing(type, told) {
      const found = {...told};
      for (const node of document.querySelectorAll(`.form [id$='"type":"${type}"}']`)) {
        const {name} = JSON.parse(node.id);
        if (!(name in found)) found[name] = type === 'flag' ? node.checked : node.value;
      }
      return found;
    }

    head(origin) {
      const node = byId('form-origin');
      node.hidden = !origin;
      if (!origin || node.dataset.at === String(origin.at)) return;
      node.dataset.at = origin.at;
      node.replaceChildren(
        make('p', 'form__from', [icon('copy'), make('span', '', ['A copy of ', make('strong', '', origin.name), '. What you change is marked.'])]),
        ...(origin.told ? [make('p', 'form__told', origin.told)] : []),
        ...(origin.why ? [make('p', 'form__why', origin.why)] : []),
      );
    }

    /** To the field that was asked for, once it is there: those of a recipe come from the server. */
    go(tries = 240) {
      const [type, name] = this.waiting.startsWith('params.') ? ['param', this.waiting.slice(7)] : ['field', this.waiting];
      const node = byId(domId(type, name)) || byId(domId('flag', name)) || byId('form-recipe');
      if (this.typed && this.typed.isConnected && document.activeElement === this.typed) { this.waiting = ''; return; } // a person was faster
      const there = node && node.offsetParent && (this.waiting === 'recipe' || node.id !== 'form-recipe' || tries < 10);
      if (!there && tries) { setTimeout(() => this.waiting && this.go(tries - 1), 25); return; }
      this.waiting = '';
      this.compare();
      if (node) { this.begin(node); node.focus(); if (node.select) node.select(); node.scrollIntoView({block: 'center'}); }
    }

    /** Mantine's focus trap opens with the field that is marked so. */
    begin(node) {
      if (this.first) this.first.removeAttribute('data-autofocus');
      this.first = node;
      node.setAttribute('data-autofocus', '');
    }

    /** The first field that was refused gets the focus, unless a hand was faster and is at another one already. */
    faults(names) {
      if (!names || !names.length) return;
      requestAnimationFrame(() => requestAnimationFrame(() => {
        const now = document.activeElement, moved = now !== document.body && now !== this.left;
        if (moved || this.typed) return;
        const first = document.querySelector('.form [aria-invalid="true"]');
        if (first) { first.focus(); first.scrollIntoView({block: 'center'}); }
      }));
    }
  }

  /** As typed: 1e-3 is 0.001, and text is what it is. */
  function alike(a, b) {
    if (String(a ?? '') === String(b ?? '')) return true;
    const [x, y] = [a, b].map(value => (typeof value === 'boolean' ? NaN : Number(String(value ?? '').replace(',', '.') || NaN)));
    return x === y;
  }

  const shown = value => (typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value ?? '') || 'empty');

  lrscope.Form = Form;
})((window.lrscope = window.lrscope || {}));
