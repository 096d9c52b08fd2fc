/* Who picked what, when and why. */
(function (lrscope) {
  'use strict';
  const {numbers} = lrscope;
  const {make} = lrscope.dom;

  class Picks {
    constructor(node, store) {
      this.node = node; this.store = store;
      store.on('focus history', () => this.show());
      setInterval(() => this.show(), 60000);
      this.show();
    }

    show() {
      const picks = (this.store.focus && this.store.picks.get(this.store.focus)) || [];
      this.node.hidden = !picks.length;
      if (picks.length) this.node.replaceChildren(make('h3', 'block__title', 'Picks'), make('ol', 'history', picks.map((pick, i) => this.one(pick, i === 0))));
    }

    one(pick, stands) {
      return make('li', `history__one${stands ? ' is-standing' : ''}`, [
        make('button', 'history__rate', numbers.format(pick.lr, 3), {type: 'button', title: 'Put the marker there', onclick: () => this.store.choose(pick.lr, 'history')}),
        make('div', 'history__what', [
          make('div', 'history__who', [make('span', 'history__author', pick.author), make('time', '', numbers.ago(pick.created_at), {datetime: pick.created_at, title: new Date(pick.created_at).toLocaleString()})]),
          pick.note && make('p', 'history__note', pick.note),
        ]),
      ]);
    }
  }

  lrscope.Picks = Picks;
})((window.lrscope = window.lrscope || {}));
