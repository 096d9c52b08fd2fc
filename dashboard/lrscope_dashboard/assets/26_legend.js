/* The curves by name, in their colours and patterns: click hides, a second click shows again, double click leaves one alone. In one line; all of them where asked. */
(function (lrscope) {
  'use strict';
  const {colors} = lrscope;
  const {make, sayName} = lrscope.dom;
  const FADE = 16; // px at its right end where names fade out
  const WHOLE = 20; // letters of a name that is not cut
  const SVG = 'http://www.w3.org/2000/svg';

  /** A short line as the curve is drawn. */
  function sample() {
    const svg = document.createElementNS(SVG, 'svg'), line = document.createElementNS(SVG, 'path');
    svg.setAttribute('class', 'legend__line'); svg.setAttribute('viewBox', '0 0 22 10'); svg.setAttribute('aria-hidden', 'true');
    line.setAttribute('d', 'M0 5h22');
    svg.append(line);
    return svg;
  }

  class Legend {
    constructor(node, chart, store) {
      this.node = node; this.chart = chart; this.store = store; this.hidden = new Set(); this.items = new Map(); this.seen = null; this.names = '';
      store.on('visible sweeps focus view scheme', () => this.soon());
      this.soon();
      new ResizeObserver(() => { this.seen = null; this.fit(); }).observe(node);
      node.addEventListener('scroll', () => node.classList.toggle('is-scrolled', node.scrollLeft > 0));
      node.addEventListener('wheel', event => this.turn(event), {passive: false});
      this.all = make('button', 'legend__all', '', {type: 'button', 'aria-controls': node.id, onclick: () => this.open(!this.opened)});
      node.after(this.all);
      this.open(false);
      document.addEventListener('pointerdown', ({target}) => { if (this.opened && target !== this.all && !node.contains(target)) this.open(false); });
      for (const one of [node, this.all]) one.addEventListener('keydown', event => { if (event.key === 'Escape' && this.opened) { this.open(false); this.all.focus(); } });
    }

    // ── the line, and all of them ──────────────────────────────────────────────────────────────────────────────────

    open(on) {
      this.opened = on;
      this.node.classList.toggle('is-open', on);
      this.all.setAttribute('aria-expanded', String(on));
      this.seen = null;
      this.fit();
    }

    /** The button is there while the line is too short for its names. */
    fit() {
      const {node, all, items} = this, room = node.clientWidth + all.offsetWidth;
      all.hidden = !this.opened && node.scrollWidth <= room;
      lrscope.dom.say(all, String(items.size));
      all.title = this.opened ? 'One line' : `All ${items.size} names`;
      all.setAttribute('aria-label', all.title);
      this.reveal(this.store.focus);
    }

    /** A wheel turns along the line. */
    turn(event) {
      const {node} = this, before = node.scrollLeft;
      if (this.opened || event.deltaX || event.ctrlKey) return;
      node.scrollLeft += event.deltaY;
      if (node.scrollLeft !== before) event.preventDefault();
    }

    // ── the names ──────────────────────────────────────────────────────────────────────────────────────────────────

    soon() {
      if (this.waiting) return;
      this.waiting = true;
      requestAnimationFrame(() => { this.waiting = false; this.show(); });
    }

    /** What is shown, and what was hidden from here and may come back. */
    show() {
      const {store} = this;
      for (const id of [...this.hidden]) if (store.visible.has(id) || !store.sweeps.has(id)) this.hidden.delete(id);
      const sweeps = store.newest().filter(({id}) => store.visible.has(id) || this.hidden.has(id));
      const entries = lrscope.groups(sweeps, store.view.group), keys = new Set(entries.map(({key}) => key));
      for (const [key, item] of this.items) if (!keys.has(key)) { item.remove(); this.items.delete(key); }
      entries.forEach((entry, i) => {
        const item = this.item(entry.key);
        if (this.node.children[i] !== item) this.node.insertBefore(item, this.node.children[i] || null);
        this.fill(item, entry);
      });
      const names = entries.map(({key, label}) => `${key} ${label}`).join();
      if (names !== this.names) { this.names = names; this.fit(); } else this.reveal(store.focus); // to fit is to lay out the page
    }

    /** The focused curve's name is brought into view, once. */
    reveal(id) {
      const item = id !== this.seen && [...this.items.values()].find(({members}) => members.includes(id)), {node} = this;
      if (!item) return;
      this.seen = id;
      const left = item.offsetLeft - node.offsetLeft, right = left + item.offsetWidth + FADE;
      if (left < node.scrollLeft || right > node.scrollLeft + node.clientWidth) node.scrollLeft = Math.max(0, right - node.clientWidth);
    }

    item(key) {
      let item = this.items.get(key);
      if (!item) {
        const swatch = make('button', 'legend__swatch', [sample()], {type: 'button', 'aria-label': 'Colour', onclick: () => lrscope.palette.open(item.members[0], swatch)});
        const button = make('button', 'legend__item', [make('span', 'legend__name')], {type: 'button', onclick: () => this.toggle(item.members), ondblclick: () => this.solo(item.members)});
        item = make('span', 'legend__entry', [swatch, button]);
        this.items.set(key, item);
      }
      return item;
    }

    fill(item, {label, members, first}) {
      const {store} = this, on = members.some(({id}) => store.visible.has(id));
      item.members = members.map(({id}) => id);
      item.style.setProperty('--c', this.chart.color(first));
      const [swatch, button] = item.children;
      swatch.querySelector('path').setAttribute('stroke-dasharray', colors.dashes(first.slot).join(' '));
      swatch.disabled = members.length > 1;
      swatch.title = members.length > 1 ? '' : `Change the colour of ${label}`;
      button.classList.toggle('is-focus', item.members.includes(store.focus));
      button.setAttribute('aria-pressed', on);
      item.classList.toggle('is-off', !on);
      button.title = `${label}\nClick: ${on ? 'hide' : 'show'} · double click: only this`;
      sayName(button.firstChild, label, WHOLE);
    }

    toggle(ids) {
      const {store} = this, on = ids.some(id => store.visible.has(id));
      for (const id of ids) if (store.visible.has(id) === on) { if (on) this.hidden.add(id); store.toggle(id); }
    }

    solo(ids) {
      for (const id of this.store.visible) if (!ids.includes(id)) this.hidden.add(id);
      this.store.solo(...ids);
    }
  }

  lrscope.Legend = Legend;
})((window.lrscope = window.lrscope || {}));
