/* The curves as paths of our own, in the layers that Plotly clips and moves with its axes: it lays out no trace for them. */
(function (lrscope) {
  'use strict';
  const {colors, paths} = lrscope;
  const SVG = 'http://www.w3.org/2000/svg';

  class Curves {
    constructor(div) { this.div = div; this.drawn = new Map(); }

    /** Every stroke where it belongs, in their order; only what differs is touched. `frame` is the chart's. */
    draw(strokes, frame) {
      const above = {...frame, x: frame.drawn}, below = frame.pane && {...frame.pane, width: frame.width, x: frame.drawn}, used = new Set();
      this.fill(this.group('xy'), strokes.filter(({axis}) => !axis), above, used);
      if (below) this.fill(this.group('xy2'), strokes.filter(({axis}) => axis), below, used);
      for (const [key, {node}] of this.drawn) if (!used.has(key)) { node.remove(); this.drawn.delete(key); }
    }

    /** Ours among the layers of a subplot; Plotly makes those anew when a pane comes or goes. */
    group(subplot) {
      const layer = this.div._fullLayout._plots[subplot].plot.node(); // pinned plotly.js; tests hold this
      return layer.querySelector(':scope > .curves') || layer.appendChild(made('g', 'curves'));
    }

    fill(group, strokes, pane, used) {
      const place = [pane.width, pane.height, ...pane.x, ...pane.y, pane.logY].join(' ');
      let next = group.firstChild;
      for (const {uid, style, parts, low} of strokes) {
        parts.forEach((part, i) => {
          const key = `${uid} ${i}`, path = this.path(key);
          used.add(key);
          if (next && next !== path.node && next.nextSibling === path.node) { group.append(next); next = path.node; } // one went to the top: not all others down
          if (next === path.node) next = next.nextSibling; else group.insertBefore(path.node, next);
          this.look(path, style);
          this.shape(path, part, low, pane, `${part.version} ${place}`);
        });
      }
    }

    path(key) {
      if (!this.drawn.has(key)) this.drawn.set(key, {node: made('path', ''), style: '', version: ''});
      return this.drawn.get(key);
    }

    look(path, {color, width, dash = 'solid', fill}) {
      const style = `${color} ${width} ${dash} ${fill}`;
      if (path.style === style) return;
      path.style = style;
      const looks = fill ? {fill, stroke: 'none'} : {fill: 'none', stroke: color, 'stroke-width': width, 'stroke-dasharray': colors.pattern(dash, width), 'stroke-miterlimit': 2};
      for (const [name, value] of Object.entries(looks)) path.node.setAttribute(name, value);
    }

    shape(path, {x, y, place}, low, pane, version) {
      if (path.version === version) return;
      path.version = version;
      path.node.setAttribute('d', low ? paths.area(x, low, y, place, pane) : paths.path(x, y, place, pane));
    }
  }

  function made(tag, className) {
    const node = document.createElementNS(SVG, tag);
    if (className) node.setAttribute('class', className);
    return node;
  }

  lrscope.Curves = Curves;
})((window.lrscope = window.lrscope || {}));
