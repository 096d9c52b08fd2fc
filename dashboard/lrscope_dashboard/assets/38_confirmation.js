/* Confirming a rate: short trainings around it, how far they are, and what they tell. */
(function (lrscope) {
  'use strict';
  const {numbers, words} = lrscope;
  const {make, button, say} = lrscope.dom;
  const {format} = numbers;
  const {term} = lrscope;
  const SPACING = 0.25, EVERY_MS = 800, WIDE = 300, HIGH = 132, LEFT = 38, RIGHT = 8, TOP = 8, BOTTOM = 22;
  const SCHEDULES = {constant: 'Constant rate', onecycle: 'One cycle'};

  const ended = found => found.trainings.filter(words.ended).length;
  const over = found => ended(found) === found.trainings.length;
  const rates = found => [...new Set(found.trainings.map(one => one.lr))].sort((a, b) => a - b);

  /** Two rates more, beyond the lowest (-1) or the highest (1) that was trained. */
  const beyond = (found, way) => {
    const from = way < 0 ? rates(found)[0] : rates(found).at(-1);
    return [1, 2].map(k => Number((from * 10 ** (way * k * SPACING)).toPrecision(3)));
  };

  /** From 0 to 1: how much of all that is to be trained has been. */
  const share = found => found.trainings.reduce((sum, one) => sum + (words.ended(one) ? 1 : Math.min(1, one.steps_done / found.steps)), 0) / found.trainings.length;

  const svg = (tag, className, attributes) => {
    const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
    if (className) node.setAttribute('class', className);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    return node;
  };

  /** Final losses over rates: the trainings, the parabola, the band, the best. What lies far above is drawn at the top. */
  function drawing(found) {
    const x = found.trainings.map(one => Math.log10(one.lr)), left = Math.min(...x) - 0.12, right = Math.max(...x) + 0.12;
    const losses = found.trainings.filter(one => one.loss !== null).map(one => one.loss).sort((a, b) => a - b);
    const least = losses[0], middle = losses[Math.floor(losses.length / 2)], most = Math.min(losses.at(-1), least + 5 * (middle - least) || losses.at(-1));
    const span = most - least || Math.abs(least) || 1, bottom = least - 0.12 * span, top = most + 0.12 * span;
    const px = value => LEFT + (WIDE - LEFT - RIGHT) * (value - left) / (right - left);
    const py = value => TOP + (HIGH - TOP - BOTTOM) * numbers.clamp((top - value) / (top - bottom), 0, 1);
    const ground = HIGH - BOTTOM, node = svg('svg', 'confirmed', {viewBox: `0 0 ${WIDE} ${HIGH}`, role: 'img', 'aria-label': told(found)});
    const put = (tag, className, attributes, text) => { const child = svg(tag, className, attributes); if (text !== undefined) child.textContent = text; node.append(child); };
    if (found.band_low !== null && found.band_high !== null) put('rect', 'confirmed__band', {x: px(Math.log10(found.band_low)), y: TOP, width: Math.max(1, px(Math.log10(found.band_high)) - px(Math.log10(found.band_low))), height: ground - TOP});
    put('line', 'confirmed__axis', {x1: LEFT, x2: WIDE - RIGHT, y1: ground, y2: ground});
    if (found.curve) {
      const {a, b, c} = found.curve, at = [...Array(61).keys()].map(k => left + (right - left) * k / 60).map(q => [q, a + b * q + c * q * q]).filter(([, y]) => y <= top && y >= bottom);
      put('path', 'confirmed__curve', {d: at.map(([q, y], k) => `${k ? 'L' : 'M'}${px(q).toFixed(1)} ${py(y).toFixed(1)}`).join('')});
    }
    if (found.best !== null) {
      const best = px(Math.log10(found.best));
      put('line', 'confirmed__best', {x1: best, x2: best, y1: TOP, y2: ground});
      if (found.low !== null && found.high !== null) put('line', 'confirmed__interval', {x1: px(Math.log10(found.low)), x2: Math.min(WIDE - RIGHT, px(Math.log10(found.high))), y1: ground, y2: ground});
    }
    for (const one of found.trainings) {
      const at = px(Math.log10(one.lr));
      if (one.status === 'diverged') put('text', 'confirmed__diverged', {x: at, y: TOP + 8}, '×');
      else if (one.loss !== null) put('circle', 'confirmed__end', {cx: at, cy: py(one.loss), r: 3});
    }
    const shown = rates(found);
    for (const lr of new Set([shown[0], shown[Math.floor(shown.length / 2)], shown.at(-1)])) put('text', 'confirmed__tick', {x: px(Math.log10(lr)), y: HIGH - 7}, format(lr));
    put('text', 'confirmed__loss', {x: LEFT - 6, y: py(most) + 4}, numbers.loss(most));
    if (most > least) put('text', 'confirmed__loss', {x: LEFT - 6, y: py(least) + 4}, numbers.loss(least));
    return node;
  }

  const open = (low, high) => (low !== null && high !== null ? `${format(low)} – ${format(high)}` : low !== null ? `from ${format(low)}` : high !== null ? `up to ${format(high)}` : 'not known');

  const told = found => (found.best === null ? 'Final losses over learning rates' : `Final losses over learning rates: best at ${format(found.best)}, within 5 % ${open(found.band_low, found.band_high)}`);

  class ConfirmationPanel {
    constructor(node, store, api) {
      this.node = node; this.store = store; this.api = api; this.id = null; this.found = null; this.timer = 0; this.error = ''; this.schedule = 'constant'; this.steps = null;
      store.on('focus', () => this.focus());
      store.on('status', ({sweep}) => { if (sweep.id === this.id) this.fetch(); });
      store.on('connection', () => { if (store.connection.state === 'live' && this.found && !over(this.found)) this.soon(); });
      store.on('training', sweep => this.hear(sweep));
      store.on('choice reading', () => this.label());
      this.focus();
    }

    focus() {
      if (this.store.focus === this.id) return;
      this.id = this.store.focus; this.found = null; this.error = ''; this.steps = null;
      this.show();
      this.fetch();
    }

    /** A training of this sweep moved on: counted at once, asked about soon. */
    hear(sweep) {
      if (!sweep.origin || sweep.origin.sweep !== this.id) return;
      const mine = this.found && this.found.trainings.find(one => one.sweep === sweep.id);
      if (mine) { mine.steps_done = sweep.steps_done; this.progress(); }
      if (!mine || mine.status !== sweep.status) this.soon();
    }

    soon() {
      if (this.timer) return;
      this.timer = setTimeout(() => { this.timer = 0; this.fetch(); }, EVERY_MS);
    }

    async fetch() {
      const {id} = this, sweep = this.store.focused();
      if (!sweep || !words.ended(sweep) || !sweep.confirmed) return this.show();
      const found = await this.api.confirmation(id).catch(() => null);
      if (id === this.id) { this.found = found || this.found; this.show(); }
    }

    async ask(call) {
      const {id} = this;
      try { const found = await call(id); if (id === this.id) { this.found = found; this.error = ''; } } catch (problem) { if (id === this.id) this.error = problem.message; }
      if (id === this.id) this.show();
    }

    show() {
      const sweep = this.store.focused(), {found} = this;
      this.node.hidden = !sweep || !words.ended(sweep) || !sweep.steps_done || sweep.reason === 'imported';
      if (this.node.hidden) return;
      const running = found && !over(found), measured = found && found.trainings.some(one => one.loss !== null);
      this.count = make('span', 'confirm__count', '', {role: 'status'});
      this.bar = make('div', 'progress__bar');
      this.node.replaceChildren(...[
        make('div', 'field__head', [make('h3', 'block__title', [term('confirm')]), this.count]),
        running && make('div', 'progress', [this.bar]),
        measured && drawing(found),
        found && found.best !== null && this.facts(found),
        ...(found && !running ? found.reasons.map(reason => this.reason(reason)) : []),
        running ? this.stop() : found ? make('details', 'other', [make('summary', '', 'Confirm again'), ...this.form(sweep)]) : make('div', '', this.form(sweep)),
        this.error && make('p', 'problem', this.error, {role: 'alert'}),
      ].filter(Boolean));
      this.progress();
      this.label();
    }

    progress() {
      const {found} = this;
      if (!found || !this.count) return;
      say(this.count, over(found) ? `${found.steps} steps, ${SCHEDULES[found.schedule].toLowerCase()}` : `${ended(found)} of ${words.plural(found.trainings.length, 'training')}`);
      this.bar.style.transform = `scaleX(${share(found)})`;
    }

    facts(found) {
      const fact = (name, content) => make('div', 'fact', [make('dt', '', [name]), make('dd', '', content)]);
      const use = make('button', 'btn btn--soft confirm__use', 'Use', {type: 'button', title: 'Put the marker there', 'aria-label': `Use the best rate, ${format(found.best)}`, onclick: () => this.store.choose(numbers.snap(found.best), 'confirmation')});
      return make('dl', 'facts confirm__facts', [
        fact('Best rate', [make('span', 'fact__value', format(found.best)), use]),
        fact(term('interval'), [make('span', 'fact__value', open(found.low, found.high))]),
        fact(term('within_5'), [make('span', 'fact__value', open(found.band_low, found.band_high))]),
      ]);
    }

    reason({code, text}) {
      const way = {edge_low: -1, edge_high: 1}[code], {found} = this;
      const more = way && button(way < 0 ? 'Train lower rates' : 'Train higher rates', () => this.ask(id => this.api.confirm(id, {
        lr: found.lr, lrs: beyond(found, way), seeds: [...new Set(found.trainings.map(one => one.seed))], steps: found.steps, schedule: found.schedule,
      })));
      return make('div', 'reason', [make('p', 'reason__text', text), more && make('div', 'reason__do', [more])].filter(Boolean));
    }

    stop() { return make('div', 'confirm__foot', [button('Stop', () => this.ask(id => this.api.stopConfirming(id)))]); }

    form(sweep) {
      const schedule = make('select', 'confirm__schedule', Object.entries(SCHEDULES).map(([value, text]) => make('option', '', text, {value, selected: value === this.schedule})), {id: 'confirm-schedule', 'aria-label': 'Schedule', onchange: () => { this.schedule = schedule.value; }});
      const steps = make('input', 'confirm__steps', null, {type: 'number', min: '2', max: '20000', value: String(this.steps || sweep.num_iter), 'aria-label': 'Steps of each training', onchange: () => { this.steps = Number(steps.value) || null; }});
      this.go = button('', () => this.ask(id => this.api.confirm(id, {lr: this.store.draft().lr, steps: Number(steps.value) || sweep.num_iter, schedule: schedule.value})));
      return [
        make('p', 'quiet confirm__what', 'Short trainings at five rates around the marker, two seeds each.'),
        make('div', 'confirm__form', [schedule, steps, make('span', 'quiet', 'steps')]),
        make('div', 'confirm__foot', [this.go]),
      ];
    }

    label() {
      const draft = this.store.draft();
      if (this.go && draft) say(this.go.lastChild, `Confirm ${format(draft.lr)}`);
    }
  }

  lrscope.confirmation = {beyond, share, open};
  lrscope.ConfirmationPanel = ConfirmationPanel;
})((window.lrscope = window.lrscope || {}));
