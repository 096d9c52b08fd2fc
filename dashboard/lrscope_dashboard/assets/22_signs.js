/* On the plot: the suggestion, the known rules, saved picks, and where each curve stands or leaves. */
(function (lrscope) {
  'use strict';
  const {axes, words, numbers} = lrscope;
  const {make, say} = lrscope.dom;
  const ROOM = 18; // height of a tag
  const LINE = 15; // height of a name at the end of a curve
  const NAME = [6.3, 12, 138]; // pixels of a letter, around a name, at most

  class Signs {
    constructor(layer, chart, store) {
      this.layer = layer; this.chart = chart; this.store = store; this.nodes = new Map(); this.heads = {key: '', names: []};
      chart.onPaint(frame => this.paint(frame));
      store.on('reading focus pick visible settled named', () => chart.paint());
    }

    paint(frame) {
      const used = new Set();
      this.rules(frame, used); this.suggestion(frame, used); this.picks(frame, used); this.ends(frame, used);
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
      node.style.height = `${frame.depth}px`;
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
      const {focus} = this.store, draft = this.store.draft(), aligned = this.store.view.align === 'pick';
      const picked = this.store.shown().filter(sweep => sweep.pick && (!aligned || sweep.id === focus));
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

    /** A dot, an arrow or a name where each curve ends. Only a draw changes them, not the marker. */
    ends(frame, used) {
      const {chart, store} = this, key = [chart.draws, store.focus, frame.x, frame.y, frame.width, frame.height].join();
      if (key !== this.heads.key) this.heads = {key, names: this.placeEnds(frame)};
      for (const name of this.heads.names) used.add(name);
    }

    placeEnds(frame) {
      const {chart, store} = this, made = new Set(), taken = this.obstacles();
      const found = chart.standing.map(item => ({item, at: this.end(item, frame)})).filter(({at}) => at).reverse();
      for (const {item, at} of found) {
        const {sweep} = item, lr = chart.shift(sweep, at.lr), flipped = axes.toPx(frame, lr) > frame.left + frame.width - 90;
        const node = this.put(`head-${sweep.id}`, made, frame, lr, () => make('div', 'head', [make('div', 'head__dot'), make('div', 'head__name')]));
        if (!node) continue;
        const label = chart.scene.label(item), top = label === null ? null : this.room(label, axes.toPx(frame, lr), at.y, flipped, frame, taken);
        node.style.setProperty('--c', chart.color(sweep));
        node.className = `head head--${sweep.status}${at.leaves ? ' head--leaves' : ''}${sweep.id === store.focus ? ' is-focus' : ''}${flipped ? ' is-flipped' : ''}`;
        node.firstChild.style.top = `${at.y}px`;
        node.lastChild.hidden = top === null;
        if (top === null) continue;
        node.lastChild.style.top = `${top + LINE / 2}px`;
        say(node.lastChild, label);
      }
      return [...made];
    }

    /** What names must not cover: the tags of picks. */
    obstacles() {
      return [...this.nodes].filter(([key]) => key.startsWith('pick-')).map(([, node]) => {
        const x = parseFloat(node.style.transform.slice(11)), top = parseFloat(node.lastChild.style.top);
        return [x - 2, x + node.lastChild.offsetWidth + 8, top, top + ROOM];
      });
    }

    /** The height nearest to the curve's end at which a name covers no other; null where there is none. */
    room(label, x, y, flipped, frame, taken) {
      const [letter, around, most] = NAME, width = Math.min(most, letter * label.length + around);
      const [from, to] = flipped ? [x - width, x] : [x, x + width];
      for (const shift of [0, 1, -1, 2, -2, 3, 4, 5]) {
        const top = numbers.clamp(y - LINE / 2, 1, frame.height - LINE) + shift * LINE;
        if (top < 0 || top > frame.height - LINE) continue;
        if (taken.some(([a, b, c, d]) => from < b && to > a && top < d && top + LINE > c)) continue;
        taken.push([from, to, top, top + LINE]);
        return top;
      }
      return null;
    }

    /** Where a line ends in view: its last point, where it goes out at the right, or where it goes through the top. */
    end({line, place}, frame) {
      const right = frame.drawn[1] + place.dx, top = (frame.logY ? 10 ** frame.y[1] : frame.y[1]) * place.scale + place.shift;
      let last = line.x.length - 1;
      while (last > 0 && line.x[last] > right) last--;
      if (last < 0 || line.x[last] > right) return null;
      if (!(line.y[last] > top)) return this.point(line, place, last, frame);
      while (last > 0 && line.y[last - 1] > top) last--;
      if (last === 0) return null;
      const share = (top - line.y[last - 1]) / (line.y[last] - line.y[last - 1]);
      return {lr: 10 ** (line.x[last - 1] + share * (line.x[last] - line.x[last - 1])), y: 0, leaves: true};
    }

    point(line, {shift, scale}, i, frame) {
      const y = axes.toY(frame, (line.y[i] - shift) / scale) - frame.top;
      return y >= -2 && y <= frame.height + 2 ? {lr: 10 ** line.x[i], y, leaves: false} : null;
    }
  }

  lrscope.Signs = Signs;
})((window.lrscope = window.lrscope || {}));
