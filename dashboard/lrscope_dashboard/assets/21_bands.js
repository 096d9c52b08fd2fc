/* Behind the curves: the regions of the focused sweep's reading, and their names above the plot. */
(function (lrscope) {
  'use strict';
  const {axes, words, numbers} = lrscope;
  const {make, say} = lrscope.dom;
  const ROOMY = 180; // pixels that hold a name with its width in decades
  const NARROWEST = {too_low: 46, sweet_spot: 66, unstable: 54, diverged: 56};

  class Bands {
    constructor(layer, chart, store) {
      this.layer = layer; this.store = store; this.nodes = new Map();
      chart.onPaint(frame => this.paint(frame));
      store.on('reading focus', () => chart.paint());
      store.on('lit', name => { layer.dataset.lit = name; });
      layer.parentNode.addEventListener('pointermove', event => this.tell(layer.parentNode, event));
    }

    /** The curves lie over the names, so the stage tells in their place what a name stands for. */
    tell(stage, {clientX, clientY}) {
      const over = [...this.nodes.values()].find(node => { const box = node.hidden ? null : node.firstChild.getBoundingClientRect(); return box && clientX >= box.left && clientX < box.right && clientY >= box.top && clientY < box.bottom; });
      const said = over ? over.dataset.told : '';
      if (stage.title !== said) stage.title = said;
    }

    paint(frame) {
      const reading = this.store.readings.get(this.store.focus);
      const regions = (reading && reading.regions) || [];
      for (const [name, node] of this.nodes) node.hidden = !regions.some(region => region.name === name);
      regions.forEach((region, i) => this.place(this.node(region.name), region, frame, i === regions.length - 1));
    }

    node(name) {
      if (!this.nodes.has(name)) {
        const node = make('div', `band band--${name}`, [make('div', 'band__name', words.REGIONS[name]), make('div', 'band__fill')]);
        this.layer.append(node);
        this.nodes.set(name, node);
      }
      return this.nodes.get(name);
    }

    place(node, region, frame, last) {
      const right = frame.left + frame.width;
      const from = numbers.clamp(axes.toPx(frame, region.from), frame.left, right);
      const to = numbers.clamp(axes.toPx(frame, region.to), frame.left, right);
      node.hidden = to - from < 1;
      node.style.transform = `translateX(${from}px)`;
      node.style.width = `${to - from}px`;
      node.style.height = `${frame.top + frame.depth}px`;
      node.style.setProperty('--top', `${frame.top}px`);
      say(node.firstChild, to - from < ROOMY ? words.REGIONS[region.name] : `${words.REGIONS[region.name]} · ${words.width(region.from, region.to)}`);
      node.dataset.told = `${words.REGIONS[region.name]}: ${numbers.format(region.from)} to ${numbers.format(region.to)}, ${words.width(region.from, region.to)}`;
      node.classList.toggle('band--last', last && from < right - NARROWEST[region.name]);
      node.classList.toggle('band--narrow', to - from < NARROWEST[region.name]);
    }
  }

  lrscope.Bands = Bands;
})((window.lrscope = window.lrscope || {}));
