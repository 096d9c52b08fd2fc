/* The edge between list and plot: dragged, or moved by keys; kept for this browser. */
(function (lrscope) {
  'use strict';
  const MEMORY = 'lrscope.listWidth';
  const NARROW = 400, WIDE = 760, LEAST = 320, STEP = 32;
  const DECISION = 332, PLOT = 500; // what the panels beside it need

  class Splitter {
    constructor(handle, bench) {
      this.handle = handle; this.bench = bench;
      let kept = NaN;
      try { kept = Number(localStorage.getItem(MEMORY) || NaN); } catch (_) { /* private window */ }
      this.set(kept || NARROW);
      handle.addEventListener('pointerdown', event => { event.preventDefault(); handle.focus(); handle.setPointerCapture(event.pointerId); handle.classList.add('is-held'); });
      handle.addEventListener('pointermove', event => { if (handle.hasPointerCapture(event.pointerId)) this.set(event.clientX - bench.getBoundingClientRect().left); });
      handle.addEventListener('lostpointercapture', () => { handle.classList.remove('is-held'); this.keep(); });
      handle.addEventListener('dblclick', () => this.widen());
      handle.addEventListener('keydown', event => this.key(event));
      addEventListener('resize', () => this.set(this.wanted));
    }

    /** As wide as wanted, while the plot keeps room. */
    set(wanted) {
      this.wanted = wanted;
      const most = Math.max(NARROW, innerWidth - DECISION - PLOT);
      this.width = Math.round(Math.min(Math.max(LEAST, wanted), most));
      this.bench.style.setProperty('--list-width', `${this.width}px`);
      for (const [name, value] of [['now', this.width], ['min', LEAST], ['max', most]]) this.handle.setAttribute(`aria-value${name}`, value);
    }

    keep() { try { localStorage.setItem(MEMORY, String(this.width)); } catch (_) { /* private window */ } }

    /** Wide enough for its columns, or back to calm. */
    widen() { this.set(this.width > NARROW + 60 ? NARROW : WIDE); this.keep(); }

    key(event) {
      const wanted = {ArrowLeft: this.width - STEP, ArrowRight: this.width + STEP, Home: NARROW, End: WIDE}[event.key];
      if (wanted === undefined && event.key !== 'Enter') return;
      event.preventDefault(); event.stopPropagation();
      if (event.key === 'Enter') this.widen(); else { this.set(wanted); this.keep(); }
    }
  }

  lrscope.Splitter = Splitter;
})((window.lrscope = window.lrscope || {}));
