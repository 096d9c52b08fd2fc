/* Who picked what, when and why; what several people would take; and how a pick is taken back. */
(function (lrscope) {
  'use strict';
  const {numbers, words} = lrscope;
  const {standing, opinions} = lrscope.picks;
  const {make} = lrscope.dom;

  class Picks {
    constructor(node, store, api) {
      this.node = node; this.store = store; this.api = api;
      store.on('focus history', () => this.show());
      store.on('pick', change => this.tell(change));
      setInterval(() => this.show(), 60000);
      this.show();
    }

    show() {
      const picks = (this.store.focus && this.store.picks.get(this.store.focus)) || [], stands = standing(picks);
      this.node.hidden = !picks.length;
      if (picks.length) this.node.replaceChildren(...[make('h3', 'block__title', [lrscope.term('pick', 'Picks')]), this.beside(picks), make('ol', 'history', picks.map(pick => this.one(pick, pick === stands)))].filter(Boolean));
    }

    /** Somebody else's pick is said shortly; it moves no marker that was touched. */
    tell({sweep, before}) {
      const {pick} = sweep;
      if (!before || !pick || pick.author === this.api.user || before.pick && before.pick.id >= pick.id) return;
      lrscope.toast(`${pick.author} picked ${numbers.format(pick.lr)} for “${sweep.name}”`);
    }

    /** Where several people have picked: each one's newest, and how far they are from each other. */
    beside(picks) {
      const {people, apart} = opinions(picks);
      if (people.length < 2) return null;
      return make('div', 'opinions', [
        ...people.map(({author, lr}) => make('button', 'opinions__one', [make('span', 'opinions__who', author), make('span', 'num', numbers.format(lr))], {type: 'button', title: 'Put the marker there', onclick: () => this.store.choose(lr, 'history')})),
        make('p', 'opinions__apart', `${apart < 0.05 ? 'less than 0.1 decades' : words.width(1, 10 ** apart)} between them`),
      ]);
    }

    one(pick, stands) {
      const others = (pick.compared_with || []).filter(id => this.store.sweeps.has(id));
      return make('li', `history__one${stands ? ' is-standing' : ''}${pick.withdrawn ? ' is-withdrawn' : ''}`, [
        make('button', 'history__rate', numbers.format(pick.lr, 3), {type: 'button', title: 'Put the marker there', onclick: () => this.store.choose(pick.lr, 'history')}),
        make('div', 'history__what', [
          make('div', 'history__who', [make('span', 'history__author', pick.author), make('time', '', numbers.ago(pick.created_at), {datetime: pick.created_at, title: new Date(pick.created_at).toLocaleString()})]),
          pick.note && make('p', 'history__note', pick.note),
          make('p', 'history__more', [
            pick.withdrawn && make('span', '', `taken back by ${pick.withdrawn_by}`),
            typeof pick.smoothing === 'number' && make('span', '', pick.smoothing > 0 ? `smoothing ${pick.smoothing.toFixed(2)}` : 'no smoothing'),
            others.length > 0 && make('button', 'history__link', `beside ${words.plural(others.length, 'sweep')}`, {type: 'button', title: 'Show them on the plot', onclick: () => this.compare(others)}),
            stands && make('button', 'history__link', 'Take back', {type: 'button', onclick: () => this.withdraw()}),
          ]),
        ]),
      ]);
    }

    compare(ids) {
      for (const id of ids) if (!this.store.visible.has(id)) this.store.toggle(id);
    }

    async withdraw() {
      const id = this.store.focus;
      try { this.store.sweep(await this.api.unpick(id)); } catch (problem) { lrscope.toast(problem.message, {bad: true}); }
    }
  }

  lrscope.Picks = Picks;
})((window.lrscope = window.lrscope || {}));
