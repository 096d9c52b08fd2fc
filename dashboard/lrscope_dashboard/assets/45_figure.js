/* The pictures of Learn: measured curves as calm SVG, with the part that is spoken of in its colour. */
(function (lrscope) {
  'use strict';
  const {axes, paths, numbers} = lrscope;
  const {make} = lrscope.dom;
  const LEFT = 14, RIGHT = 14, TOP = 34, BOTTOM = 44;
  let clips = 0;

  function svg(tag, className, attributes = {}, children = []) {
    const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
    if (className) node.setAttribute('class', className);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  }

  /**
   * A scene: {label, curves: [{curve, look, raw, dim, name, until}], x: [low, high] in decades, bands: [region],
   * parts: [{from, to, look, text, at, side}], marks: [{lr, look, text}]}.
   */
  class Figure {
    constructor(host) {
      this.host = host; this.scene = null; this.frame = null;
      new ResizeObserver(() => this.draw()).observe(host);
    }

    show(scene) { this.scene = scene; this.draw(); }

    draw() {
      const {clientWidth: width, clientHeight: height} = this.host, {scene} = this;
      if (!scene || !width || !height) return;
      if (scene.draw) { this.put(width, height, scene.draw(width, height, svg)); return; }
      const {curves} = scene, lines = curves.map(({curve: {line, loss}}) => ({...line, raw: loss}));
      const frame = this.frame = {left: LEFT, width: width - LEFT - RIGHT, top: TOP, height: height - TOP - BOTTOM, x: scene.x, y: axes.lossRange(lines, {}), logY: false};
      const clip = `lesson-clip-${++clips}`;
      this.put(width, height, [
        svg('clipPath', '', {id: clip}, [svg('rect', '', {x: frame.left, y: frame.top, width: frame.width, height: frame.height})]),
        ...this.grid(frame), ...this.bands(frame),
        svg('g', '', {'clip-path': `url(#${clip})`}, curves.flatMap(one => this.curve(one, frame))),
        ...(scene.parts || []).flatMap(part => this.part(part, frame)), ...(scene.marks || []).flatMap(mark => this.mark(mark, frame)), ...curves.flatMap(one => this.name(one, frame)),
      ]);
    }

    put(width, height, children) {
      this.host.querySelector('svg')?.remove();
      this.host.prepend(svg('svg', 'figure', {viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': this.scene.label}, children));
    }

    grid(frame) {
      const {major} = axes.rateTicks(frame.x, frame.width), bottom = frame.top + frame.height, right = frame.left + frame.width;
      const decades = Array.from({length: Math.floor(frame.x[1]) - Math.ceil(frame.x[0]) + 1}, (_, k) => axes.toPx(frame, 10 ** (Math.ceil(frame.x[0]) + k)));
      const inside = major.map(({at, text}) => ({x: axes.toPx(frame, at), text})).filter(({x}) => x >= frame.left - 0.5 && x <= right + 0.5);
      return [
        ...decades.map(x => svg('line', 'figure__grid', {x1: x, x2: x, y1: frame.top, y2: bottom})),
        svg('line', 'figure__axis', {x1: frame.left, x2: right, y1: bottom, y2: bottom}),
        ...inside.filter(({x}) => x > 20 && x < right - 12).map(({x, text}) => words('figure__tick', x, bottom + 17, text, 'middle')),
        words('figure__unit', right, bottom + 35, 'learning rate →', 'end'), words('figure__unit', frame.left, bottom + 35, '↑ loss', 'start'),
      ];
    }

    bands(frame) {
      const right = frame.left + frame.width, x = lr => numbers.clamp(axes.toPx(frame, lr), frame.left, right);
      return (this.scene.bands || []).flatMap(({name, from, to}) => {
        const start = x(from), wide = x(to) - start;
        if (wide < 1) return [];
        const fits = wide > 5 * lrscope.parts.name(name).length;
        return [
          svg('rect', `figure__band is-${name}`, {x: start, y: frame.top, width: wide, height: frame.height}),
          svg('rect', `figure__cap is-${name}`, {x: start, y: frame.top - 3, width: Math.max(1, wide - 1), height: 3}),
          ...(fits ? [words('figure__region', start + wide / 2, frame.top - 10, lrscope.parts.name(name), 'middle')] : []),
        ];
      });
    }

    d(curve, frame, raw) {
      const pane = {width: frame.width, height: frame.height, x: frame.x, y: frame.y, logY: false};
      const x = raw ? Float64Array.from(curve.lr, Math.log10) : curve.line.x, y = raw ? curve.loss : curve.line.y, end = this.end(curve, frame), n = x.findLastIndex(one => one <= end) + 1;
      return paths.path(x.slice(0, n), y.slice(0, n), axes.PLAIN, pane);
    }

    /** The decade up to which a curve is drawn: where it leaves the view after its floor. What it does there is measured, and only jumps about. */
    end({line: {x, y}}, frame) {
      const floor = y.reduce((best, value, i) => (value < y[best] ? i : best), 0), gone = y.findIndex((value, i) => i > floor && value > frame.y[1]);
      return gone < 0 ? Infinity : x[gone];
    }

    /** The raw losses, the line, and once more those stretches of it that are spoken of. */
    curve({curve, look = '', raw = 'faint', dim = false, line = true}, frame) {
      const at = {transform: `translate(${frame.left} ${frame.top})`}, d = this.d(curve, frame, false);
      const end = 10 ** this.end(curve, frame), dots = raw === 'dots' && curve.lr.filter(lr => lr <= end).map((lr, i) => [axes.toPx(frame, lr), axes.toY(frame, curve.loss[i])]).filter(([, y]) => y >= frame.top);
      return [
        raw === 'faint' && svg('path', `figure__raw ${look}`, {d: this.d(curve, frame, true), ...at}),
        raw === 'strong' && svg('path', `figure__raw is-strong ${look}`, {d: this.d(curve, frame, true), ...at}),
        line && svg('path', `figure__line ${look}${dim ? ' is-dim' : ''}`, {d, ...at}),
        ...(this.scene.parts || []).filter(part => part.look && part.of === curve).flatMap(({from, to, look: colour}) => {
          const id = `lesson-clip-${++clips}`, x = axes.toPx(frame, from) - frame.left;
          return [svg('clipPath', '', {id}, [svg('rect', '', {x, y: -20, width: axes.toPx(frame, to) - frame.left - x, height: frame.height + 40})]), svg('path', `figure__part is-${colour}`, {d, 'clip-path': `url(#${id})`, ...at})];
        }),
        ...(dots || []).map(([cx, cy]) => svg('circle', `figure__dot ${look}`, {cx, cy, r: 2.6})),
      ].filter(Boolean);
    }

    y(curve, lr, frame) {
      const loss = lrscope.smoothing.at(curve.line, lr);
      return numbers.clamp(axes.toY(frame, loss === null ? frame.y[1] : loss), frame.top, frame.top + frame.height);
    }

    /** What is said of a part, beside it. `side`: above, below, left or right of the curve at the rate `at`. */
    part({of, from, to, at = Math.sqrt(from * to), text, side = 'above', look}, frame) {
      if (!text) return [];
      const x = axes.toPx(frame, at), y = this.y(of, at, frame), room = 14;
      const place = {above: [x, y - room, 'middle'], below: [x, y + room + 10, 'middle'], left: [x - room, y + 4, 'end'], right: [x + room, y + 4, 'start']}[side];
      return [words(`figure__said is-${look}`, place[0], place[1], text, place[2])];
    }

    mark({lr, look = '', text, of, side = 'right', low = false}, frame) {
      const x = axes.toPx(frame, lr), bottom = frame.top + frame.height, dot = of && svg('circle', `figure__knot ${look}`, {cx: x, cy: this.y(of, lr, frame), r: 4.5});
      const y = low ? bottom - 12 : frame.top + 16;
      return [svg('line', `figure__mark ${look}`, {x1: x, x2: x, y1: frame.top, y2: bottom}), ...(dot ? [dot] : []), ...(text ? [words(`figure__said ${look}`, x + (side === 'left' ? -9 : 9), y, text, side === 'left' ? 'end' : 'start')] : [])];
    }

    /** The curve's name where it is told from another. */
    name({curve, look = '', name, at}, frame) {
      return name ? [words(`figure__name ${look}`, axes.toPx(frame, at), this.y(curve, at, frame) - 12, name, 'start')] : [];
    }
  }

  function words(className, x, y, text, anchor) {
    const node = svg('text', className, {x, y, 'text-anchor': anchor});
    node.textContent = text;
    return node;
  }

  /** A marker over a figure that the learner moves: dragged, or with the arrow keys. */
  class Probe {
    constructor(figure, curve, tell) {
      this.figure = figure; this.curve = curve; this.tell = tell; this.lr = 1e-5; this.held = false;
      this.tag = make('span', 'probe__tag');
      this.node = make('div', 'probe', [make('span', 'probe__line'), this.tag], {role: 'slider', tabindex: '0', 'aria-label': 'Where to put the marker'});
      this.node.addEventListener('keydown', event => this.key(event));
      const {host} = figure;
      host.addEventListener('pointerdown', event => { if (!this.node.isConnected || event.button) return; this.held = true; host.setPointerCapture(event.pointerId); this.node.focus({preventScroll: true}); this.to(event); event.preventDefault(); });
      host.addEventListener('pointermove', event => { if (this.held) this.to(event); });
      for (const name of ['pointerup', 'pointercancel', 'lostpointercapture']) host.addEventListener(name, () => { this.held = false; });
      new ResizeObserver(() => this.paint()).observe(host);
    }

    get ends() { return this.figure.scene.x.map(decade => 10 ** decade); }

    to(event) { this.move(axes.toLr(this.figure.frame, event.clientX - this.figure.host.getBoundingClientRect().left)); }

    move(lr) {
      this.lr = numbers.snap(numbers.clamp(lr, ...this.ends));
      this.paint();
    }

    key(event) {
      const {key, shiftKey} = event, [low, high] = this.ends, way = {ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1}[key];
      const wanted = way ? numbers.step(this.lr, way * (shiftKey ? 1 / 4 : 1 / 20)) : {Home: low, End: high}[key];
      if (wanted === undefined) return;
      event.preventDefault(); event.stopPropagation();
      this.move(wanted);
    }

    paint() {
      const {frame} = this.figure, {node, lr} = this;
      if (!node.isConnected || !frame) return;
      const {region, text} = lrscope.parts.verdict(this.curve.reading, lr), x = axes.toPx(frame, lr), [low, high] = this.ends;
      node.style.left = `${x}px`;
      node.style.top = `${frame.top}px`;
      node.style.height = `${frame.height}px`;
      node.dataset.region = region;
      this.tag.textContent = numbers.format(lr);
      const said = {'aria-valuemin': Math.log10(low), 'aria-valuemax': Math.log10(high), 'aria-valuenow': Math.log10(lr).toFixed(3), 'aria-valuetext': `${numbers.format(lr)}, ${lrscope.parts.name(region)}`};
      for (const [name, value] of Object.entries(said)) node.setAttribute(name, value);
      this.tell(region, text);
    }
  }

  lrscope.Figure = Figure;
  lrscope.Probe = Probe;
})((window.lrscope = window.lrscope || {}));
