/* The rate itself: typed or dragged, with a note, and saved as the pick. */
(function (lrscope) {
  'use strict';
  const {numbers, words} = lrscope;
  const {make, button, say, soonEnough} = lrscope.dom;
  const FOLLOW_MS = 50; // behind a marker that moves: the hand is watched, and its tag and the table say each move

  class Choice {
    constructor(node, store, api) {
      this.node = node; this.store = store; this.api = api; this.sweep = null; this.saving = false; this.saved = ''; this.before = null;
      this.build();
      store.on('focus', () => this.focus());
      const follow = soonEnough(() => this.draft(document.activeElement === this.input ? 'typed' : 'marker'), FOLLOW_MS);
      store.on('draft', ({source}) => (source === 'marker' ? follow() : this.draft(source)));
      store.on('reading pick sweeps visible', () => this.state());
      store.on('points', id => { if (this.node.hidden && id === this.sweep) this.state(); });
      this.focus();
    }

    build() {
      this.range = make('span', 'field__hint', '');
      this.input = make('input', 'rate__input', null, {id: 'rate', type: 'text', inputmode: 'decimal', autocomplete: 'off', spellcheck: 'false', 'aria-describedby': 'rate-error'});
      this.error = make('p', 'problem', '', {id: 'rate-error', role: 'alert'});
      this.suggest = button('', () => this.useSuggestion(), {look: 'soft'});
      this.note = make('textarea', 'note', null, {id: 'note', rows: '2', placeholder: 'Why this rate?', maxlength: '10000'});
      this.save = button('Save pick', () => this.keep(), {look: 'primary'});
      this.save.id = 'save-pick';
      this.said = make('p', 'choice__said', '', {role: 'status'});
      this.node.replaceChildren(
        make('div', 'field__head', [make('label', 'field__label', 'Learning rate', {for: 'rate'}), this.range]),
        make('div', 'rate', [this.input, this.suggest]),
        this.error,
        make('label', 'sr-only', 'Note to the pick', {for: 'note'}),
        this.note,
        make('div', 'choice__foot', [this.save, this.said]),
      );
      this.input.addEventListener('input', () => this.typed());
      this.input.addEventListener('focus', () => { const draft = this.store.draft(); this.before = draft ? draft.lr : null; });
      this.input.addEventListener('blur', () => { if (!this.error.textContent) this.write(); });
      this.input.addEventListener('keydown', event => {
        if (event.key === 'Escape') { this.problem(''); if (this.before !== null) this.store.choose(this.before, 'restored'); this.write(); }
        if (event.key === 'Enter' && !this.error.textContent) { this.write(); this.keep(); }
      });
      this.note.addEventListener('input', () => this.state());
    }

    focus() {
      const sweep = this.store.focused();
      if (sweep && this.sweep !== sweep.id) { this.note.value = ''; this.saved = ''; this.problem(''); }
      this.sweep = sweep ? sweep.id : null;
      if (sweep) {
        say(this.range, `swept ${numbers.format(sweep.start_lr)} to ${numbers.format(sweep.end_lr)}`);
        this.write();
      }
      this.state();
    }

    draft(source) {
      if (source !== 'typed') { this.fault(''); this.write(); }
      this.saved = '';
      this.state();
    }

    write() {
      const draft = this.store.draft();
      if (draft) this.input.value = numbers.format(draft.lr, this.digits(draft.lr));
    }

    /** Two digits, or as many as were typed. */
    digits(lr) {
      for (let digits = 2; digits < 6; digits++) if (Number(lr.toPrecision(digits)) === lr) return digits;
      return 3;
    }

    typed() {
      const lr = numbers.parse(this.input.value), [low, high] = this.store.bounds();
      if (lr === null) return this.problem(this.input.value.trim() ? `“${this.input.value.trim()}” is no rate. Write it like 3e-4, 0.0003 or 300µ.` : 'Write a rate, like 3e-4, 0.0003 or 300µ.');
      if (lr < low || lr > high) return this.problem(`${numbers.format(lr, 3)} is outside the swept range, ${numbers.format(low)} to ${numbers.format(high)}.`);
      this.problem('');
      return this.store.choose(lr, 'typed');
    }

    problem(text) {
      this.fault(text);
      this.state();
    }

    fault(text) {
      say(this.error, text);
      const invalid = String(Boolean(text));
      if (this.input.getAttribute('aria-invalid') !== invalid) this.input.setAttribute('aria-invalid', invalid);
    }

    useSuggestion() {
      const reading = this.store.readings.get(this.sweep);
      if (reading && reading.suggestion) this.store.choose(numbers.snap(reading.suggestion), 'suggestion');
    }

    /** What may be saved, said here and to who shows it elsewhere. */
    state() {
      this.show();
      this.store.emit('choice');
    }

    show() {
      const sweep = this.store.focused();
      this.node.hidden = !this.store.begun(sweep);
      if (!sweep) return;
      const reading = this.store.readings.get(sweep.id), draft = this.store.draft(sweep);
      const suggested = reading && reading.suggestion ? numbers.snap(reading.suggestion) : null;
      this.suggest.hidden = suggested === null;
      say(this.suggest.lastChild, suggested === null ? '' : suggested === draft.lr ? 'is the suggestion' : `Use suggestion ${numbers.format(suggested)}`);
      this.suggest.disabled = suggested === draft.lr;
      const unsaved = this.store.unsaved(this.note.value);
      this.save.disabled = this.saving || !unsaved || Boolean(this.error.textContent);
      say(this.save.lastChild, this.saving ? 'Saving' : sweep.pick && !unsaved ? 'Saved' : `Save pick ${numbers.format(draft.lr)}`);
      this.save.classList.toggle('is-saved', Boolean(sweep.pick && !unsaved));
      this.save.classList.toggle('btn--primary', !words.broken(sweep)); // the first thing to do is said above then
      if (!this.said.classList.contains('is-bad')) say(this.said, this.saved || this.standing(sweep, unsaved));
    }

    standing(sweep, unsaved) {
      const {pick} = sweep;
      if (!pick) return '';
      return unsaved ? `stands: ${numbers.format(pick.lr)} by ${pick.author}` : `by ${pick.author}, ${numbers.ago(pick.created_at)}`;
    }

    /** Undo of what was saved here; not of what somebody picked since. */
    async takeBack(id, pick) {
      const now = this.store.sweeps.get(id);
      if (now && now.pick && now.pick.id !== pick.id) throw new Error(`${now.pick.author} has picked since; nothing was taken back`);
      this.store.sweep(await this.api.unpick(id));
      if (this.sweep === id && !this.note.value) this.note.value = pick.note;
      this.state();
    }

    async keep() {
      const sweep = this.store.focused();
      if (!sweep || this.save.disabled) return;
      const draft = this.store.draft(sweep), note = this.note.value.trim();
      this.saving = true; this.said.classList.remove('is-bad'); this.state();
      try {
        const pick = await this.api.pick(sweep.id, {lr: draft.lr, note, compared_with: [...this.store.visible].filter(id => id !== sweep.id), smoothing: this.store.view.smoothing});
        draft.touched = false; draft.placed = true;
        this.note.value = '';
        this.store.sweep({...this.store.sweeps.get(sweep.id), pick});
        lrscope.toast(`Picked ${numbers.format(pick.lr)} for “${sweep.name}”`, {action: 'Undo', onAction: () => this.takeBack(sweep.id, pick)});
      } catch (problem) {
        this.said.classList.add('is-bad');
        say(this.said, problem.message);
      }
      this.saving = false;
      this.state();
    }
  }

  lrscope.Choice = Choice;
})((window.lrscope = window.lrscope || {}));
