/* What the focused curve says, in plain words. */
(function (lrscope) {
  'use strict';
  const {numbers, words} = lrscope;
  const {make, button} = lrscope.dom;
  const {term} = lrscope;
  const {advice} = lrscope.advice;
  const {why} = lrscope.why;

  const UNFINISHED = new Set(['too_few_points', 'no_descent', 'already_trained', 'no_divergence', 'min_at_edge']);

  const fact = (name, value, more) => make('div', 'fact', [make('dt', '', [name]), make('dd', '', [make('span', 'fact__value', value), more])]);
  const more = (key, text) => make('span', 'fact__more', [term(key, text)]);

  class ReadingPanel {
    constructor(node, store, api, form) {
      this.node = node; this.store = store; this.api = api; this.form = form; this.key = ''; this.explained = false; this.other = null;
      store.on('focus reading status', () => this.show());
      store.on('view', ({rules}) => { if (this.other && rules !== undefined) this.other.open = rules; });
      this.show();
    }

    show() {
      const sweep = this.store.focused(), reading = sweep && this.store.readings.get(sweep.id);
      this.node.hidden = !sweep || !reading;
      const key = JSON.stringify([sweep && sweep.id, sweep && sweep.status, reading]);
      if (this.node.hidden || key === this.key) return;
      this.key = key;
      this.node.replaceChildren(make('h3', 'block__title', [term('reading', (words.ended(sweep) || !reading ? 'Reading' : 'Reading so far') + (reading && reading.curves > 1 ? ` of ${reading.curves} seeds` : ''))]), ...this.body(sweep, reading));
    }

    body(sweep, reading) {
      return [
        make('dl', 'facts', this.facts(sweep, reading)),
        ...this.reasons(sweep, reading), ...reading.warnings.map(text => make('p', 'reason', text)),
        this.why(reading),
        this.rules(reading),
      ].filter(Boolean);
    }

    /** Why it says little. What only a finished curve can be blamed for is not said of a growing one. */
    reasons(sweep, reading) {
      const said = reading.reasons.filter(({code}) => words.ended(sweep) || !UNFINISHED.has(code)), offered = new Set();
      return said.map(({code, text}) => {
        const ways = advice(code, sweep).filter(({label}) => !offered.has(label));
        for (const {label} of ways) offered.add(label);
        return make('div', 'reason', [make('p', 'reason__text', text), ways.length > 0 && make('div', 'reason__ways', [...ways.map(way => this.button(sweep, way)), this.inForm(sweep, ways[0], text)])]);
      });
    }

    /** The same change in the form, with why, for whoever wants to change more. */
    inForm(sweep, {label, body, focus}, why) {
      return button('In the form…', () => this.form.clone(sweep, {changes: body, why, focus}), {look: 'quiet', title: `${label}, and whatever else you change`});
    }

    /** Asks for what the reason advises, and goes to the sweep that comes of it. */
    button(sweep, {label, verb, body}) {
      const node = make('button', 'btn reason__do', label, {type: 'button', onclick: async () => {
        node.disabled = true;
        try { this.store.expect([(await this.api.again(sweep.id, verb, body)).id]); } catch (problem) {
          node.disabled = false;
          node.replaceWith(node, make('p', 'problem', problem.message, {role: 'alert'}));
        }
      }});
      return node;
    }

    facts(sweep, reading) {
      const {suggestion, low, high, diverges_at: diverges, confidence, noise} = reading, {format} = numbers;
      const noisy = noise !== null && more('noise', `noise ${Math.round(100 * noise)} % of the drop`);
      return [
        fact(term('suggestion'), suggestion === null ? (words.ended(sweep) ? 'none' : 'not yet') : format(suggestion), suggestion !== null && more('confidence', `confidence ${words.confidence(confidence)}`)),
        low !== null && high !== null && fact(term('sweet_spot'), `${format(low)} – ${format(high)}`, more('decade', words.width(low, high))),
        fact(term('diverged', 'Diverges'), diverges === null ? (words.ended(sweep) ? 'not seen' : 'not yet') : `at ${format(diverges)}`, noisy),
      ].filter(Boolean);
    }

    /** What the parts of this curve mean, in their colours, and how the suggestion comes about. */
    why(reading) {
      const said = why(reading);
      if (!said.length) return null;
      const parts = said.map(({name, text}) => this.part(name, text));
      const details = make('details', 'other', [make('summary', '', 'Why this rate?'), make('ul', 'why', parts)], {open: this.explained});
      details.addEventListener('toggle', () => { this.explained = details.open; });
      return details;
    }

    /** Under the pointer or with the focus it lights its part of the plot. */
    part(name, text) {
      const light = which => () => this.store.emit('lit', which);
      return name ? make('li', 'why__part', text, {'data-region': name, tabindex: '0', onpointerenter: light(name), onfocus: light(name), onpointerleave: light(''), onblur: light('')}) : make('li', 'why__part', text);
    }

    /** While a rule of the list is under the pointer or has the focus, its tick on the plot says its name. */
    naming(name) {
      const say = which => () => { if (this.store.named === '*') return; this.store.named = which; this.store.emit('named'); };
      return {onpointerenter: say(name), onfocus: say(name), onpointerleave: say(null), onblur: say(null)};
    }

    about(name) {
      const {said, source} = lrscope.rules.about(name);
      return said ? make('span', 'rules__said', `${said} (${source})`) : null;
    }

    /** Opened, every rule stands on the plot as a tick too. */
    rules(reading) {
      const found = Object.entries(reading.rules).filter(([, lr]) => lr !== null);
      if (!found.length || reading.suggestion === null) return null;
      const list = make('ul', 'rules', found.map(([name, lr]) => make('li', '', [
        make('button', 'rules__one', [make('span', 'rules__name', words.RULES[name] || name.replaceAll('_', ' ')), make('span', 'num', numbers.format(lr)), this.about(name)], {type: 'button', title: 'Put the marker there', onclick: () => this.store.choose(numbers.snap(lr), 'rule'), ...this.naming(name)}),
      ])));
      const shown = this.store.view.rules;
      const all = make('button', 'btn rules__all', '', {type: 'button', onclick: () => { this.store.named = this.store.named === '*' ? null : '*'; tell(); this.store.emit('named'); }});
      const tell = () => { all.textContent = this.store.named === '*' ? 'Names off the plot' : 'All names on the plot'; all.setAttribute('aria-pressed', String(this.store.named === '*')); };
      tell();
      const other = make('details', 'other', [make('summary', '', 'What other rules say'), make('p', 'quiet rules__lead', 'Each has a tick on the axis; under the pointer it says its name.'), all, list], {open: shown});
      this.other = other;
      other.addEventListener('toggle', () => { if (other.open !== this.store.view.rules) this.store.setView({rules: other.open}); });
      return other;
    }
  }

  lrscope.ReadingPanel = ReadingPanel;
})((window.lrscope = window.lrscope || {}));
