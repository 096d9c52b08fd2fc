/* Small multiples: a little plot of each curve or group, all on the same axes, the others as a shadow behind. */
(function (lrscope) {
  'use strict';
  const {axes, colors, numbers, smoothing, Scene} = lrscope;
  const {make, say} = lrscope.dom;
  const WIDE = 230, HIGH = 150, FOOT = 18, SIDE = 30; // pixels of a card's plot, its rates below, its losses at the left
  const EVERY_MS = 120;

  class Multiples {
    constructor(node, chart, store) {
      this.node = node; this.chart = chart; this.store = store; this.cards = new Map(); this.timer = 0; this.lr = null; this.shadow = document.createElement('canvas');
      store.on('points visible sweeps focus view reading pick', () => this.soon());
      store.on('scheme', () => { if (this.shown) this.draw(); });
      new ResizeObserver(() => this.soon()).observe(node);
      node.addEventListener('pointermove', event => this.move(event));
      node.addEventListener('pointerleave', () => { this.lr = null; this.soon(); });
      document.addEventListener('visibilitychange', () => this.soon());
    }

    get shown() { return this.store.view.layout === 'multiples' && !document.hidden; }

    soon() {
      if (this.timer || !this.shown) return;
      this.timer = setTimeout(() => requestAnimationFrame(() => { this.timer = 0; if (this.shown) this.draw(); }), this.lr === null ? EVERY_MS : 0);
    }

    draw() {
      const scene = new Scene(this.store, sweep => this.chart.color(sweep)), {view} = this.store;
      const byId = new Map(scene.items.map(item => [item.sweep.id, item]));
      const entries = lrscope.groups(this.store.shown().filter(({id}) => byId.has(id)), view.group).map(entry => ({...entry, items: entry.members.map(({id}) => byId.get(id)), bundle: scene.bundles.find(one => one.key === entry.key)}));
      for (const [key, card] of this.cards) if (!entries.some(entry => entry.key === key)) { card.node.remove(); this.cards.delete(key); }
      const pane = this.pane(scene, entries.length);
      this.blank(this.shadow, pane);
      for (const item of scene.items) this.line(this.shadow, item.line.x, item.line.y, item.place, pane, {color: this.chart.ink, width: 1, alpha: 0.16});
      entries.forEach((entry, i) => {
        const card = this.card(entry.key);
        if (this.node.children[i] !== card.node) this.node.insertBefore(card.node, this.node.children[i] || null);
        this.fill(card, entry, scene, pane);
      });
    }

    /** The shared axes, for the width that a card has. */
    pane(scene, count) {
      const {view} = this.store, aligned = view.align === 'pick', room = this.node.clientWidth - 24;
      const columns = Math.max(1, Math.min(count, Math.floor(room / WIDE)));
      this.node.style.setProperty('--columns', columns);
      const width = Math.max(120, Math.floor(room / columns) - 10 - 20 - SIDE);
      const x = (view.zoom && view.zoom.x) || axes.rateRange(scene.items.map(({sweep}) => sweep), sweep => (aligned ? sweep.pick.lr : 1));
      const y = axes.lossRange(scene.items.map(({line, place}) => ({...line, place})), {all: view.showAll, logY: view.logLoss});
      return {width, height: HIGH, x, y, logY: view.logLoss, aligned};
    }

    card(key) {
      if (!this.cards.has(key)) {
        const canvas = make('canvas', 'multiple__plot', null, {'aria-hidden': 'true'});
        const head = make('span', 'multiple__head', [make('span', 'chip'), make('span', 'multiple__name'), make('span', 'multiple__value')]);
        const node = make('button', 'multiple', [head, canvas], {type: 'button'});
        const card = {node, canvas, head};
        node.addEventListener('click', () => this.store.setFocus(card.id));
        this.cards.set(key, card);
      }
      return this.cards.get(key);
    }

    fill(card, {label, items, members, bundle, first: {id}}, scene, pane) {
      const first = items.find(({sweep}) => sweep.id === id), color = this.chart.color(first.sweep), low = items.map(({line}) => line.lowest).filter(Boolean).sort((a, b) => a.loss - b.loss)[0];
      card.id = members[0].id;
      card.node.classList.toggle('is-focus', members.some(({id}) => id === this.store.focus));
      card.head.children[0].style.setProperty('--c', color);
      say(card.head.children[1], label);
      say(card.head.children[2], this.lr === null || pane.aligned ? (low ? `min ${numbers.loss(low.loss)}` : '') : numbers.loss(smoothing.at(first.line, this.lr)));
      card.node.setAttribute('aria-label', `${label}${low ? `: lowest loss ${numbers.loss(low.loss)} at ${numbers.format(low.lr)}` : ''}. Focus it`);
      this.blank(card.canvas, pane);
      const paper = card.canvas.getContext('2d');
      this.grid(paper, pane);
      paper.drawImage(this.shadow, SIDE, 0, pane.width, pane.height);
      for (const {curve, place} of items.length > 1 ? [] : items) this.line(card.canvas, curve.logs, curve.loss, place, pane, {color, width: 1, alpha: 0.35});
      for (const {line: {x, y}, place, sweep, end} of items) {
        const look = {color: this.chart.color(sweep), width: bundle ? 1 : 2, alpha: bundle ? 0.5 : 1, dash: colors.dashes(sweep.slot)};
        this.line(card.canvas, x.subarray(0, end), y.subarray(0, end), place, pane, look);
        if (end < x.length) this.line(card.canvas, x.subarray(end - 1), y.subarray(end - 1), place, pane, {...look, width: 1, alpha: 0.45 * look.alpha});
      }
      if (bundle) this.line(card.canvas, bundle.band.x, bundle.band.middle, axes.PLAIN, pane, {color, width: 2, alpha: 1});
      this.marks(paper, first, pane);
    }

    // ── canvas ─────────────────────────────────────────────────────────────────────────────────────────────────────

    /** The shadow is the bare plot; a card has its axes beside it. */
    blank(canvas, pane) {
      const dense = window.devicePixelRatio || 1, bare = canvas === this.shadow, width = pane.width + (bare ? 0 : SIDE), height = pane.height + (bare ? 0 : FOOT);
      canvas.width = Math.round(width * dense); canvas.height = Math.round(height * dense);
      canvas.style.width = `${width}px`; canvas.style.height = `${height}px`;
      canvas.getContext('2d').setTransform(dense, 0, 0, dense, 0, 0);
    }

    line(canvas, x, y, place, pane, {color, width, alpha, dash = []}) {
      const paper = canvas.getContext('2d'), left = canvas === this.shadow ? 0 : SIDE, d = lrscope.paths.path(x, y, place, pane);
      if (!d) return;
      paper.save();
      paper.translate(left, 0);
      paper.beginPath(); paper.rect(0, 0, pane.width, pane.height); paper.clip();
      paper.strokeStyle = color; paper.lineWidth = width; paper.globalAlpha = alpha; paper.lineJoin = 'round'; paper.setLineDash(dash);
      paper.stroke(new Path2D(d));
      paper.restore();
    }

    grid(paper, pane) {
      const {ink, grid, axis, font} = this.chart, ticks = axes.rateTicks(pane.x, pane.width, pane.aligned ? '×' : '').major;
      paper.font = `10px ${font}`; paper.fillStyle = ink; paper.textAlign = 'center'; paper.textBaseline = 'top'; paper.lineWidth = 1;
      const frame = {left: SIDE, width: pane.width, top: 0, height: pane.height, x: pane.x, y: pane.y, logY: pane.logY};
      for (const {at, text} of ticks) {
        const px = Math.round(axes.toPx(frame, at)) + 0.5;
        if (px < SIDE || px > SIDE + pane.width) continue;
        stroke(paper, grid, px, 0, px, pane.height);
        if (px > SIDE + 8 && px < SIDE + pane.width - 6) paper.fillText(text, px, pane.height + 5);
      }
      paper.textAlign = 'right'; paper.textBaseline = 'middle';
      for (const value of axes.lossTicks(pane.y, pane.logY)) {
        const py = Math.round(axes.toY(frame, value)) + 0.5;
        stroke(paper, grid, SIDE, py, SIDE + pane.width, py);
        paper.fillText(numbers.format(value), SIDE - 5, Math.max(6, py));
      }
      stroke(paper, axis, SIDE, pane.height + 0.5, SIDE + pane.width, pane.height + 0.5);
    }

    /** The suggestion, the pick, and the rate under the pointer. */
    marks(paper, {sweep, place}, pane) {
      const reading = this.store.readings.get(sweep.id), frame = {left: SIDE, width: pane.width, x: [pane.x[0] + place.dx, pane.x[1] + place.dx]};
      const mark = (lr, color, dash) => {
        const px = axes.toPx(frame, lr);
        if (!(px >= SIDE && px <= SIDE + pane.width)) return;
        paper.setLineDash(dash); stroke(paper, color, px, 0, px, pane.height); paper.setLineDash([]);
      };
      if (reading && reading.suggestion !== null) mark(reading.suggestion, this.chart.good, [2, 3]);
      if (sweep.pick) mark(sweep.pick.lr, this.chart.strong, []);
      if (this.lr !== null && !pane.aligned) mark(this.lr, this.chart.ink, []);
    }

    /** The rate under the pointer, in every card at once. */
    move(event) {
      const canvas = event.target.closest('.multiple') && event.target.closest('.multiple').querySelector('canvas');
      if (!canvas) return;
      const box = canvas.getBoundingClientRect(), width = box.width - SIDE, px = event.clientX - box.left;
      const x = (this.store.view.zoom && this.store.view.zoom.x) || axes.rateRange(this.store.shown());
      this.lr = px < SIDE ? null : axes.toLr({left: SIDE, width, x}, px);
      this.soon();
    }
  }

  function stroke(paper, color, x1, y1, x2, y2) {
    paper.strokeStyle = color;
    paper.beginPath(); paper.moveTo(x1, y1); paper.lineTo(x2, y2); paper.stroke();
  }

  lrscope.Multiples = Multiples;
})((window.lrscope = window.lrscope || {}));
