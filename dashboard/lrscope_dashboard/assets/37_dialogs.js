/* The dialogs that the page opens itself; Dash owns their frames. */
(function (lrscope) {
  'use strict';
  const {make, icon, button, say, copy} = lrscope.dom;
  const MODAL = 'error-modal', AGAIN_MS = 2000;

  const TOLD = [
    {label: 'Traceback', call: 'traceback', none: 'No traceback: the recipe raised nothing itself.'},
    {label: 'Printed', call: 'log', none: 'It has printed nothing.'},
  ];

  class Dialogs {
    constructor(api, store) { this.api = api; this.store = store; this.timer = 0; }

    open(id, props = {}) { window.dash_clientside.set_props(id, {opened: true, ...props}); }

    help() { this.open('help-modal'); }

    /** Why a sweep failed: what was raised and, one click away, what the recipe printed before. */
    failure(sweep) {
      const mend = button('Clone with a fix…', () => {
        window.dash_clientside.set_props(MODAL, {opened: false});
        lrscope.app.form.mend(sweep);
      }, {look: 'primary', title: 'A new sweep with its values, and what probably went wrong changed'});
      return this.show(sweep, 'Why it failed', TOLD, [make('p', 'failure__reason', sweep.reason || 'No reason was given.')], mend);
    }

    /** What its recipe prints; of a running sweep it is read again every other second. */
    printed(sweep) { return this.show(sweep, 'What it printed', TOLD.slice(1), []); }

    show(sweep, title, all, said, foot) {
      this.open(MODAL, {title});
      const text = make('pre', 'failure__text', null, {tabindex: '0', role: 'tabpanel'});
      const copying = make('button', 'btn failure__copy', [icon('copy'), make('span', '', 'Copy')], {type: 'button', onclick: () => copy(text.textContent, copying)});
      const tabs = all.map(told => make('button', 'failure__tab', told.label, {type: 'button', role: 'tab', onclick: () => this.tell(sweep, told, tabs, text)}));
      document.getElementById('error-body').replaceChildren(
        ...said,
        make('p', 'failure__about', `${sweep.name} · attempt ${sweep.attempt}${sweep.worker ? ` · worker ${sweep.worker}` : ''}`),
        make('div', 'failure__head', [make('div', 'failure__tabs', tabs, {role: 'tablist', 'aria-label': 'What is known of it'}), copying]),
        text, ...(foot ? [make('div', 'failure__foot', [foot])] : []),
      );
      return this.tell(sweep, all[0], tabs, text);
    }

    async tell(sweep, told, tabs, text) {
      tabs.forEach(tab => tab.setAttribute('aria-selected', String(tab.textContent === told.label)));
      text.setAttribute('aria-label', told.label);
      text.textContent = 'Loading…';
      await this.read(sweep, told, tabs, text);
      text.scrollTop = text.scrollHeight;
    }

    /** Read it, and while the sweep runs and the dialog stands read it again; whoever scrolled up is left there. */
    async read(sweep, told, tabs, text) {
      clearTimeout(this.timer);
      const runs = (this.store.sweeps.get(sweep.id) || sweep).status === 'running';
      let found;
      try { found = (await this.api[told.call](sweep.id))[told.call] || told.none; } catch (problem) { found = problem.status === 404 ? told.none : problem.message; }
      if (!tabs.some(tab => tab.textContent === told.label && tab.getAttribute('aria-selected') === 'true')) return; // another tab was chosen meanwhile
      const down = text.scrollTop + text.clientHeight >= text.scrollHeight - 4;
      say(text, found);
      if (down) text.scrollTop = text.scrollHeight;
      if (runs) this.timer = setTimeout(() => { if (text.isConnected && text.getClientRects().length) this.read(sweep, told, tabs, text); }, AGAIN_MS);
    }
  }

  lrscope.Dialogs = Dialogs;
})((window.lrscope = window.lrscope || {}));
