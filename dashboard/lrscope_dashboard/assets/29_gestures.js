/* Fingers and trackpads on the plot: two fingers stretch and move the rates, one reads the curves; the marker keeps its own. */
(function (lrscope) {
  'use strict';
  const {axes} = lrscope;
  const TWICE_MS = 320, NARROWEST = 0.1; // decades

  class Gestures {
    constructor(host, chart, store, hover) {
      this.host = host; this.chart = chart; this.store = store; this.hover = hover; this.fingers = new Map(); this.tapped = 0; this.moved = false;
      host.addEventListener('pointerdown', event => this.down(event));
      host.addEventListener('pointermove', event => this.move(event));
      for (const name of ['pointerup', 'pointercancel']) window.addEventListener(name, event => this.up(event));
      host.addEventListener('wheel', event => this.wheel(event), {passive: false});
    }

    x(event) { return event.clientX - this.chart.div.getBoundingClientRect().left; }

    down(event) {
      if (event.pointerType !== 'touch' || !this.hover.onPlot(event)) return;
      this.fingers.set(event.pointerId, this.x(event));
      this.moved = false;
      if (this.fingers.size === 1) this.hover.show(this.hover.place(event));
      if (this.fingers.size === 2) { this.grip(); this.hover.leave(); }
    }

    /** Remember which decades lie under the two fingers: they stay under them. */
    grip() {
      const frame = this.chart.frame(), at = px => frame.drawn[0] + ((px - frame.left) / frame.width) * (frame.drawn[1] - frame.drawn[0]);
      this.held = new Map([...this.fingers].map(([id, px]) => [id, at(px)]));
    }

    move(event) {
      if (!this.fingers.has(event.pointerId)) return;
      this.fingers.set(event.pointerId, this.x(event));
      this.moved = true;
      if (this.fingers.size === 1) this.hover.show(this.hover.place(event));
      if (this.fingers.size === 2) this.stretch();
    }

    stretch() {
      const frame = this.chart.frame(), [[a, pa], [b, pb]] = this.fingers, da = this.held.get(a), db = this.held.get(b);
      const perPx = (db - da) / (pb - pa);
      if (!(perPx > 0) || perPx * frame.width < NARROWEST || perPx * frame.width > 40) return;
      const low = da - (pa - frame.left) * perPx;
      this.zoom([low, low + frame.width * perPx]);
    }

    up(event) {
      if (!this.fingers.delete(event.pointerId)) return;
      if (this.moved) return;
      const now = performance.now();
      if (now - this.tapped < TWICE_MS) this.store.setView({zoom: null});
      this.tapped = now;
    }

    /** A trackpad's pinch comes as a wheel with Ctrl; sideways moves along the rates. Plain scrolling stays the page's. */
    wheel(event) {
      const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY), frame = this.chart.frame(), {zoom} = this.store.view;
      const [low, high] = (zoom && zoom.x) || frame.drawn; // several turns may come before the next draw
      if (!event.ctrlKey && !sideways) return;
      event.preventDefault();
      if (sideways) { const by = (event.deltaX / frame.width) * (high - low); this.zoom([low + by, high + by]); return; }
      const at = Math.log10(axes.toLr({...frame, x: [low, high]}, this.x(event))), by = Math.exp(event.deltaY / 200);
      if ((high - low) * by >= NARROWEST && (high - low) * by <= 40) this.zoom([at - (at - low) * by, at + (high - at) * by]);
    }

    zoom(x) { this.store.setView({zoom: {...this.store.view.zoom, x}}); }
  }

  lrscope.Gestures = Gestures;
})((window.lrscope = window.lrscope || {}));
