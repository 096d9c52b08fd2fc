/* Where the marker's line meets the curves: a dot on each. On a canvas, since a hundred nodes that move would be laid out and layered anew. */
(function (lrscope) {
  'use strict';
  const {axes} = lrscope;
  const {make} = lrscope.dom;
  const OUTER = 5, INNER = 3, HALF = OUTER + 1; // pixels: the ring that sets it off from the curves, the dot, half of the canvas

  class Dots {
    constructor(chart) {
      this.chart = chart; this.size = '';
      this.node = make('canvas', 'marker__dots', null, {'aria-hidden': 'true'});
      this.paper = this.node.getContext('2d');
      this.node.hidden = true;
    }

    /** `x`: where the line is drawn, or NaN where it is out of view. */
    paint(frame, lr, x) {
      const {node, chart} = this, left = Math.floor(x) - HALF, top = Math.floor(frame.top) - HALF;
      node.hidden = !(x >= 0);
      if (node.hidden) return;
      this.fit(2 * HALF + 1, Math.ceil(frame.height) + 2 * HALF + 1);
      node.style.transform = `translate(${left}px, ${top}px)`;
      for (const {item, y} of chart.scene.meet(lr)) {
        const at = axes.toY(frame, y);
        if (!(at >= frame.top && at <= frame.top + frame.height)) continue;
        this.disc(x - left, at - top, OUTER, chart.ground);
        this.disc(x - left, at - top, INNER, chart.color(item.sweep));
      }
    }

    /** Empty, and as large as the screen draws it. */
    fit(width, height) {
      const {node, paper} = this, dense = window.devicePixelRatio || 1, size = `${width} ${height} ${dense}`;
      if (size === this.size) { paper.clearRect(0, 0, width, height); return; }
      this.size = size;
      node.width = Math.round(width * dense); node.height = Math.round(height * dense);
      node.style.width = `${width}px`; node.style.height = `${height}px`;
      paper.scale(dense, dense);
    }

    disc(x, y, radius, color) {
      const {paper} = this;
      paper.fillStyle = color;
      paper.beginPath(); paper.arc(x, y, radius, 0, 2 * Math.PI); paper.fill();
    }
  }

  lrscope.Dots = Dots;
})((window.lrscope = window.lrscope || {}));
