/* Where the others are: their markers, dashed and named, as they move. And where I am, told to them. Moves no marker of mine. */
(function (lrscope) {
  'use strict';
  const {axes} = lrscope;
  const {make, say, eachFrame} = lrscope.dom;
  const EVERY_MS = 100; // the feed takes twelve a second
  const ROW_PX = 20; // tags that would touch stand over each other
  const TAG_PX = 100; // as wide as a tag may be, and its distance from its line

  class Presence {
    constructor(layer, chart, store, feed, api) {
      this.layer = layer; this.chart = chart; this.store = store; this.feed = feed; this.api = api;
      this.nodes = new Map(); this.told = ''; this.last = 0; this.timer = 0;
      chart.onPaint(frame => this.paint(frame));
      store.on('presence settled', eachFrame(() => this.paint(chart.frame()))); // not with every move of mine
      store.on('draft focus pick', () => this.tell());
      store.on('connection', () => {
        if (store.connection.state === 'live') { this.tell(); return; }
        store.presence = [];
        chart.paint();
      });
    }

    // ── mine ───────────────────────────────────────────────────────────────────────────────────────────────────────

    tell() {
      if (this.timer) return;
      this.timer = setTimeout(() => { this.timer = 0; this.last = Date.now(); this.say(); }, Math.max(0, this.last + EVERY_MS - Date.now()));
    }

    /** A rate only while it is being chosen: before, nobody pointed there; saved, it is a pick. */
    say() {
      const {store} = this, draft = store.begun() ? store.draft() : null;
      const here = {type: 'here', user: this.api.user || 'anonymous', sweep: store.focus, lr: draft && draft.touched ? draft.lr : null};
      const key = JSON.stringify([this.feed.connections, here]);
      if (key !== this.told && this.feed.send(here)) this.told = key;
    }

    // ── theirs ─────────────────────────────────────────────────────────────────────────────────────────────────────

    paint(frame) {
      const {scene} = this.chart, seen = new Set(), right = frame.left + frame.width, mine = this.mine(frame), taken = [];
      for (const {viewer, user, sweep, lr} of this.store.presence) {
        const item = lr === null ? null : scene.items.find(one => one.sweep.id === sweep);
        const x = item ? axes.toPx(frame, lr * 10 ** (scene.dx - item.place.dx)) : NaN;
        if (!(x >= frame.left && x <= right)) continue;
        seen.add(viewer);
        const node = this.node(viewer), tag = node.lastChild, row = taken.filter(other => Math.abs(other - x) < 90).length;
        taken.push(x);
        node.style.transform = `translateX(${x.toFixed(1)}px)`;
        node.style.top = `${frame.top}px`;
        node.style.height = `${frame.height}px`;
        node.style.setProperty('--c', this.chart.color(item.sweep));
        node.classList.toggle('is-flipped', x > right - TAG_PX || (mine > x + 3 && mine < x + TAG_PX)); // my line would go through the name
        tag.style.bottom = `${6 + row * ROW_PX}px`;
        say(tag, user);
      }
      for (const [viewer, node] of this.nodes) if (!seen.has(viewer)) { node.remove(); this.nodes.delete(viewer); }
    }

    /** Where my own marker stands, or NaN. */
    mine(frame) {
      const draft = this.store.begun() ? this.store.draft() : null;
      return draft ? axes.toPx(frame, draft.lr) : NaN;
    }

    node(viewer) {
      if (!this.nodes.has(viewer)) {
        const node = make('div', 'peer', [make('div', 'peer__line'), make('div', 'peer__tag')]);
        this.layer.append(node);
        this.nodes.set(viewer, node);
      }
      return this.nodes.get(viewer);
    }
  }

  lrscope.Presence = Presence;
})((window.lrscope = window.lrscope || {}));
