/* After a line that was cut, another version of the server may answer: its page is another one, and this one is told to load it. */
(function (lrscope) {
  'use strict';
  const {make, button} = lrscope.dom;
  const own = /** @type {any} */ (document.currentScript || {}).src;

  class Newer {
    constructor(store, feed) {
      this.feed = feed; this.seen = 0;
      this.node = make('div', 'newer', [
        make('div', '', [
          make('p', 'newer__title', 'The server has another version now'),
          make('p', 'newer__text', 'This page was loaded before, and may not understand all that it is told. Load it again; what is on the plot comes back.'),
        ]), button('Load again', () => location.reload()),
      ], {role: 'status', hidden: true});
      document.body.append(this.node);
      store.on('connection', () => this.change(store.connection.state));
    }

    change(state) {
      if (state !== 'live') this.node.hidden = true; // why the line is cut is said in the same place
      if (state !== 'live' || this.feed.connections === this.seen) return;
      this.seen = this.feed.connections;
      if (this.seen > 1) this.ask();
    }

    /** The address of a page's script names its content: a server that has another page has no such file. */
    async ask() {
      try { this.node.hidden = (await fetch(own, {method: 'HEAD', cache: 'no-store'})).status !== 404; } catch (_) { /* the line is cut once more: asked again with the next */ }
    }
  }

  lrscope.Newer = Newer;
})((window.lrscope = window.lrscope || {}));
