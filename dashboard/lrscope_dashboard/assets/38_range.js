/* The range of a new sweep on a small logarithmic axis: its rungs, two handles, and the range and curve it came from. */
(function (lrscope) {
  'use strict';
  const {axes, numbers, smoothing} = lrscope;
  const {make, say} = lrscope.dom;
  const {nice, near, marks, rungs} = lrscope.plan;
  const NS = 'http://www.w3.org/2000/svg', LOWEST = 1e-12, HIGHEST = 1e4, APART = 1.26; // a tenth of a decade
  const TOP = 30, HEIGHT = 74, PAD = 14;

  function shape(tag, attributes) {
    const node = document.createElementNS(NS, tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    return node;
  }

  class RangeAxis {
    /** `write(name, lr)`: a handle was moved. */
    constructor(host, write) {
      this.write = write; this.asked = null; this.ghost = null; this.domain = null; this.dragged = null;
      this.svg = shape('svg', {class: 'span__drawing', 'aria-hidden': 'true'});
      this.handles = {start_lr: this.handle('start_lr', 'Lowest rate'), end_lr: this.handle('end_lr', 'Highest rate')};
      this.text = make('p', 'span__text');
      this.odd = make('p', 'span__odd');
      this.stage = make('div', 'span__stage', [this.svg, ...Object.values(this.handles)]);
      host.replaceChildren(this.stage, this.text, this.odd);
      new ResizeObserver(() => this.draw()).observe(this.stage);
    }

    handle(name, label) {
      const node = make('div', `span__handle span__handle--${name}`, [make('span', 'span__rate')], {role: 'slider', tabindex: '0', 'aria-label': label, 'aria-orientation': 'horizontal'});
      node.addEventListener('keydown', event => this.key(event, name));
      node.addEventListener('pointerdown', event => this.grab(event, name));
      return node;
    }

    /** asked: {start_lr, end_lr, num_iter, mode}, rates may be null; ghost: {start_lr, end_lr, line, text} or null. */
    show(asked, ghost) {
      this.asked = asked; this.ghost = ghost;
      if (!this.dragged) this.domain = this.fit();
      this.draw();
    }

    get whole() { const {start_lr: low, end_lr: high} = this.asked; return low !== null && high !== null && high > low; }

    /** @returns {[number, number]} */
    fit() {
      const ends = [this.asked, this.ghost].filter(Boolean).flatMap(one => [one.start_lr, one.end_lr]).filter(lr => lr !== null && lr >= LOWEST && lr <= HIGHEST).map(Math.log10);
      return [Math.max(-12.2, Math.min(-8, ...ends) - 0.6), Math.min(4.2, Math.max(1, ...ends) + 0.6)];
    }

    frame() { return {left: PAD, width: Math.max(1, this.stage.clientWidth - 2 * PAD), top: TOP, height: HEIGHT - TOP, x: this.domain}; }

    bounds(name) {
      const {start_lr: low, end_lr: high} = this.asked;
      return name === 'start_lr' ? [LOWEST, high === null ? HIGHEST : high / APART] : [low === null ? LOWEST : low * APART, HIGHEST];
    }

    move(name, lr) {
      const [low, high] = this.bounds(name), rate = numbers.clamp(lr, low, high);
      const kept = rate === lr ? lr : numbers.snap(rate); // held back by the other handle: two digits are enough
      if (kept === this.asked[name]) return;
      this.asked = {...this.asked, [name]: kept};
      this.draw();
      this.write(name, kept);
    }

    key(event, name) {
      const lr = this.asked[name] ?? 1e-3, way = {ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10}[event.key];
      const [low, high] = this.bounds(name);
      if (event.key === 'Home') this.move(name, low);
      else if (event.key === 'End') this.move(name, high);
      else if (!way) return;
      else this.move(name, event.shiftKey || Math.abs(way) > 1 ? numbers.step(lr, Math.sign(way)) : nice(lr, way));
      event.preventDefault();
    }

    grab(event, name) {
      const node = this.handles[name];
      event.preventDefault();
      node.focus();
      node.setPointerCapture(event.pointerId);
      this.dragged = name;
      const go = moved => {
        const lr = axes.toLr(this.frame(), moved.clientX - this.stage.getBoundingClientRect().left);
        this.move(name, moved.shiftKey ? numbers.snap(lr) : near(lr));
      };
      const end = () => {
        node.removeEventListener('pointermove', go);
        this.dragged = null;
        this.show(this.asked, this.ghost);
      };
      node.addEventListener('pointermove', go);
      node.addEventListener('lostpointercapture', end, {once: true});
    }

    draw() {
      if (!this.asked || !this.stage.clientWidth) return;
      const frame = this.frame(), x = lr => axes.toPx(frame, lr).toFixed(1), floor = HEIGHT - 0.5;
      this.svg.setAttribute('viewBox', `0 0 ${this.stage.clientWidth} ${HEIGHT + 22}`);
      const parts = [shape('line', {class: 'span__axis', x1: PAD, x2: PAD + frame.width, y1: floor, y2: floor})];
      for (const {at, text} of axes.rateTicks(this.domain, frame.width * 1.25).major) {
        if (Math.log10(at) < this.domain[0] || Math.log10(at) > this.domain[1]) continue;
        const label = shape('text', {class: 'span__tick', x: x(at), y: HEIGHT + 16});
        label.textContent = text;
        parts.push(shape('line', {class: 'span__decade', x1: x(at), x2: x(at), y1: TOP, y2: HEIGHT + 4}), label);
      }
      if (this.ghost) parts.push(...this.ghostly(frame, x));
      if (this.whole) {
        const {start_lr: low, end_lr: high} = this.asked;
        parts.push(shape('rect', {class: 'span__range', x: x(low), y: TOP, width: Math.max(0, x(high) - x(low)).toFixed(1), height: HEIGHT - TOP}));
        const d = [...new Set(marks(this.asked, 400).map(lr => Math.round(axes.toPx(frame, lr) * 2) / 2))].map(px => `M${px} ${HEIGHT - 9}V${HEIGHT}`).join('');
        parts.push(shape('path', {class: 'span__rungs', d}));
      }
      this.svg.replaceChildren(...parts);
      for (const name of Object.keys(this.handles)) this.place(name, frame);
      const said = this.whole ? rungs(this.asked) : {text: 'The end must lie above the start.', odd: ''};
      say(this.text, said.text);
      say(this.odd, said.odd);
    }

    ghostly(frame, x) {
      const {start_lr: low, end_lr: high, line, text} = this.ghost, parts = [];
      parts.push(shape('rect', {class: 'span__was', x: x(low), y: HEIGHT - 3, width: Math.max(0, x(high) - x(low)).toFixed(1), height: 3}));
      if (line && line.y.length > 3) {
        const [bottom, top] = axes.lossRange([line]), within = {...frame, top: TOP + 3, height: HEIGHT - TOP - 14, y: [bottom, top]};
        const d = line.lr.map((lr, i) => `${x(lr)} ${numbers.clamp(axes.toY(within, line.y[i]), TOP + 2, HEIGHT).toFixed(1)}`).join('L');
        parts.push(shape('path', {class: 'span__ghost', d: `M${d}`}));
      }
      const label = shape('title', {});
      label.textContent = text;
      parts[0].append(label);
      return parts;
    }

    place(name, frame) {
      const node = this.handles[name], lr = this.asked[name], [low, high] = this.bounds(name);
      node.hidden = lr === null;
      if (lr === null) return;
      const px = numbers.clamp(axes.toPx(frame, lr), frame.left, frame.left + frame.width);
      node.style.transform = `translateX(${px.toFixed(1)}px)`;
      say(node.firstChild, numbers.format(lr));
      node.setAttribute('aria-valuemin', Math.log10(low).toFixed(2));
      node.setAttribute('aria-valuemax', Math.log10(high).toFixed(2));
      node.setAttribute('aria-valuenow', Math.log10(lr).toFixed(2));
      node.setAttribute('aria-valuetext', numbers.format(lr));
    }
  }

  lrscope.svg = {shape};
  lrscope.RangeAxis = RangeAxis;
})((window.lrscope = window.lrscope || {}));
