/* On the plot: the suggestion, the known rules, saved picks, and where each curve stands or leaves. */
(function (lrscope) {
  'use strict';
  const {axes, words, numbers} = lrscope;
  const {make, say} = lrscope.dom;
  const ROOM = 18; // height of a tag
  const MOST_NAMES = 8; // at the ends of curves

  class Signs {
    constructor(layer, chart, store) {
      this.layer = layer; this.chart = chart; this.store = store; this.nodes = new Map();
      chart.onPaint(frame => this.paint(frame));
      store.on('reading focus pick visible draft named', () => chart.paint());
    }

    paint(frame) {
      const used = new Set();
      this.rules(frame, used); this.suggestion(frame, used); this.picks(frame, used); this.heads(frame, used);
      for (const [key, node] of this.nodes) if (!used.has(key)) { node.remove(); this.nodes.delete(key); }
    }

    /** The node of a key, made at its first use, moved to x; null outside the plot. */
    put(key, used, frame, lr, build) {
      const x = axes.toPx(frame, lr);
      if (!(x >= frame.left - 1 && x <= frame.left + frame.width + 1)) return null;
      used.add(key);
      let node = this.nodes.get(key);
      if (!node) { node = build(); this.nodes.set(key, node); this.layer.append(node); }
      node.style.transform = `translateX(${x.toFixed(1)}px)`;
      node.style.top = `${frame.top}px`;
      node.style.height = `${frame.height}px`;
      return node;
    }

    /** Quiet ticks for the eye, when they are asked for; the list beside the reading names them for everybody, and moves the marker. */
    rules(frame, used) {
      const reading = this.store.readings.get(this.store.focus);
      if (!reading || reading.suggestion === null || !this.store.view.rules) return;
      for (const [name, lr] of Object.entries(reading.rules)) {
        if (lr === null) continue;
        const label = () => `${words.RULES[name] || name.replaceAll('_', ' ')} ${numbers.format(lr)}`;
        const node = this.put(`rule-${name}`, used, frame, lr, () => make('div', 'rule', [make('div', 'rule__tick'), make('div', 'rule__name')], {'aria-hidden': 'true'}));
        if (!node) continue;
        say(node.lastChild, label());
        node.classList.toggle('is-named', this.store.named === name);
        node.classList.toggle('is-flipped', axes.toPx(frame, lr) > frame.left + 0.75 * frame.width);
      }
    }

    suggestion(frame, used) {
      const reading = this.store.readings.get(this.store.focus);
      if (!reading || reading.suggestion === null) return;
      this.put('suggestion', used, frame, reading.suggestion, () => make('div', 'suggestion', [
        make('div', 'suggestion__line'), make('div', 'suggestion__flag', null, {title: 'The suggestion'}),
      ]));
    }

    picks(frame, used) {
      const picked = this.store.shown().filter(sweep => sweep.pick);
      const {focus} = this.store, draft = this.store.draft();
      const tops = this.rows(picked, frame);
      picked.forEach((sweep, i) => {
        const {pick} = sweep;
        const node = this.put(`pick-${sweep.id}`, used, frame, pick.lr, () => make('div', 'pick', [make('div', 'pick__line'), make('div', 'pick__tag')]));
        if (!node) return;
        const tag = node.lastChild, x = axes.toPx(frame, pick.lr);
        node.style.setProperty('--c', this.chart.color(sweep));
        node.classList.toggle('is-focus', sweep.id === focus);
        node.classList.toggle('is-under', Boolean(draft) && sweep.id === focus && draft.lr === pick.lr);
        node.classList.toggle('is-flipped', x > frame.left + 0.8 * frame.width);
        tag.style.top = `${tops[i]}px`;
        say(tag, `${pick.author} · ${numbers.format(pick.lr)}`);
        tag.title = `${sweep.name}: ${numbers.format(pick.lr)} picked by ${pick.author}${pick.note ? `\n${pick.note}` : ''}`;
      });
    }

    /** Tags that would touch go below each other. */
    rows(picked, frame) {
      const ends = [];
      return [...picked].map(sweep => {
        const x = axes.toPx(frame, sweep.pick.lr), width = 7 * (sweep.pick.author.length + 9);
        let row = ends.findIndex(spans => spans.every(([a, b]) => x > b || x + width < a));
        if (row < 0) row = ends.push([]) - 1;
        ends[row].push([x, x + width]);
        return 6 + row * (ROOM + 2);
      });
    }

    heads(frame, used) {
      const shown = this.chart.standing.map(({sweep, line}) => ({sweep, at: this.end(line, frame)})).filter(({at}) => at);
      const tops = axes.spread(shown.map(({at}) => at.y), 15, 2, frame.height - 6);
      shown.forEach(({sweep, at}, i) => {
        const node = this.put(`head-${sweep.id}`, used, frame, at.lr, () => make('div', 'head', [make('div', 'head__dot'), make('div', 'head__name')]));
        if (!node) return;
        node.style.setProperty('--c', this.chart.color(sweep));
        node.className = `head head--${sweep.status}${at.leaves ? ' head--leaves' : ''}${sweep.id === this.store.focus ? ' is-focus' : ''}`;
        node.firstChild.style.top = `${at.y}px`;
        node.lastChild.hidden = at.leaves || shown.length > MOST_NAMES;
        node.lastChild.style.top = `${tops[i]}px`;
        say(node.lastChild, sweep.name);
        node.classList.toggle('is-flipped', axes.toPx(frame, at.lr) > frame.left + frame.width - 90);
      });
    }

    /** Where a line ends in view: its last point, or where it goes through the top. */
    end(line, frame) {
      const n = line.x.length;
      if (!n) return null;
      const top = frame.logY ? 10 ** frame.y[1] : frame.y[1];
      let last = n - 1;
      if (!(line.y[last] > top)) return this.point(line, last, frame, false);
      while (last > 0 && line.y[last - 1] > top) last--;
      if (last === 0) return null;
      const share = (top - line.y[last - 1]) / (line.y[last] - line.y[last - 1]);
      return {lr: 10 ** (line.x[last - 1] + share * (line.x[last] - line.x[last - 1])), y: 0, leaves: true};
    }

    point(line, i, frame, leaves) {
      const y = axes.toY(frame, line.y[i]) - frame.top;
      return y >= -2 && y <= frame.height + 2 ? {lr: 10 ** line.x[i], y, leaves} : null;
    }
  }

  lrscope.Signs = Signs;
})((window.lrscope = window.lrscope || {}));
