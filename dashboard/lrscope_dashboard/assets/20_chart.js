/* The plot: one Plotly div that nothing else touches, for the axes; the curves in it, drawn as often as they can be afforded. */
(function (lrscope) {
  'use strict';
  const {axes, colors, Curves, Scene} = lrscope;
  const CHEAP_MS = 8; // a draw up to this long may come with every frame
  const LONGEST_MS = 250; // between draws, however dear they are
  const MARGIN = {l: 46, r: 14, t: 30, b: 46, pad: 0};
  const PANE = 0.27, GAP = 0.06; // shares of the height: the second pane, and what lies between
  const CONFIG = {
    displayModeBar: false, displaylogo: false, showSendToCloud: false, doubleClick: false, scrollZoom: false,
    showTips: false, responsive: false,
  };

  const NOTHING = {type: 'scatter', mode: 'lines', x: [null], y: [null], hoverinfo: 'skip'};

  const fingers = () => matchMedia('(pointer: coarse)').matches;
  const token = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  class Chart {
    constructor(div, store) {
      this.div = div; this.store = store; this.cost = 30; this.last = 0; this.queued = false; this.held = this.touched = false;
      this.missed = false; this.revision = 0; this.shownY = null; this.painters = []; this.draws = 0; this.redraws = 0;
      this.standing = []; this.key = ''; this.hues = new Map(); this.curves = new Curves(div);
      this.palette();
      this.scene = new Scene(store, sweep => this.color(sweep));
      this.ready = Plotly.newPlot(div, [], this.layout(this.scene), CONFIG).then(() => this.listen());
    }

    listen() {
      const {div, store} = this;
      store.on('points', id => this.shows(id) && this.dirty());
      store.on('sweeps visible focus pick', () => this.dirty());
      store.on('view', change => this.viewed(change));
      div.on('plotly_relayout', change => this.zoomed(change));
      div.on('plotly_relayouting', () => this.paint());
      div.on('plotly_doubleclick', () => this.touched || store.setView({zoom: null})); // two fingers that come down together are none
      div.addEventListener('pointerdown', event => {
        this.touched = event.pointerType === 'touch';
        this.held = !(this.touched && fingers()); // Plotly drags nothing then
      });
      for (const name of ['pointerup', 'pointercancel']) window.addEventListener(name, () => this.release());
      document.addEventListener('visibilitychange', () => document.hidden || this.dirty());
      new MutationObserver(() => { this.palette(); this.dirty(); }).observe(document.documentElement, {attributes: true, attributeFilter: ['data-mantine-color-scheme']});
      new ResizeObserver(() => this.resize()).observe(div.parentElement);
      if (document.fonts) document.fonts.ready.then(() => { this.key = ''; this.dirty(); });
    }

    palette() {
      this.ground = token('--surface') || '#ffffff'; this.hues.clear();
      this.ink = token('--ink-3'); this.grid = token('--grid'); this.axis = token('--axis'); this.font = token('--font');
      this.good = token('--good'); this.strong = token('--ink');
    }

    color({color}) {
      if (!this.hues.has(color)) this.hues.set(color, colors.onGround(color, this.ground));
      return this.hues.get(color);
    }

    shows(id) { return this.store.visible.has(id); }

    viewed(change) {
      if ('zoom' in change) this.last = 0; // Plotly has just drawn its axes: the curves must follow at once
      if (['logLoss', 'showAll', 'normalise', 'align', 'group'].some(name => name in change)) this.shownY = null;
      this.dirty();
    }

    // ── when ───────────────────────────────────────────────────────────────────────────────────────────────────────

    /** Draw with the next frame; the dearer drawing is, the longer it rests after. */
    dirty() {
      if (this.queued) return;
      this.queued = true;
      const rest = Math.min(LONGEST_MS, 1.5 * Math.max(0, this.cost - CHEAP_MS));
      const wait = rest - (performance.now() - this.last), frame = () => requestAnimationFrame(() => this.draw());
      if (wait > 4) setTimeout(frame, wait); else frame();
    }

    /** A drag on the plot is never disturbed: what comes meanwhile is drawn after it. */
    release() {
      this.held = false;
      if (this.missed) { this.missed = false; this.dirty(); }
    }

    async draw() {
      this.queued = false;
      if (this.held || document.hidden || this.store.view.layout !== 'overlay') { this.missed = true; return; }
      const began = performance.now();
      this.scene = new Scene(this.store, sweep => this.color(sweep));
      this.standing = this.scene.items;
      const layout = this.layout(this.scene), key = JSON.stringify(layout);
      if (key !== this.key) await this.redraw(layout, key);
      this.curves.draw(this.scene.strokes, this.frame());
      this.draws += 1;
      this.paintNow();
      afterPaint(() => { this.last = performance.now(); this.cost = 0.7 * this.cost + 0.3 * (this.last - began); });
    }

    /** The axes changed: Plotly lays them out, with a trace of nothing for each pane, since it has no panes without. */
    async redraw(layout, key) {
      this.revision += 1; this.redraws += 1;
      await Plotly.react(this.div, layout.yaxis2 ? [NOTHING, {...NOTHING, yaxis: 'y2'}] : [NOTHING], {...layout, datarevision: this.revision}, CONFIG);
      this.key = key;
    }

    /** Asked of the page once for each size: asking lays it out anew. */
    width() { return this.size ? this.size[0] : this.div.clientWidth; }

    resize() {
      const {clientWidth: width, clientHeight: height} = this.div;
      if (!width || !height || (this.size && this.size[0] === width && this.size[1] === height)) return;
      this.size = [width, height];
      Plotly.Plots.resize(this.div).then(() => { this.key = ''; this.curves.draw(this.scene.strokes, this.frame()); this.dirty(); this.paint(); });
    }

    // ── the axes ───────────────────────────────────────────────────────────────────────────────────────────────────

    /** What Plotly lays out: both ranges, the ticks, and a second pane where a series is asked for. */
    layout(scene) {
      const {view} = this.store, {zoom, logLoss, align} = view, aligned = align === 'pick';
      this.shownY = axes.settle(this.shownY, axes.lossRange(scene.items.map(({line, place}) => ({...line, place})), {all: view.showAll, logY: logLoss}));
      const x = (zoom && zoom.x) || axes.rateRange(aligned ? scene.items.map(({sweep}) => sweep) : this.store.shown(), sweep => (aligned ? sweep.pick.lr : 1));
      const ticks = axes.rateTicks(x, this.width() - MARGIN.l - MARGIN.r, aligned ? '×' : '');
      const common = {
        zeroline: false, showline: false, color: this.ink, gridcolor: this.grid, tickfont: {size: 11, family: this.font, color: this.ink},
        ticks: 'outside', tickcolor: this.axis, fixedrange: false, automargin: false,
      };
      const pane = scene.strokes.some(({axis}) => axis === 'y2');
      return {
        autosize: true, showlegend: false, hovermode: false, dragmode: fingers() ? false : 'zoom',
        margin: MARGIN, paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)', font: {family: this.font, size: 11, color: this.ink},
        newshape: {}, selectionrevision: 0,
        xaxis: {
          ...common, type: 'log', range: [...x], anchor: pane ? 'y2' : 'y', tickmode: 'array', ticklen: 5, tickvals: ticks.major.map(t => t.at), ticktext: ticks.major.map(t => t.text),
          minor: {tickmode: 'array', tickvals: ticks.minor, ticks: 'outside', ticklen: 2.5, tickcolor: this.axis, showgrid: false}, showline: true, linecolor: this.axis,
        },
        yaxis: {...common, ...this.lossAxis((zoom && zoom.y) || this.shownY, logLoss), domain: [pane ? PANE + GAP : 0, 1], showticklabels: scene.items.length > 0},
        ...(pane ? {yaxis2: {...common, type: 'linear', range: this.paneRange(scene), domain: [0, PANE], ticks: '', nticks: 4, exponentformat: 'e', showline: false}} : {}),
      };
    }

    lossAxis(range, logLoss) {
      const span = range[1] - range[0];
      return {type: logLoss ? 'log' : 'linear', range: [...range], ticks: '', nticks: 7, ...(logLoss ? {dtick: span > 2 ? 1 : span > 0.5 ? 'D1' : undefined, exponentformat: 'e'} : {})};
    }

    paneRange(scene) {
      const {zoom, pane} = this.store.view;
      if (this.shownPane !== pane) { this.shownPane = pane; this.shownY2 = null; }
      const columns = scene.strokes.filter(({axis}) => axis === 'y2').map(({parts}) => parts[0].y);
      this.shownY2 = axes.settle(this.shownY2, axes.valueRange(columns));
      return [...((zoom && zoom.y2) || this.shownY2)];
    }

    zoomed(change) {
      const range = name => (change[`${name}.range[0]`] !== undefined ? [change[`${name}.range[0]`], change[`${name}.range[1]`]] : change[`${name}.range`]);
      const x = range('xaxis'), y = range('yaxis'), y2 = range('yaxis2');
      if (!x && !y && !y2) return;
      const before = this.store.view.zoom || {};
      this.key = '';
      this.store.setView({zoom: {x: x || before.x, y: y || before.y, y2: y2 || before.y2}});
    }

    // ── where ──────────────────────────────────────────────────────────────────────────────────────────────────────

    /**
     * The drawn geometry, for everything that lies over the plot. `x` is in decades of the focused sweep's own rates,
     * also when the axis counts in its pick; `drawn` is what the axis says. `depth`: down to the foot of the last pane.
     */
    frame() {
      const full = this.div._fullLayout, {xaxis, yaxis, yaxis2} = full; // pinned plotly.js; tests hold this
      const below = yaxis2 && yaxis2._length && this.scene.strokes.some(({axis}) => axis) ? {top: yaxis2._offset, height: yaxis2._length, y: [...yaxis2.range], logY: false} : null;
      const {dx} = this.scene, drawn = [...xaxis.range];
      return {
        left: xaxis._offset, width: xaxis._length, top: yaxis._offset, height: yaxis._length, total: full.height, drawn,
        x: [drawn[0] + dx, drawn[1] + dx], y: [...yaxis.range], logY: yaxis.type === 'log', pane: below,
        depth: (below ? below.top + below.height : yaxis._offset + yaxis._length) - yaxis._offset,
      };
    }

    /** A rate of another sweep in the focused one's: where it is drawn. They differ only when curves are aligned. */
    shift(sweep, lr) {
      const item = this.standing.find(one => one.sweep.id === sweep.id);
      return item ? lr * 10 ** (this.scene.dx - item.place.dx) : lr;
    }

    /** Called after each draw and while panning, once a frame. */
    onPaint(painter) { this.painters.push(painter); }

    paint() {
      if (this.painting) return;
      this.painting = true;
      requestAnimationFrame(() => { this.painting = false; this.paintNow(); });
    }

    paintNow() {
      if (!this.div._fullLayout || !this.div._fullLayout.xaxis) return;
      const frame = this.frame();
      for (const painter of this.painters) painter(frame);
    }
  }

  /** A stroke as a Plotly trace, for a picture to keep: all of its points, its parts with a gap between them. */
  function trace(/** @type {any} */ {uid, axis, style: {color, width, dash = 'solid', fill}, parts, low}) {
    const x = [], y = [];
    for (const one of parts) {
      const {dx, shift, scale} = one.place;
      if (x.length) { x.push(null); y.push(null); }
      for (let k = 0; k < one.x.length; k++) { x.push(10 ** (one.x[k] - dx)); y.push((one.y[k] - shift) / scale); }
    }
    if (low) for (let k = x.length - 1; k >= 0; k--) { x.push(x[k]); y.push(low[k]); }
    return {
      type: 'scatter', mode: 'lines', uid, name: '', hoverinfo: 'skip', x, y, line: {color, width, dash, simplify: false},
      ...(axis ? {yaxis: axis} : {}), ...(fill ? {fill: 'toself', fillcolor: fill} : {}),
    };
  }

  /** Once the frame being made has been painted: a message comes after it. */
  function afterPaint(action) {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = action;
    port2.postMessage(null);
  }

  lrscope.trace = trace;
  lrscope.Chart = Chart;
})((window.lrscope = window.lrscope || {}));
