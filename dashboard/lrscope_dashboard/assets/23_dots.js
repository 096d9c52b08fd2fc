/* Where the marker's line meets the curves: a dot on each. On a canvas, since a hundred nodes that move would be laid out and layered anew; each colour's dot is drawn once and copied. */
(function (lrscope) {
  'use strict';
  const {axes} = lrscope;
  const {make} = lrscope.dom;
  const OUTER = 5, INNER = 3, HALF = OUTER + 1; // pixels: the ring that sets it off from the curves, the dot, half of the canvas
  const canvas = (width, height) => Object.assign(make('canvas'), {width, height});

  class Dots {
    constructor(chart) {
      this.chart = chart; this.size = ''; this.discs = new Map();
      this.node = make('canvas', 'marker__dots', null, {'aria-hidden': 'true'});
      this.node.style.left = `${-HALF}px`;
      this.paper = this.node.getContext('2d');
      this.node.hidden = true;
    }

    /** It is a part of the marker, and moves with it. `seen`: whether its line is in view. */
    paint(frame, lr, seen) {
      const {node, paper, chart} = this, top = Math.floor(frame.top) - HALF, {ground} = chart;
      node.hidden = !seen;
      if (!seen) return;
      this.fit(2 * HALF, Math.ceil(frame.height) + 2 * HALF + 1);
      node.style.top = `${top - frame.top}px`;
      const rows = new Map(); // of two dots in one place the later one is seen
      for (const {item, y} of chart.scene.meet(lr)) {
        const at = axes.toY(frame, y);
        if (at >= frame.top && at <= frame.top + frame.height) { const row = Math.round((at - top - HALF) * this.dense); rows.delete(row); rows.set(row, item.sweep); }
      }
      for (const [row, sweep] of rows) paper.drawImage(this.disc(chart.color(sweep), ground), 0, row);
    }

    /** Empty, and as large as the screen draws it. */
    fit(width, height) {
      const {node, paper} = this, dense = window.devicePixelRatio || 1, size = `${width} ${height} ${dense}`;
      if (size === this.size) { paper.clearRect(0, 0, node.width, node.height); return; }
      this.size = size; this.dense = dense;
      this.discs.clear();
      node.width = Math.round(width * dense); node.height = Math.round(height * dense);
      node.style.width = `${width}px`; node.style.height = `${height}px`;
    }

    /** A dot of a colour in its ring of the ground's, in a square as wide as the canvas. */
    disc(color, ground) {
      const {dense, discs} = this, key = `${color} ${ground}`;
      if (!discs.has(key)) {
        const wide = Math.round(2 * HALF * dense), found = canvas(wide, wide), paper = found.getContext('2d');
        for (const [radius, fill] of [[OUTER, ground], [INNER, color]]) {
          paper.fillStyle = fill;
          paper.beginPath(); paper.arc(wide / 2, wide / 2, radius * dense, 0, 2 * Math.PI); paper.fill();
        }
        discs.set(key, found);
      }
      return discs.get(key);
    }
  }

  lrscope.Dots = Dots;
})((window.lrscope = window.lrscope || {}));
