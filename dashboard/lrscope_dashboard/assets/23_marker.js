/* The marker: a handle over the plot with which the learning rate is chosen. Never part of a redraw. */
(function (lrscope) {
  'use strict';
  const {axes, numbers} = lrscope;
  const {make, say} = lrscope.dom;
  const STEP = 1 / 20, LEAP = 1 / 4; // decades, for an arrow, and with Shift
  const MAGNET_PX = 5; // how near the suggestion pulls

  class Marker {
    constructor(layer, chart, store) {
      this.chart = chart; this.store = store; this.grab = 0; this.before = null; this.dragging = false;
      this.tag = make('div', 'marker__tag', '');
      this.handle = make('div', 'marker__handle', [make('div', 'marker__line'), this.tag], {
        role: 'slider', tabindex: '0', 'aria-label': 'Learning rate', 'aria-orientation': 'horizontal',
      });
      this.node = make('div', 'marker', [this.handle]);
      this.dots = make('div', 'marker__dots');
      this.node.hidden = true;
      layer.append(this.dots, this.node);
      this.listen();
      chart.onPaint(frame => this.paint(frame));
      store.on('draft focus', () => chart.paint());
    }

    listen() {
      const {handle} = this;
      handle.addEventListener('pointerdown', event => this.take(event));
      handle.addEventListener('pointermove', event => this.drag(event));
      handle.addEventListener('pointerup', () => this.drop());
      handle.addEventListener('pointercancel', () => this.restore());
      handle.addEventListener('lostpointercapture', () => this.drop());
      handle.addEventListener('keydown', event => this.key(event));
      handle.addEventListener('blur', () => { if (!this.dragging) this.before = null; });
    }

    x(event) { return event.clientX - this.chart.div.getBoundingClientRect().left; }

    take(event) {
      if (event.button !== 0) return;
      event.preventDefault(); event.stopPropagation();
      this.handle.focus({preventScroll: true});
      this.handle.setPointerCapture(event.pointerId);
      const draft = this.store.draft();
      this.before = draft.lr;
      draft.touched = true;
      this.dragging = true;
      this.grab = this.x(event) - this.px(this.chart.frame(), this.before);
      this.node.classList.add('is-dragged');
    }

    drag(event) {
      if (!this.dragging) return;
      const frame = this.chart.frame(), px = this.x(event) - this.grab;
      const lr = axes.toLr(frame, numbers.clamp(px, frame.left, frame.left + frame.width));
      const reading = this.store.readings.get(this.store.focus);
      const near = reading && reading.suggestion && Math.abs(axes.toPx(frame, reading.suggestion) - px) < MAGNET_PX;
      this.move(near ? numbers.snap(reading.suggestion) : event.shiftKey ? lr : numbers.snap(lr));
    }

    drop() {
      if (!this.dragging) return;
      this.dragging = false; this.before = null;
      this.node.classList.remove('is-dragged');
    }

    /** Back to where this move began. */
    restore() {
      const {before} = this;
      this.drop();
      if (before !== null) this.move(before);
      this.before = null;
    }

    move(lr) {
      const bounded = numbers.clamp(lr, ...this.store.bounds());
      if (bounded !== this.store.draft().lr) this.store.choose(bounded, 'marker');
    }

    key(event) {
      if (event.key === 'Escape') { event.preventDefault(); this.restore(); return; }
      const way = {ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -2, PageUp: 2}[event.key];
      const [low, high] = this.store.bounds(), {lr} = this.store.draft();
      let wanted;
      if (way) wanted = numbers.step(lr, Math.abs(way) === 2 ? way / 2 : way * (event.shiftKey ? LEAP : STEP));
      else if (event.key === 'Home') wanted = low;
      else if (event.key === 'End') wanted = high;
      else return;
      event.preventDefault(); event.stopPropagation();
      if (this.before === null) this.before = lr;
      this.move(wanted);
    }

    /** Its place; at the edge of the plot when the rate is out of view. */
    px(frame, lr) { return numbers.clamp(axes.toPx(frame, lr), frame.left, frame.left + frame.width); }

    paint(frame) {
      const draft = this.store.begun() ? this.store.draft() : null, {node, handle} = this;
      node.hidden = !draft;
      this.dots.hidden = !draft;
      if (!draft) return;
      const {lr} = draft, x = this.px(frame, lr), real = axes.toPx(frame, lr), [low, high] = this.store.bounds();
      node.style.transform = `translateX(${x.toFixed(1)}px)`;
      node.style.top = `${frame.top}px`;
      node.style.height = `${frame.depth}px`;
      node.classList.toggle('is-left-of-view', real < frame.left - 1);
      node.classList.toggle('is-right-of-view', real > frame.left + frame.width + 1);
      say(this.tag, numbers.format(lr));
      const half = this.tag.offsetWidth / 2, right = frame.left + frame.width + 8;
      this.tag.style.setProperty('--shift', `${(Math.max(0, 4 + half - x) - Math.max(0, x + half - right)).toFixed(1)}px`);
      handle.setAttribute('aria-valuemin', Math.log10(low).toFixed(3));
      handle.setAttribute('aria-valuemax', Math.log10(high).toFixed(3));
      handle.setAttribute('aria-valuenow', Math.log10(lr).toFixed(3));
      handle.setAttribute('aria-valuetext', numbers.format(lr));
      this.paintDots(frame, lr, Math.abs(real - x) < 1 ? x : NaN);
    }

    /** A dot where the line meets each curve. */
    paintDots(frame, lr, x) {
      const met = this.chart.scene.meet(lr).filter(({loss}) => loss !== null);
      while (this.dots.childElementCount < met.length) this.dots.append(make('div', 'marker__dot'));
      [...this.dots.children].forEach((dot, i) => {
        const y = met[i] ? axes.toY(frame, met[i].y) : NaN;
        dot.hidden = !(x >= 0 && y >= frame.top && y <= frame.top + frame.height);
        if (dot.hidden) return;
        dot.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
        dot.style.setProperty('--c', this.chart.color(met[i].item.sweep));
      });
    }
  }

  lrscope.Marker = Marker;
})((window.lrscope = window.lrscope || {}));
