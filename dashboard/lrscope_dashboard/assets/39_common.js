/* One rate for all the sweeps that are shown: where each is in its sweet spot, and which of them limits it. */
(function (lrscope) {
  'use strict';
  const {numbers, words} = lrscope;
  const {make} = lrscope.dom;
  const {term} = lrscope;
  const {format} = numbers;
  const WAIT_MS = 500, MOST = 50;

  class CommonPanel {
    constructor(node, store, api) {
      this.node = node; this.store = store; this.api = api; this.key = ''; this.timer = 0;
      node.hidden = true;
      store.on('visible status', () => this.soon());
    }

    soon() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.fetch(), WAIT_MS);
    }

    async fetch() {
      const sweeps = this.store.shown().filter(sweep => words.ended(sweep) && sweep.steps_done).slice(0, MOST);
      const key = sweeps.map(sweep => `${sweep.id} ${sweep.attempt}`).join();
      if (key === this.key) return;
      this.key = key;
      const found = sweeps.length > 1 ? await this.api.common(sweeps.map(sweep => sweep.id)).catch(() => null) : null;
      if (key === this.key) this.show(found);
    }

    show(found) {
      this.node.hidden = !found || found.lr === null;
      if (this.node.hidden) return;
      const limit = this.store.sweeps.get(found.limited_by), fact = (name, content) => make('div', 'fact', [make('dt', '', [name]), make('dd', '', content)]);
      const use = make('button', 'btn btn--soft confirm__use', 'Use', {type: 'button', title: 'Put the marker there', 'aria-label': `Use the rate for all, ${format(found.lr)}`, onclick: () => this.store.choose(numbers.snap(found.lr), 'common')});
      this.node.replaceChildren(
        make('h3', 'block__title', [term('safe_for_all', `Safe for all ${found.sweeps.length}`)]),
        make('dl', 'facts', [
          fact('One rate', [make('span', 'fact__value', format(found.lr)), use]),
          fact(term('common_band'), [make('span', 'fact__value', found.low === null ? 'none is in every sweet spot' : `${format(found.low)} – ${format(found.high)}`)]),
          limit && fact(term('limited_by'), [make('span', 'fact__value common__limit', limit.name, {title: limit.name}), make('span', 'fact__more', [term('regret', `gives up ${Math.round(100 * found.regret)} % of its drop`)])]),
        ].filter(Boolean)),
      );
    }
  }

  lrscope.CommonPanel = CommonPanel;
})((window.lrscope = window.lrscope || {}));
