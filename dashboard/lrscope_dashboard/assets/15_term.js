/* A term explains itself where it stands: under the pointer, with the focus, and when it is tapped. */
(function (lrscope) {
  'use strict';
  const {make} = lrscope.dom;
  const {clamp} = lrscope.numbers;
  const REST_MS = 250, LEAVE_MS = 150;

  /** A word that can be asked for: dotted, and a stop of the Tab key. `key` is one of lrscope.terms. */
  const term = (key, text = capital(lrscope.terms[key][0])) => make('span', 'term', text, {'data-term': key, tabindex: '0'});
  const capital = text => text[0].toUpperCase() + text.slice(1);

  class Terms {
    constructor() {
      this.name = make('strong', 'tip-term__name');
      this.text = make('p', 'tip-term__text');
      this.source = make('p', 'tip-term__source');
      this.node = make('div', 'tip-term', [this.name, this.text, this.source], {id: 'term-tip', role: 'tooltip', popover: 'manual'});
      this.asked = null; this.timer = 0;
      this.listen();
    }

    listen() {
      document.addEventListener('pointerover', event => this.over(event));
      document.addEventListener('focusin', event => { const at = event.target.closest('[data-term]'); if (at && at === event.target && at.matches(':focus-visible')) this.show(at); });
      document.addEventListener('focusout', event => { if (event.target === this.asked) this.hide(); });
      document.addEventListener('pointerdown', event => { if (this.asked && !this.asked.contains(event.target) && !this.node.contains(event.target)) this.hide(); });
      document.addEventListener('click', event => { const at = event.target.closest('.term, [data-term]:not(button)'); if (at && lrscope.terms[at.dataset.term]) this.show(at); });
      document.addEventListener('keydown', event => { if (event.key === 'Escape' && this.asked) { event.preventDefault(); event.stopPropagation(); this.hide(); } }, true);
      document.addEventListener('scroll', ({target}) => { if (this.asked && target instanceof Node && target.contains(this.asked)) this.hide(); }, true);
    }

    /** It waits a moment before it comes, and before it goes: the pointer may move onto it. */
    over(event) {
      if (event.pointerType === 'touch') return;
      const at = event.target.closest('[data-term]');
      clearTimeout(this.timer);
      if (this.node.contains(event.target) || at && at === this.asked) return;
      if (at) this.timer = setTimeout(() => this.show(at), this.asked ? LEAVE_MS : REST_MS);
      else if (this.asked && !this.asked.matches(':focus-visible')) this.timer = setTimeout(() => this.hide(), LEAVE_MS);
    }

    show(at) {
      const found = lrscope.terms[at.dataset.term];
      if (!found || !at.isConnected || at === this.asked) return;
      this.hide();
      const [name, text, source] = found;
      this.name.textContent = name;
      this.text.textContent = text;
      this.source.textContent = source;
      (at.closest('dialog, [role=dialog]') || document.body).append(this.node); // what is outside of an open dialog is inert
      this.node.showPopover();
      this.place(at.getBoundingClientRect());
      at.setAttribute('aria-describedby', 'term-tip');
      this.asked = at;
    }

    hide() {
      clearTimeout(this.timer);
      if (!this.asked) return;
      this.asked.removeAttribute('aria-describedby');
      this.asked = null;
      if (this.node.matches(':popover-open')) this.node.hidePopover();
    }

    place({left, top, bottom}) {
      const {offsetWidth: w, offsetHeight: h} = this.node, below = bottom + 6 + h <= innerHeight - 8;
      this.node.style.left = `${clamp(left - 12, 8, Math.max(8, innerWidth - w - 8))}px`;
      this.node.style.top = `${below ? bottom + 6 : Math.max(8, top - h - 6)}px`;
    }
  }

  lrscope.term = term;
  lrscope.Terms = Terms;
})((window.lrscope = window.lrscope || {}));
