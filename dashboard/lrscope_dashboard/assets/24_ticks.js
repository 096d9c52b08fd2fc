/* The rate that the marker's tag covers is not written beneath it. */
(function (lrscope) {
  'use strict';
  const {axes, numbers} = lrscope;
  const AIR = 5; // pixels around the tag

  /** Where Plotly has moved a label to, without asking for the layout. */
  const place = node => Number(node.getAttribute('x')) + Number((/translate\(([-\d.e]+)/.exec(node.getAttribute('transform') || '') || [0, 0])[1]);

  class Ticks {
    constructor(chart, store) {
      this.chart = chart; this.store = store; this.key = ''; this.labels = [];
      chart.onPaint(frame => this.read(frame));
      store.on('draft focus reading', lrscope.dom.eachFrame(() => this.hide(chart.frame())));
    }

    /** Where Plotly has put the labels; they change with a draw only. It writes new text into nodes that are hidden, or shows them. */
    read(frame) {
      const key = [this.chart.draws, ...frame.x, frame.width].join();
      if (key !== this.key) {
        this.key = key;
        this.labels = [...this.chart.div.querySelectorAll('.xtick text')].map(node => ({node, x: place(node), half: 3.4 * node.textContent.length, hidden: node.style.fillOpacity === '0'}));
      }
      this.hide(frame);
    }

    hide(frame) {
      const draft = this.store.draft(), stands = draft && this.store.begun(), px = stands ? numbers.clamp(axes.toPx(frame, draft.lr), frame.left, frame.left + frame.width) : -1e4;
      const half = stands ? lrscope.Marker.HALF_TAG + AIR : 0;
      for (const label of this.labels) {
        const hidden = Math.abs(label.x - px) < half + label.half;
        if (hidden === label.hidden) continue;
        label.hidden = hidden;
        label.node.style.fillOpacity = hidden ? '0' : '1'; // not its visibility: the page's layers would be put together anew
      }
    }
  }

  lrscope.Ticks = Ticks;
})((window.lrscope = window.lrscope || {}));
