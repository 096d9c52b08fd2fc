/* The curves: one Plotly div that nothing else touches, drawn as often as it can afford. */
(function (lrscope) {
  'use strict';
  const {axes, colors} = lrscope;
  const OWN_GHOSTS = 12; // with more curves than this the raw losses share one grey trace
  const SLOWEST_MS = 100;
  const HELD_OUT = 'val_loss'; // the extra series that is a loss
  const MARGIN = {l: 46, r: 14, t: 30, b: 46, pad: 0};
  const CONFIG = {
    displayModeBar: false, displaylogo: false, showSendToCloud: false, doubleClick: false, scrollZoom: false,
    showTips: false, responsive: false,
  };

  const token = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  class Chart {
    constructor(div, store) {
      this.div = div; this.store = store; this.cost = 30; this.last = 0; this.queued = false; this.held = false;
      this.missed = false; this.revision = 0; this.shownY = null; this.painters = []; this.draws = 0; this.standing = [];
      this.palette();
      this.ready = Plotly.newPlot(div, [], this.layout([]), CONFIG).then(() => this.listen());
    }

    listen() {
      const {div, store} = this;
      store.on('points', id => this.shows(id) && this.dirty());
      store.on('sweeps visible focus', () => this.dirty());
      store.on('view', change => { if ('logLoss' in change || 'showAll' in change) this.shownY = null; this.dirty(); });
      div.on('plotly_relayout', change => this.zoomed(change));
      div.on('plotly_relayouting', () => this.paint());
      div.on('plotly_doubleclick', () => store.setView({zoom: null}));
      div.addEventListener('pointerdown', () => { this.held = true; });
      for (const name of ['pointerup', 'pointercancel']) window.addEventListener(name, () => this.release());
      document.addEventListener('visibilitychange', () => document.hidden || this.dirty());
      new MutationObserver(() => { this.palette(); this.dirty(); }).observe(document.documentElement, {attributes: true, attributeFilter: ['data-mantine-color-scheme']});
      new ResizeObserver(() => this.resize()).observe(div.parentElement);
      if (document.fonts) document.fonts.ready.then(() => this.dirty());
    }

    palette() {
      this.ground = token('--surface') || '#ffffff';
      this.ink = token('--ink-3'); this.grid = token('--grid'); this.axis = token('--axis'); this.font = token('--font');
    }

    color(sweep) { return colors.onGround(sweep.color, this.ground); }

    shows(id) { return this.store.visible.has(id); }

    // ── when ───────────────────────────────────────────────────────────────────────────────────────────────────────

    /** Draw soon: at most ten times a second, and never more than a quarter of the time. */
    dirty() {
      if (this.queued) return;
      this.queued = true;
      const wait = Math.max(SLOWEST_MS, 3 * this.cost) - (performance.now() - this.last);
      setTimeout(() => requestAnimationFrame(() => this.draw()), Math.max(0, wait));
    }

    /** A drag on the plot is never disturbed: what comes meanwhile is drawn after it. */
    release() {
      this.held = false;
      if (this.missed) { this.missed = false; this.dirty(); }
    }

    async draw() {
      this.queued = false;
      if (this.held || document.hidden) { this.missed = true; return; }
      const began = performance.now();
      this.revision += 1;
      this.standing = this.drawn();
      await Plotly.react(this.div, this.traces(this.standing), this.layout(this.standing), CONFIG);
      this.last = performance.now();
      this.cost = 0.7 * this.cost + 0.3 * (this.last - began);
      this.draws += 1;
      this.paintNow();
    }

    resize() {
      const {clientWidth: width, clientHeight: height} = this.div;
      if (!width || !height || (this.size && this.size[0] === width && this.size[1] === height)) return;
      this.size = [width, height];
      Plotly.Plots.resize(this.div).then(() => { this.dirty(); this.paint(); });
    }

    // ── what ───────────────────────────────────────────────────────────────────────────────────────────────────────

    /** [{sweep, curve, line}] of the visible sweeps that have points, the focused one last and so on top. */
    drawn() {
      const {store} = this, found = [];
      for (const sweep of store.shown().reverse()) {
        const curve = store.curves.get(sweep.id);
        if (curve && curve.lr.length) found.push({sweep, curve, line: curve.line(store.view.smoothing)});
      }
      return found.sort((a, b) => (a.sweep.id === store.focus) - (b.sweep.id === store.focus));
    }

    traces(drawn) {
      const {focus} = this.store;
      const ghosts = drawn.length > OWN_GHOSTS ? [this.sharedGhost(drawn)] : drawn.map(({sweep, curve}) => ({
        type: 'scatter', mode: 'lines', uid: `ghost-${sweep.id}`, x: curve.lr, y: curve.loss, hoverinfo: 'skip',
        line: {color: colors.alpha(this.color(sweep), sweep.id === focus ? 0.42 : 0.26), width: 1},
      }));
      const groups = this.groups(drawn), inGroup = new Set(groups.flatMap(({members}) => members.map(({sweep}) => sweep.id)));
      return [...ghosts, ...groups.map(group => this.band(group)), ...drawn.map(({sweep, line}) => ({
        type: 'scatter', mode: 'lines', uid: sweep.id, name: '', hoverinfo: 'skip',
        x: line.lr, y: line.y,
        line: {color: this.color(sweep), width: sweep.id === focus ? 2.5 : inGroup.has(sweep.id) ? 1 : 1.6, simplify: false},
        opacity: sweep.id === focus ? 1 : inGroup.has(sweep.id) ? 0.55 : focus ? 0.85 : 1,
      })), ...groups.map(group => this.middle(group)), ...drawn.filter(({curve}) => curve.series.has(HELD_OUT)).map(one => this.heldOut(one))];
    }

    /** [{id, color, members, band}]: the drawn seeds of one request, where there are at least two. */
    groups(drawn) {
      const found = new Map();
      for (const one of drawn) if (one.sweep.group) found.set(one.sweep.group, [...(found.get(one.sweep.group) || []), one]);
      return [...found].filter(([, members]) => members.length > 1).map(([id, members]) => {
        const first = members.reduce((a, b) => (b.sweep.id < a.sweep.id ? b : a));
        return {id, members, color: this.color(first.sweep), band: lrscope.smoothing.band(members.map(({line}) => line))};
      });
    }

    /** From the lowest to the highest of a group's seeds. */
    band({id, color, band}) {
      return {
        type: 'scatter', mode: 'lines', uid: `band-${id}`, name: '', hoverinfo: 'skip', fill: 'toself', fillcolor: colors.alpha(color, 0.13), line: {width: 0},
        x: [...band.lr, ...[...band.lr].reverse()], y: [...band.high, ...[...band.low].reverse()],
      };
    }

    /** The median of a group's seeds. */
    middle({id, color, band}) {
      return {type: 'scatter', mode: 'lines', uid: `middle-${id}`, name: '', hoverinfo: 'skip', x: band.lr, y: band.middle, line: {color, width: 2.2, dash: 'dot', simplify: false}};
    }

    /** The validation loss, in the unit of the loss and so on its axis: dashed, through the steps that have one. */
    heldOut({sweep, curve}) {
      const column = curve.series.get(HELD_OUT), steps = [...column.keys()].filter(k => Number.isFinite(column[k]));
      return {
        type: 'scatter', mode: 'lines', uid: `held-${sweep.id}`, name: '', hoverinfo: 'skip', x: steps.map(k => curve.lr[k]), y: steps.map(k => column[k]),
        line: {color: this.color(sweep), width: sweep.id === this.store.focus ? 2 : 1.3, dash: 'dash', simplify: false},
      };
    }

    sharedGhost(drawn) {
      const x = [], y = [];
      for (const {curve} of drawn) { x.push(...curve.lr, null); y.push(...curve.loss, null); }
      return {type: 'scatter', mode: 'lines', uid: 'ghosts', x, y, hoverinfo: 'skip', line: {color: colors.alpha('#8b93a0', 0.3), width: 1}};
    }

    layout(drawn) {
      const {store} = this, {zoom, logLoss, showAll} = store.view;
      const lines = drawn.map(({line}) => line);
      this.shownY = axes.settle(this.shownY, axes.lossRange(lines, {all: showAll, logY: logLoss}));
      const x = (zoom && zoom.x) || axes.rateRange(store.shown());
      const y = (zoom && zoom.y) || this.shownY;
      const ticks = axes.rateTicks(x, this.div.clientWidth - MARGIN.l - MARGIN.r);
      const common = {
        zeroline: false, showline: false, color: this.ink, gridcolor: this.grid, tickfont: {size: 11, family: this.font, color: this.ink},
        ticks: 'outside', tickcolor: this.axis, fixedrange: false, automargin: false,
      };
      return {
        autosize: true, showlegend: false, hovermode: false, dragmode: matchMedia('(pointer: coarse)').matches ? false : 'zoom',
        margin: MARGIN, paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)', font: {family: this.font, size: 11, color: this.ink},
        datarevision: this.revision, newshape: {}, selectionrevision: 0,
        xaxis: {
          ...common, type: 'log', range: [...x], tickmode: 'array', ticklen: 5, tickvals: ticks.major.map(t => t.at), ticktext: ticks.major.map(t => t.text),
          minor: {tickmode: 'array', tickvals: ticks.minor, ticks: 'outside', ticklen: 2.5, tickcolor: this.axis, showgrid: false}, showline: true, linecolor: this.axis,
        },
        yaxis: {
          ...common, type: logLoss ? 'log' : 'linear', range: [...y], ticks: '', nticks: 7, showticklabels: lines.length > 0, ...(logLoss ? {dtick: y[1] - y[0] > 2 ? 1 : y[1] - y[0] > 0.5 ? 'D1' : undefined, exponentformat: 'e'} : {}),
        },
      };
    }

    zoomed(change) {
      const range = name => (change[`${name}.range[0]`] !== undefined ? [change[`${name}.range[0]`], change[`${name}.range[1]`]] : change[`${name}.range`]);
      const x = range('xaxis'), y = range('yaxis');
      if (!x && !y) return;
      const before = this.store.view.zoom || {};
      this.store.setView({zoom: {x: x || before.x, y: y || before.y}});
    }

    // ── where ──────────────────────────────────────────────────────────────────────────────────────────────────────

    /** The drawn geometry, for everything that lies over the plot. */
    frame() {
      const full = this.div._fullLayout, {xaxis, yaxis} = full; // pinned plotly.js; tests hold this
      return {
        left: xaxis._offset, width: xaxis._length, top: yaxis._offset, height: yaxis._length,
        x: [...xaxis.range], y: [...yaxis.range], logY: yaxis.type === 'log', total: full.height,
      };
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

  lrscope.Chart = Chart;
})((window.lrscope = window.lrscope || {}));
