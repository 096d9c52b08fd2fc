/* Where a list or a plot could stand and nothing does: why, and the button that brings something. */
(function (lrscope) {
  'use strict';
  const {make, button} = lrscope.dom;
  const {lastLine} = lrscope.words;
  const MOST = 8; // brought back at once; more have to be chosen

  class Nothing {
    constructor(panel, plot, list, store) {
      this.plot = plot; this.list = list; this.store = store; this.keys = new Map();
      this.inList = make('div', '', null, {role: 'status'});
      panel.append(this.inList);
      store.on('listed', () => this.showList());
      store.on('points visible sweeps', lrscope.dom.eachFrame(() => this.showPlot()));
    }

    /** Only what differs is written again. */
    put(node, said) {
      const key = JSON.stringify(said && [said.title, said.text, said.label]);
      if (this.keys.get(node) === key) return;
      this.keys.set(node, key);
      node.replaceChildren(...(said ? [make('div', 'nothing', [make('p', 'nothing__title', said.title), said.text && make('p', '', said.text), said.label && button(said.label, said.act)])] : []));
    }

    showList() {
      const {list, store} = this;
      if (!store.loaded || list.listed().length) return this.put(this.inList, null);
      if (!store.newest().length && !store.stored().length) return this.put(this.inList, {title: 'The list is empty', text: 'What is queued appears here at once.'});
      const {search} = list.options;
      this.put(this.inList, {title: search ? `No sweep matches “${search}”` : 'No sweep passes the filters', text: search ? 'Names, recipes, owners, tags and parameters are searched.' : '', label: 'Clear the filter', act: () => this.clear()});
    }

    clear() {
      this.list.set({search: '', state: 'any', starred: false});
      document.querySelector('#sweep-filter input').focus();
    }

    showPlot() {
      const {store} = this, shown = store.shown(), newest = store.newest();
      const begun = shown.some(sweep => store.begun(sweep));
      this.plot.hidden = !store.loaded || !store.sweeps.size || begun;
      if (this.plot.hidden) return;
      if (shown.length) return this.put(this.plot, {title: 'Waiting for the first points', text: this.why(shown)});
      const ids = newest.slice(0, MOST).map(({id}) => id);
      this.put(this.plot, {title: 'Nothing is shown', text: 'Click the square before a name to draw its curve.', label: newest.length > MOST ? `Show the newest ${MOST}` : `Show all ${newest.length}`, act: () => store.display(ids)});
    }

    /** Of the first that waits, or failed. */
    why(shown) {
      const sweep = shown.find(one => one.status === 'queued') || shown[0];
      if (this.store.starved()) return 'No worker is connected; the line that starts one stands on the left.';
      return sweep.reason ? `${sweep.name}: ${lastLine(sweep.reason)}` : '';
    }
  }

  lrscope.Nothing = Nothing;
})((window.lrscope = window.lrscope || {}));
