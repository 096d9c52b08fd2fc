/* The focused sweep: what it is, how far it is, what can be done with it. */
(function (lrscope) {
  'use strict';
  const {words, numbers} = lrscope;
  const {make, icon, button, say, sayName} = lrscope.dom;

  class Focus {
    constructor(node, store, api, chart, dialogs, form) {
      this.node = node; this.store = store; this.api = api; this.chart = chart; this.dialogs = dialogs; this.form = form; this.key = '';
      store.on('focus sweeps scheme', () => this.show());
      this.show();
    }

    show() {
      const sweep = this.store.focused();
      const key = sweep ? JSON.stringify([sweep.id, sweep.name, sweep.status, sweep.reason, sweep.attempt, this.chart.color(sweep)]) : this.store.loaded ? 'none' : 'not yet known';
      if (key !== this.key) { this.key = key; this.build(sweep); }
      if (sweep) this.progress(sweep);
    }

    build(sweep) {
      if (!sweep && !this.store.loaded) { this.node.replaceChildren(); return; }
      if (!sweep) {
        this.node.replaceChildren(make('h2', 'focus__name is-none', 'No sweep chosen'), make('p', 'quiet', 'Click a sweep in the list to read its curve and pick a rate.'));
        return;
      }
      const chip = make('button', 'chip chip--button', null, {type: 'button', title: 'Change the colour', 'aria-label': 'Colour', onclick: () => lrscope.palette.open(sweep.id, chip)});
      chip.style.setProperty('--c', this.chart.color(sweep));
      const name = make('h2', 'focus__name', null, {title: sweep.name});
      sayName(name, sweep.name);
      this.said = make('span', 'focus__state');
      this.bar = make('div', 'progress__bar');
      this.bar.style.setProperty('--c', this.chart.color(sweep));
      this.error = make('p', 'problem', '', {role: 'alert'});
      const failed = sweep.status === 'failed';
      this.node.replaceChildren(
        make('div', 'focus__head', [chip, name, make('div', 'focus__actions', this.actions(sweep))]),
        make('p', 'focus__meta', [make('span', `status status--${sweep.status}`, [lrscope.term(sweep.status, sweep.status)]), this.said].filter(Boolean)),
        ...(sweep.status === 'running' ? [make('div', 'progress', [this.bar])] : []),
        ...(sweep.reason && (failed || sweep.status === 'running') ? [make('p', failed ? 'focus__reason is-bad' : 'focus__reason', words.lastLine(sweep.reason))] : []),
        make('p', 'focus__facts', this.facts(sweep).flatMap((text, i) => [i ? ' · ' : '', typeof text === 'string' ? make('span', '', text) : text])),
        this.error,
      );
    }

    actions(sweep) {
      const {id} = sweep;
      this.star = make('button', 'btn btn--icon star', [icon('star')], {type: 'button', 'aria-label': 'Star', title: 'Star (*)', onclick: () => lrscope.app.actions.star(id)});
      const found = [this.star];
      if (sweep.status === 'running') found.push(button('Printed', () => this.dialogs.printed(sweep), {title: 'What the recipe prints'}));
      if (!words.ended(sweep)) found.push(button('Cancel', () => this.call(() => this.api.cancel(id))));
      if (sweep.reason !== 'imported') found.push(button('Clone', () => this.form.clone(sweep), {title: 'A new sweep like this one, with changes'}));
      return found;
    }

    facts(sweep) {
      return [
        sweep.recipe, ...words.params(sweep), sweep.optimizer, `${sweep.num_iter} steps`, lrscope.term('seed', `seed ${sweep.seed}`),
        sweep.origin && (sweep.origin.how === 'extends' ? 'extends an earlier sweep' : 'second stage'), sweep.attempt > 1 && lrscope.term('attempt', `attempt ${sweep.attempt}`), sweep.device, `by ${sweep.owner}, ${numbers.ago(sweep.created_at)}`,
      ].filter(Boolean);
    }

    progress(sweep) {
      const said = words.state(sweep);
      this.star.setAttribute('aria-pressed', String(sweep.starred));
      this.star.classList.toggle('is-on', sweep.starred);
      const steps = sweep.steps_done ? `${sweep.steps_done} of ${sweep.num_iter} steps` : '';
      say(this.said, {
        running: [said.main, said.more].filter(Boolean).join(' · '), queued: said.more, diverged: said.more, failed: steps && `after ${steps}`, cancelled: steps && `after ${steps}`,
      }[sweep.status] || '');
      this.bar.style.transform = `scaleX(${words.share(sweep)})`;
    }

    async call(action) {
      try { await action(); this.error.textContent = ''; } catch (problem) { this.error.textContent = problem.message; }
    }
  }

  lrscope.Focus = Focus;
})((window.lrscope = window.lrscope || {}));
