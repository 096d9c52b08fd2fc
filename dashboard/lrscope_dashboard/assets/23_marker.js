/* The marker: a handle over the plot with which the learning rate is chosen. Never part of a redraw. */
(function (lrscope) {
  'use strict';
  const {axes, numbers, words, smoothing} = lrscope;
  const {magnet} = lrscope.met;
  const {make, say, eachFrame} = lrscope.dom;
  const STEP = 1 / 20, LEAP = 1 / 4, HALF = 1 / 2; // decades: an arrow, with Shift, a page
  const MAGNET_PX = 6; // how near a sign on the plot pulls
  const SETTLED_MS = 200; // after the last move
  const REACH_PX = 1e5; // as far as it can be moved
  const HALF_TAG = 32; // pixels: half as wide as its tag, which stays as wide as it is whatever it says

  class Marker {
    constructor(layer, chart, store) {
      this.chart = chart; this.store = store; this.grab = 0; this.before = null; this.dragging = false; this.settling = 0; this.moved = null;
      this.tag = make('div', 'marker__tag', '');
      this.handle = make('div', 'marker__handle', [make('div', 'marker__line'), this.tag], {
        role: 'slider', tabindex: '0', 'aria-label': 'Learning rate', 'aria-orientation': 'horizontal',
      });
      this.dots = new lrscope.Dots(chart);
      this.node = make('div', 'marker', [this.handle, this.dots.node]);
      this.node.hidden = true;
      /* a paused animation, whose time is its place in pixels: what is animated is moved alone, and its other styles are not asked anew */
      this.slide = this.node.animate({transform: ['translateX(0)', `translateX(${REACH_PX}px)`]}, {duration: REACH_PX, fill: 'both'});
      this.slide.pause();
      layer.append(this.node);
      this.listen();
    }

    listen() {
      const {handle, chart, store} = this;
      handle.addEventListener('pointerdown', event => this.take(event));
      handle.addEventListener('pointermove', event => this.drag(event));
      handle.addEventListener('pointerup', () => this.drop());
      handle.addEventListener('pointercancel', () => this.restore());
      handle.addEventListener('lostpointercapture', () => this.drop());
      handle.addEventListener('keydown', event => this.key(event));
      handle.addEventListener('blur', () => { if (!this.dragging) this.before = null; });
      chart.onPaint(frame => this.paint(frame));
      this.soon = eachFrame(() => this.paint(chart.frame()));
      store.on('focus reading', this.soon);
      store.on('focus', () => this.leave());
      store.on('draft', () => {
        this.soon();
        clearTimeout(this.settling);
        this.settling = setTimeout(() => store.emit('settled'), SETTLED_MS);
      });
    }

    // ── moved by a hand ────────────────────────────────────────────────────────────────────────────────────────────

    take(event) {
      if (event.button !== 0) return;
      event.preventDefault(); event.stopPropagation();
      this.handle.focus({preventScroll: true});
      this.handle.setPointerCapture(event.pointerId);
      const draft = this.store.draft(), frame = this.chart.frame();
      this.before = draft.lr;
      draft.touched = true;
      this.dragging = true;
      this.signs = this.pulling(frame);
      this.grab = event.clientX - this.px(frame, this.before);
      this.node.classList.add('is-dragged');
    }

    drag(event) {
      if (!this.dragging) return;
      event.stopPropagation(); // what else hears the hand on the plot would measure a page that has just changed
      const frame = this.chart.frame(), px = event.clientX - this.grab;
      const lr = axes.toLr(frame, numbers.clamp(px, frame.left, frame.left + frame.width));
      this.move(event.shiftKey ? lr : magnet(px, this.signs, MAGNET_PX) ?? numbers.snap(lr));
    }

    /** What stands on the plot and pulls a little: the suggestion, saved picks, and the rules where they are shown. */
    pulling(frame) {
      const {store} = this, reading = store.readings.get(store.focus), suggestion = reading && reading.suggestion;
      const rates = suggestion ? [numbers.snap(suggestion)] : [];
      if (suggestion && store.view.rules) rates.push(...Object.values(reading.rules).filter(Boolean).map(numbers.snap));
      for (const sweep of store.shown()) if (sweep.pick) rates.push(sweep.pick.lr);
      return rates.map(lr => ({lr, px: axes.toPx(frame, lr)}));
    }

    drop() {
      if (!this.dragging) return;
      this.dragging = false; this.before = null;
      this.node.classList.remove('is-dragged');
      this.soon();
    }

    /** Another sweep, or none, is in focus: what was moved was the other one's marker. */
    leave() {
      if (this.store.focus === this.moved) return;
      this.moved = this.store.focus;
      this.drop();
      this.before = null;
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

    // ── moved by keys ──────────────────────────────────────────────────────────────────────────────────────────────

    key(event) {
      if (!this.store.focused()) return; // deleted, and the handle is still there until the next frame
      if (event.key === 'Escape') { event.preventDefault(); this.restore(); return; }
      const wanted = this.wanted(event);
      if (wanted === null || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault(); event.stopPropagation();
      if (this.before === null) this.before = this.store.draft().lr;
      this.move(wanted);
    }

    /** The rate a key asks for, or null. */
    wanted({key, shiftKey}) {
      const {lr} = this.store.draft(), [low, high] = this.store.bounds();
      if (key === 'Home' || key === 'End') return key === 'Home' ? low : high;
      if (key === 'PageUp' || key === 'PageDown') return numbers.step(lr, key === 'PageUp' ? HALF : -HALF);
      const way = {ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1}[key];
      return way ? numbers.step(lr, way * (shiftKey ? LEAP : STEP)) : null;
    }

    // ── shown ──────────────────────────────────────────────────────────────────────────────────────────────────────

    /** Its place; at the edge of the plot when the rate is out of view. */
    px(frame, lr) { return numbers.clamp(axes.toPx(frame, lr), frame.left, frame.left + frame.width); }

    paint(frame) {
      const draft = this.store.begun() ? this.store.draft() : null, {node} = this;
      node.hidden = !draft;
      if (!draft) return;
      const {lr} = draft, x = this.px(frame, lr), real = axes.toPx(frame, lr), right = frame.left + frame.width;
      this.slide.currentTime = Number(x.toFixed(1));
      node.style.top = `${frame.top}px`;
      node.style.height = `${frame.depth}px`;
      node.classList.toggle('is-left-of-view', real < frame.left - 1);
      node.classList.toggle('is-right-of-view', real > right + 1);
      say(this.tag, numbers.format(lr));
      const off = Math.max(0, 4 + HALF_TAG - x) - Math.max(0, x + HALF_TAG - right - 8);
      this.tag.style.marginLeft = off ? `${off.toFixed(1)}px` : '';
      if (!this.dragging) this.speak(lr); // a hand that drags is told where it rests
      this.dots.paint(frame, lr, Math.abs(real - x) < 1);
    }

    /** "3.2e-4; clean loss 2.31, sweet spot", for those who hear the page. */
    speak(lr) {
      const {store, handle} = this, sweep = store.focused(), [low, high] = store.bounds();
      const curve = store.curves.get(sweep.id), reading = store.readings.get(sweep.id), loss = curve ? smoothing.at(curve.line(store.view.smoothing), lr) : null;
      const place = [words.region(reading, lr), reading && reading.suggestion && numbers.snap(reading.suggestion) === lr && 'the suggestion'].filter(Boolean);
      const said = {
        'aria-valuemin': Math.log10(low).toFixed(3), 'aria-valuemax': Math.log10(high).toFixed(3), 'aria-valuenow': Math.log10(lr).toFixed(3),
        'aria-valuetext': `${numbers.format(lr, 3)}; ${[`${sweep.name} ${loss === null ? 'has no loss here' : `loss ${numbers.loss(loss)}`}`, ...place].join(', ')}`,
      };
      for (const [name, value] of Object.entries(said)) if (handle.getAttribute(name) !== value) handle.setAttribute(name, value);
    }
  }

  lrscope.Marker = Object.assign(Marker, {HALF_TAG});
})((window.lrscope = window.lrscope || {}));
