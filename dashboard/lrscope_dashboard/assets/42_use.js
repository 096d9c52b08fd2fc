/* "Use this rate": tells Dash which rate is at the marker, while the block is open, and draws the schedule that comes back. */
(function (lrscope) {
  'use strict';
  const {path, summary} = lrscope.schedule;
  const {format} = lrscope.numbers;
  const {make} = lrscope.dom;
  const WIDTH = 300, HEIGHT = 72;

  function svg(tag, attributes, children = []) {
    const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  }

  class Use {
    constructor(node, plot, store) {
      this.node = node; this.plot = plot; this.store = store; this.told = '';
      node.addEventListener('toggle', () => this.tell());
      store.on('settled focus reading pick sweeps', () => this.tell());
      this.tell();
    }

    tell() {
      const sweep = this.store.focused();
      this.node.hidden = !this.store.begun(sweep);
      if (this.node.hidden || !this.node.open) return;
      const data = {lr: this.store.draft(sweep).lr, optimizer: sweep.optimizer}, key = JSON.stringify(data);
      if (key === this.told) return;
      this.told = key;
      window.dash_clientside.set_props('chosen', {data});
    }

    draw(told) {
      const said = summary(told);
      this.plot.replaceChildren(
        svg('svg', {viewBox: `0 -3 ${WIDTH} ${HEIGHT + 4}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': `Learning rate by step. ${said}`}, [
          svg('path', {class: 'use__base', d: `M0,${HEIGHT} H${WIDTH}`}), svg('path', {class: 'use__line', d: path(told.points, WIDTH, HEIGHT)}),
        ]),
        make('span', 'use__top', format(told.lr)),
        make('p', 'use__summary', said),
      );
    }
  }

  lrscope.Use = Use;
})((window.lrscope = window.lrscope || {}));
