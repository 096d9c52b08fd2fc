/* The dialogs that the page opens itself; Dash owns their frames. */
(function (lrscope) {
  'use strict';
  const {make, icon, copy} = lrscope.dom;

  const TOLD = [
    {label: 'Traceback', call: 'traceback', none: 'No traceback: the recipe raised nothing itself.'},
    {label: 'Printed', call: 'log', none: 'It has printed nothing.'},
  ];

  class Dialogs {
    constructor(api) { this.api = api; }

    open(id) { window.dash_clientside.set_props(id, {opened: true}); }

    help() { this.open('help-modal'); }

    /** Why a sweep failed: what was raised and, one click away, what the recipe printed before. */
    failure(sweep) {
      this.open('error-modal');
      const text = make('pre', 'failure__text', null, {tabindex: '0', role: 'tabpanel'});
      const copying = make('button', 'btn failure__copy', [icon('copy'), make('span', '', 'Copy')], {type: 'button', onclick: () => copy(text.textContent, copying)});
      const tabs = TOLD.map(told => make('button', 'failure__tab', told.label, {type: 'button', role: 'tab', onclick: () => this.tell(sweep, told, tabs, text)}));
      document.getElementById('error-body').replaceChildren(
        make('p', 'failure__reason', sweep.reason || 'No reason was given.'),
        make('p', 'failure__about', `${sweep.name} · attempt ${sweep.attempt}${sweep.worker ? ` · worker ${sweep.worker}` : ''}`),
        make('div', 'failure__head', [make('div', 'failure__tabs', tabs, {role: 'tablist', 'aria-label': 'What is known of it'}), copying]),
        text,
      );
      return this.tell(sweep, TOLD[0], tabs, text);
    }

    async tell(sweep, told, tabs, text) {
      tabs.forEach((tab, i) => tab.setAttribute('aria-selected', String(TOLD[i] === told)));
      text.setAttribute('aria-label', told.label);
      text.textContent = 'Loading…';
      let found;
      try { found = (await this.api[told.call](sweep.id))[told.call] || told.none; } catch (problem) { found = problem.status === 404 ? told.none : problem.message; }
      if (tabs[TOLD.indexOf(told)].getAttribute('aria-selected') !== 'true') return; // another tab was chosen meanwhile
      text.textContent = found;
      text.scrollTop = text.scrollHeight;
    }
  }

  lrscope.Dialogs = Dialogs;
})((window.lrscope = window.lrscope || {}));
