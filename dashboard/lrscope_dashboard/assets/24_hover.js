/* Under the pointer: a hair line, and what every visible curve measured nearest to that rate, beside its smooth line. */
(function (lrscope) {
  'use strict';
  const {axes, numbers, words} = lrscope;
  const {make, say} = lrscope.dom;
  const LEAST = 10, ROW_PX = 20, SHARE = 0.7; // curves listed: as many as this share of the plot's height has room for
  const NEAR_PX = 14; // how near a click on a curve must be

  class Hover {
    constructor(host, layer, chart, store) {
      this.host = host; this.chart = chart; this.store = store; this.at = null; this.pressed = null;
      this.line = make('div', 'hair', [make('div', 'hair__tag')]);
      this.tip = make('div', 'tip', [make('div', 'tip__rate', [make('span'), make('span')]), make('div', 'tip__head', [make('span'), make('span'), make('span', '', 'measured')]), make('div', 'tip__rows'), make('div', 'tip__more')]);
      this.line.hidden = this.tip.hidden = true;
      layer.append(this.line, this.tip);
      host.addEventListener('pointermove', event => this.move(event));
      host.addEventListener('pointerleave', event => { if (event.pointerType !== 'touch') this.leave(); }); // what a finger read stays until it touches elsewhere
      document.addEventListener('pointerdown', event => { if (!host.contains(event.target)) this.leave(); });
      host.addEventListener('pointerdown', event => { this.pressed = {x: event.clientX, y: event.clientY, own: this.onPlot(event)}; this.leave(); });
      window.addEventListener('pointerup', event => this.click(event));
      chart.onPaint(frame => this.paint(frame));
    }

    onPlot(event) { return !event.target.closest('.marker, .rule, .empty, button, label, input'); }

    place(event) {
      const box = this.chart.div.getBoundingClientRect();
      return {x: event.clientX - box.left, y: event.clientY - box.top};
    }

    move(event) {
      if (event.pointerType === 'touch') return;
      if (event.buttons || !this.onPlot(event)) return this.leave();
      this.show(this.place(event));
    }

    /** Read at a place; a finger that rests on the plot reads as the mouse does. */
    show(at) { this.at = at; this.chart.paint(); }

    leave() {
      if (!this.at) return;
      this.at = null;
      this.chart.paint();
    }

    /** A click on a curve, not a drag: its sweep is focused. */
    click(event) {
      const {pressed} = this;
      this.pressed = null;
      if (!pressed || !pressed.own || event.button || Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > 4) return;
      const frame = this.chart.frame(), at = this.place(event);
      const [nearest] = this.met(frame, at);
      if (nearest && nearest.away < NEAR_PX) this.store.setFocus(nearest.item.sweep.id);
    }

    within(frame, {x, y}, pane) { return x >= frame.left && x <= frame.left + frame.width && y >= pane.top && y <= pane.top + pane.height; }

    /** What the pointer is over: the loss pane, the pane of the series, or null. */
    pane(frame, at) {
      if (this.within(frame, at, frame)) return frame;
      return frame.pane && this.within(frame, at, frame.pane) ? frame.pane : null;
    }

    /** Every curve there, the nearest to the pointer first: [{item, value, measured, lr, away}]. */
    met(frame, at) {
      const lr = axes.toLr(frame, at.x), series = this.pane(frame, at) === frame.pane ? this.store.view.pane : null;
      return this.chart.scene.meet(lr).map(one => ({...one, ...(series ? inSeries(one, series, frame) : onLine(one, frame))}))
        .filter(({value, measured}) => value !== null || measured !== null)
        .map(one => ({...one, away: Number.isFinite(one.top) ? Math.abs(one.top - at.y) : 1e9})).sort((a, b) => a.away - b.away);
    }

    paint(frame) {
      const {at} = this, inside = at && this.pane(frame, at) !== null;
      const met = inside ? this.met(frame, at) : [];
      this.line.hidden = !inside;
      this.tip.hidden = !met.length;
      this.chart.div.classList.toggle('is-near', Boolean(met.length && met[0].away < NEAR_PX));
      if (!inside) return;
      this.line.style.transform = `translateX(${at.x.toFixed(1)}px)`;
      this.line.style.top = `${frame.top}px`;
      this.line.style.height = `${frame.depth}px`;
      say(this.line.firstChild, this.rate(axes.toLr(frame, at.x), frame));
      if (met.length) this.fill(met, frame);
    }

    /** The rate as the axis counts it: in picks where the curves are aligned. */
    rate(lr, frame) { return this.store.view.align === 'pick' ? `×${numbers.format(lr * 10 ** (frame.drawn[0] - frame.x[0]))}` : numbers.format(lr); }

    fill(met, frame) {
      const [rate, head, rows, more] = this.tip.children, {at} = this, lr = axes.toLr(frame, at.x);
      const below = this.pane(frame, at) === frame.pane, aligned = this.store.view.align === 'pick';
      say(rate.firstChild, aligned ? `${this.rate(lr, frame)} of the pick` : this.rate(lr, frame));
      say(rate.lastChild, words.region(this.store.readings.get(this.store.focus), lr));
      say(head.children[1], below ? '' : 'smooth');
      say(head.firstChild, below ? this.store.view.pane : 'loss');
      const most = Math.max(LEAST, Math.floor(SHARE * frame.total / ROW_PX)), listed = met.slice(0, most), [nearest] = met;
      listed.sort((a, b) => (a.top || 0) - (b.top || 0));
      while (rows.childElementCount < listed.length) rows.append(make('div', 'tip__row', [make('span', 'chip'), make('span', 'tip__name'), make('span', 'tip__loss'), make('span', 'tip__raw')]));
      [...rows.children].forEach((row, i) => {
        row.hidden = i >= listed.length;
        if (!row.hidden) this.row(row, listed[i], listed[i] === nearest && nearest.away < NEAR_PX);
      });
      say(more, met.length > most ? `the nearest ${most} of ${met.length}` : '');
      const flip = at.x > frame.left + frame.width / 2, {offsetWidth: w, offsetHeight: h} = this.tip;
      const x = numbers.clamp(flip ? at.x - w - 14 : at.x + 14, 4, Math.max(4, frame.left + frame.width + 10 - w));
      this.tip.style.transform = `translate(${x.toFixed(0)}px, ${numbers.clamp(at.y - h / 2, 4, Math.max(4, frame.total - h - 4)).toFixed(0)}px)`;
    }

    row(row, {item, value, measured, at}, near) {
      const [chip, name, smooth, raw] = row.children;
      row.classList.toggle('is-focus', item.sweep.id === this.store.focus);
      row.classList.toggle('is-near', near);
      chip.style.setProperty('--c', this.chart.color(item.sweep));
      say(name, lrscope.called(item.sweep));
      say(smooth, value === null ? '' : numbers.loss(value));
      say(raw, measured === null ? '–' : `${numbers.loss(measured)} at ${numbers.format(at, 3)}`);
    }
  }

  /** The smooth loss, and the measured one nearest to the rate. */
  function onLine({item, lr, loss, y}, frame) {
    const {curve} = item, k = numbers.nearest(curve.logs, Math.log10(lr)), beyond = k < 0 || Math.abs(curve.logs[k] - Math.log10(lr)) > 0.25;
    return {value: loss, measured: beyond ? null : curve.loss[k], at: beyond ? null : curve.lr[k], top: loss === null ? NaN : axes.toY(frame, y)};
  }

  /** A series at its measured point nearest to the rate. */
  function inSeries({item, lr}, series, frame) {
    const {curve} = item, column = curve.series.get(series) || [], wanted = Math.log10(lr);
    let best = -1;
    for (let k = 0; k < column.length; k++) if (Number.isFinite(column[k]) && (best < 0 || Math.abs(curve.logs[k] - wanted) < Math.abs(curve.logs[best] - wanted))) best = k;
    if (best < 0) return {value: null, measured: null, at: null, top: NaN};
    const {top, height, y} = frame.pane;
    return {value: null, measured: column[best], at: curve.lr[best], top: top + (1 - (column[best] - y[0]) / (y[1] - y[0])) * height};
  }

  lrscope.Hover = Hover;
})((window.lrscope = window.lrscope || {}));
