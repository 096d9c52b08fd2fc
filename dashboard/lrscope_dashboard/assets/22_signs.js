/* On the plot: the suggestion, the known rules, saved picks, and where each curve stands or leaves. */
(function (lrscope) {
  'use strict';
  const {axes, words, numbers} = lrscope;
  const {make, say} = lrscope.dom;
  const ROOM = 18; // height of a tag
  const LINE = 15; // height of a name at the end of a curve
  const FEW = 10; // curves whose ends all have their names, and whose names keep off the curves
  const GAP = 6, LEAST = 48; // pixels between a curve and its name, and of the shortest name that is cut
  const BEYOND = 12; // pixels that a name may stand out at the right of the plot
  const NAME = [6.3, 12, 138]; // pixels of a letter, around a name, at most

  const LOWEST = 28; // above the marker, below what is said under the pointer
  const wide = text => NAME[0] * text.length + 2 * NAME[1]; // about how many pixels a name takes

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
      node.style.left = `${x.toFixed(1)}px`;
      node.style.top = `${frame.top}px`;
      node.style.height = `${frame.depth}px`;
      return node;
    }

    /** Quiet ticks for the eye, when they are asked for; the list beside the reading names them for everybody, and moves the marker. */
    rules(frame, used) {
      const reading = this.store.readings.get(this.store.focus);
      if (!reading || reading.suggestion === null || !this.store.view.rules) return;
      /** @type {any[]} */ const taken = [];
      const found = Object.entries(reading.rules).filter(([, lr]) => lr !== null).sort(([, a], [, b]) => b - a);
      for (const [name, lr] of found) {
        const label = () => `${words.RULES[name] || name.replaceAll('_', ' ')} ${numbers.format(lr)}`;
        const node = this.put(`rule-${name}`, used, frame, lr, () => make('div', 'rule', [make('div', 'rule__tick'), make('div', 'rule__name')], {'aria-hidden': 'true'}));
        if (!node) continue;
        say(node.lastChild, label());
        const all = this.store.named === '*', flipped = axes.toPx(frame, lr) + wide(label()) > frame.left + frame.width + BEYOND;
        node.classList.toggle('is-named', all || this.store.named === name);
        node.classList.toggle('is-flipped', flipped);
        node.classList.toggle('is-one-of-all', all);
        const row = all ? this.shelf(taken, axes.toPx(frame, lr), flipped, label()) : 0;
        node.style.setProperty('--rise', `${22 + row * (ROOM + 4)}px`);
        node.style.zIndex = all ? String(LOWEST - row) : ''; // a line goes behind the names it passes
      }
    }

    /** How high a name has to stand to be above all that it would cover: from the right to the left they are stairs, and no line crosses a name. */
    shelf(taken, x, flipped, text) {
      const width = wide(text), from = flipped ? x - width : x;
      const row = 1 + Math.max(-1, ...taken.filter(([a, b]) => from < b && from + width > a).map(([, , c]) => c));
      taken.push([from, from + width, row]);
      return row;
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
      const paths = found.length <= FEW ? found.map(({item}) => this.path(item, frame)) : [];
      for (const [i, {item, at}] of found.entries()) {
        const {sweep} = item, lr = chart.shift(sweep, at.lr), x = axes.toPx(frame, lr), focus = sweep.id === store.focus;
        const node = this.put(`head-${sweep.id}`, made, frame, lr, () => make('div', 'head', [make('div', 'head__dot'), make('div', 'head__name')]));
        if (!node) continue;
        const label = chart.scene.label(item), room = label === null || !paths.length ? null : this.room(label, paths[i], at.y, frame, taken, paths);
        node.style.setProperty('--c', chart.color(sweep));
        node.className = `head head--${sweep.status}${at.leaves ? ' head--leaves' : ''}${focus ? ' is-focus' : ''}${room && room.flipped ? ' is-flipped' : ''}`;
        node.firstChild.style.top = `${at.y}px`;
        node.lastChild.hidden = !room;
        if (!room) continue;
        node.lastChild.style.top = `${room.top + LINE / 2}px`;
        Object.assign(node.lastChild.style, {left: room.flipped ? 'auto' : `${room.left - x}px`, right: room.flipped ? `${x - room.right}px` : 'auto', maxWidth: `${Math.ceil(room.right - room.left)}px`});
        say(node.lastChild, label);
      }
      return [...made];
    }

    /** What names must not cover: the tags of picks. */
    obstacles() {
      return [...this.nodes].filter(([key]) => key.startsWith('pick-')).map(([, node]) => {
        const x = parseFloat(node.style.left), top = parseFloat(node.lastChild.style.top);
        return [x - 2, x + node.lastChild.offsetWidth + 8, top, top + ROOM];
      });
    }

    /** A curve in pixels, below the top of the plot: what names must not cover either. */
    path({line, place: {dx, shift, scale}}, frame) {
      return Array.from(line.x, (x, i) => [axes.toPx(frame, 10 ** (x - dx + this.chart.scene.dx)), axes.toY(frame, (line.y[i] - shift) / scale) - frame.top]);
    }

    /**
     * {top, left, right, flipped}: beside the curve, at the height nearest to its end where a name covers no other and
     * no curve; null where there is none. Close to the right edge a name may be cut short.
     */
    room(label, own, y, frame, taken, paths) {
      const [letter, around, most] = NAME, wanted = Math.min(most, letter * label.length + around), edge = frame.left + frame.width + BEYOND;
      for (const row of [0, 1, -1, 2, -2, 3, 4, 5, 6, 7, 8]) {
        const top = numbers.clamp(y - LINE / 2, 1, frame.height - LINE) + row * LINE, [low, high] = own ? reach(own, top, top + LINE) || [0, 0] : [0, 0];
        if (!high || top < 0 || top > frame.height - LINE) continue;
        for (const flipped of [false, true]) {
          const width = flipped ? wanted : Math.min(wanted, edge - high - GAP), left = flipped ? low - GAP - width : high + GAP;
          const box = [left, left + width, top, top + LINE];
          if (width < Math.min(wanted, LEAST) || left < frame.left || taken.some(other => meets(box, other)) || paths.some(path => crosses(path, box))) continue;
          taken.push(box);
          return {top, left, right: left + width, flipped};
        }
      }
      return null;
    }

    /** Where a line ends in view: its last point, where it goes out at the right, or where its blow-up or its last climb goes through the top. */
    end({line, place, end}, frame) {
      const right = frame.drawn[1] + place.dx, top = (frame.logY ? 10 ** frame.y[1] : frame.y[1]) * place.scale + place.shift;
      let last = line.x.length - 1;
      while (last > 0 && line.x[last] > right) last--;
      if (last < 0 || line.x[last] > right) return null;
      if (end <= last && line.y[end - 1] > top) last = end - 1;
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

  /** @type {(one: any, other: any) => boolean} */
  const meets = ([a, b, c, d], [e, f, g, h]) => a < f && b > e && c < h && d > g;

  /** The lowest and the highest x of a curve between two heights, or null.
   * @type {(path: any, top: number, bottom: number, left?: number, right?: number) => [number, number] | null} */
  const reach = (path, top, bottom, left = -Infinity, right = Infinity) => {
    let low = Infinity, high = -Infinity;
    for (let i = 1; i < path.length; i++) {
      const [x0, y0] = path[i - 1], [x1, y1] = path[i];
      if (x1 < left || x0 > right || Math.max(y0, y1) < top || Math.min(y0, y1) > bottom) continue;
      for (const y of [numbers.clamp(y0, top, bottom), numbers.clamp(y1, top, bottom)]) {
        const x = y1 === y0 ? x1 : x0 + ((y - y0) / (y1 - y0)) * (x1 - x0);
        low = Math.min(low, x); high = Math.max(high, x);
      }
      if (y0 === y1) low = Math.min(low, x0);
    }
    return low <= high ? [low, high] : null;
  };

  /** Whether a curve goes through a box.
   * @type {(path: any, box: any) => boolean} */
  const crosses = (path, [left, right, top, bottom]) => {
    const found = reach(path, top, bottom, left, right);
    return Boolean(found) && found[0] < right && found[1] > left;
  };

  lrscope.Signs = Signs;
})((window.lrscope = window.lrscope || {}));
