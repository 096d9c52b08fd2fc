/* Where there is room for one panel, the tabs choose which: sweeps, plot, decide. Which one is part of the view. */
(function (lrscope) {
  'use strict';
  const {say} = lrscope.dom;

  class Panels {
    constructor(tabs, app, store) {
      this.tabs = tabs; this.app = app; this.store = store;
      tabs.addEventListener('click', event => { const tab = event.target.closest('.tab'); if (tab) this.go(tab.dataset.panel); });
      store.on('view', change => 'panel' in change && this.show());
      store.on('visible', () => this.count());
      store.on('opened', () => this.open());
      store.on('focus', by => by !== 'record' && this.open());
      document.addEventListener('focusin', event => this.uncover(event.target));
      this.show();
      this.count();
    }

    /** Whether there is room for one panel only; the styles say so. */
    single() { return getComputedStyle(this.tabs).display !== 'none'; }

    go(panel) { if (panel !== this.store.view.panel) this.store.setView({panel}); }

    /** A sweep was taken from the list: on to its curve. */
    open() { if (this.single() && this.store.focus && this.store.view.panel === 'sweeps') this.go('plot'); }

    show() {
      const {panel} = this.store.view;
      this.app.dataset.panel = panel;
      for (const tab of this.tabs.children) if (tab.dataset.panel === panel) tab.setAttribute('aria-current', 'true'); else tab.removeAttribute('aria-current');
    }

    /** How many curves are on the plot, on the way to it from the list. */
    count() {
      const count = this.tabs.querySelector('[data-panel=sweeps] .tab__count'), shown = this.store.visible.size;
      say(count, shown ? String(shown) : '');
      count.title = shown ? `${shown} on the plot` : '';
    }

    /** The keyboard of a phone comes up over the field that asked for it: once it stands, the field is brought into view. */
    uncover(field) {
      if (!window.visualViewport || !field.matches('input:not([type=checkbox], [type=radio], [type=range]), textarea')) return;
      window.visualViewport.addEventListener('resize', () => { if (document.activeElement === field) field.scrollIntoView({block: 'center'}); }, {once: true});
    }
  }

  /** The buttons of the header that have no room on it, in one menu. */
  lrscope.overflow = more => more.addEventListener('click', () => {
    const bar = more.closest('.bar'), hidden = [...bar.querySelectorAll('button')].filter(button => button !== more && getComputedStyle(button).display === 'none');
    const items = hidden.map(button => ({label: button.getAttribute('aria-label') || button.title || button.textContent, act: () => button.click()}));
    lrscope.popup.menu('', items, more.getBoundingClientRect());
  });

  lrscope.Panels = Panels;
})((window.lrscope = window.lrscope || {}));
