/* Under the pointer: a hair line, and every visible curve's loss at that rate. */
(function (lrscope) {
  'use strict';
  const {axes, numbers, words} = lrscope;
  const {make, say} = lrscope.dom;
  const MOST = 10; // curves listed

  class Hover {
    constructor(host, layer, chart, store) {
      this.chart = chart; this.store = store; this.at = null; this.rows = [];
      this.line = make('div', 'hair', [make('div', 'hair__tag')]);
      this.tip = make('div', 'tip', [make('div', 'tip__rate', [make('span'), make('span')]), make('div', 'tip__rows'), make('div', 'tip__more')]);
      this.line.hidden = this.tip.hidden = true;
      layer.append(this.line, this.tip);
      host.addEventListener('pointermove', event => this.move(event));
      host.addEventListener('pointerleave', () => this.leave());
      host.addEventListener('pointerdown', () => this.leave());
      chart.onPaint(frame => this.paint(frame));
    }

    move(event) {
      if (event.pointerType === 'touch' || event.buttons || event.target.closest('.marker, .rule, .empty')) return this.leave();
      const box = this.chart.div.getBoundingClientRect();
      this.at = {x: event.clientX - box.left, y: event.clientY - box.top};
      this.chart.paint();
    }

    leave() {
      if (!this.at) return;
      this.at = null;
      this.chart.paint();
    }

    paint(frame) {
      const {at} = this, inside = at && at.x >= frame.left && at.x <= frame.left + frame.width && at.y >= frame.top && at.y <= frame.top + frame.height;
      const met = inside ? this.store.at(axes.toLr(frame, at.x)).filter(({loss}) => loss !== null).sort((a, b) => a.loss - b.loss) : [];
      this.line.hidden = !inside;
      this.tip.hidden = !met.length;
      if (!inside) return;
      const lr = axes.toLr(frame, at.x);
      this.line.style.transform = `translateX(${at.x.toFixed(1)}px)`;
      this.line.style.top = `${frame.top}px`;
      this.line.style.height = `${frame.height}px`;
      say(this.line.firstChild, numbers.format(lr));
      if (met.length) this.fill(lr, met, frame);
    }

    fill(lr, met, frame) {
      const [rate, rows, more] = this.tip.children;
      say(rate.firstChild, numbers.format(lr));
      say(rate.lastChild, words.region(this.store.readings.get(this.store.focus), lr));
      while (rows.childElementCount < Math.min(met.length, MOST)) {
        rows.append(make('div', 'tip__row', [make('span', 'chip'), make('span', 'tip__name'), make('span', 'tip__loss')]));
      }
      [...rows.children].forEach((row, i) => {
        row.hidden = i >= Math.min(met.length, MOST);
        if (row.hidden) return;
        const {sweep, loss} = met[i];
        row.classList.toggle('is-focus', sweep.id === this.store.focus);
        row.firstChild.style.setProperty('--c', this.chart.color(sweep));
        say(row.children[1], sweep.name);
        say(row.children[2], numbers.loss(loss));
      });
      say(more, met.length > MOST ? `and ${met.length - MOST} more` : '');
      const flip = this.at.x > frame.left + frame.width / 2, {offsetWidth: w, offsetHeight: h} = this.tip;
      const x = flip ? this.at.x - w - 14 : this.at.x + 14, y = numbers.clamp(this.at.y - h / 2, frame.top + 4, frame.top + frame.height - h - 4);
      this.tip.style.transform = `translate(${x.toFixed(0)}px, ${y.toFixed(0)}px)`;
    }
  }

  lrscope.Hover = Hover;
})((window.lrscope = window.lrscope || {}));
