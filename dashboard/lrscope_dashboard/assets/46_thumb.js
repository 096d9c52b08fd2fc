/* Under the plot of a phone, where the thumb is: the rate at the marker, the suggestion, and saving. The panel "Decide" has the rest. */
(function (lrscope) {
  'use strict';
  const {numbers, smoothing} = lrscope;
  const {make, button, say, eachFrame} = lrscope.dom;

  class Thumb {
    constructor(node, store, choice, panels) {
      this.node = node; this.store = store; this.choice = choice;
      this.value = make('span', 'thumb__value');
      this.loss = make('span', 'thumb__loss');
      this.rate = make('button', 'thumb__rate', [this.value, this.loss], {type: 'button', title: 'Type the rate, add a note', onclick: () => panels.go('decide')});
      this.suggest = button('', () => choice.useSuggestion(), {look: 'soft'});
      this.save = button('Save pick', () => this.keep(), {look: 'primary'});
      node.replaceChildren(this.rate, this.suggest, this.save);
      this.soon = eachFrame(() => this.show());
      store.on('choice points', this.soon);
      this.show();
    }

    /** The same as in the panel "Decide", which knows what may be saved. */
    show() {
      const {store, choice} = this, draft = store.begun() ? store.draft() : null;
      this.node.hidden = !draft;
      if (!draft) return;
      const curve = store.curves.get(store.focus), loss = curve ? smoothing.at(curve.line(store.view.smoothing), draft.lr) : null;
      say(this.value, numbers.format(draft.lr));
      say(this.loss, loss === null ? 'no loss here' : `loss ${numbers.loss(loss)}`);
      this.rate.setAttribute('aria-label', `Learning rate ${this.value.textContent}, ${this.loss.textContent}. Type it, add a note`);
      this.suggest.hidden = choice.suggest.hidden;
      this.suggest.disabled = choice.suggest.disabled;
      say(this.suggest.lastChild, choice.suggest.disabled ? 'suggested' : choice.suggest.textContent.replace('suggestion ', ''));
      this.save.disabled = choice.save.disabled;
      for (const look of ['is-saved', 'btn--primary']) this.save.classList.toggle(look, choice.save.classList.contains(look));
      say(this.save.lastChild, choice.save.textContent.split(' ').slice(0, 2).join(' '));
    }

    async keep() {
      await this.choice.keep();
      if (this.choice.said.classList.contains('is-bad')) lrscope.toast(this.choice.said.textContent, {bad: true});
      this.soon();
    }
  }

  lrscope.Thumb = Thumb;
})((window.lrscope = window.lrscope || {}));
