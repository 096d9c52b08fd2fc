/* The dialogs that the page opens itself; Dash owns their frames. */
(function (lrscope) {
  'use strict';
  const {make, icon, copy} = lrscope.dom;

  class Dialogs {
    constructor(api) { this.api = api; }

    open(id) { window.dash_clientside.set_props(id, {opened: true}); }

    help() { this.open('help-modal'); }

    async failure(sweep) {
      this.open('error-modal');
      const body = document.getElementById('error-body');
      const text = make('pre', 'failure__text', 'Loading the traceback…', {tabindex: '0', 'aria-label': 'Traceback'});
      const copying = make('button', 'btn failure__copy', [icon('copy'), make('span', '', 'Copy')], {type: 'button', onclick: () => copy(text.textContent, copying)});
      body.replaceChildren(
        make('p', 'failure__reason', sweep.reason || 'No reason was given.'),
        make('div', 'failure__head', [make('span', 'quiet', `${sweep.name} · attempt ${sweep.attempt}${sweep.worker ? ` · worker ${sweep.worker}` : ''}`), copying]),
        text,
      );
      try {
        text.textContent = (await this.api.traceback(sweep.id)).traceback || 'The worker sent no traceback.';
        text.scrollTop = text.scrollHeight;
      } catch (problem) { text.textContent = problem.status === 404 ? 'No traceback: the recipe raised nothing itself.' : problem.message; }
    }
  }

  lrscope.Dialogs = Dialogs;
})((window.lrscope = window.lrscope || {}));
