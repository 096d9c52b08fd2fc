/* What a person says of a sweep: its name, tags, colour and notes, in one dialog; tags of many at once. */
(function (lrscope) {
  'use strict';
  const {make, button} = lrscope.dom;
  const MODAL = 'edit-modal', NOTES = 'notes-modal';

  const show = (id, props) => window.dash_clientside.set_props(id, {opened: true, ...props});
  const hide = id => window.dash_clientside.set_props(id, {opened: false});
  const listOf = text => [...new Set(text.split(',').map(tag => tag.trim()).filter(Boolean))];

  class Edit {
    constructor(store, api, actions) { this.store = store; this.api = api; this.actions = actions; }

    /** Every field of a sweep; `at` is the one that gets the focus. */
    open(sweep, at = 'name') {
      const fields = {
        name: make('input', 'text', null, {type: 'text', value: sweep.name, maxlength: 120, autocomplete: 'off'}),
        tags: this.tagInput(sweep.tags.join(', ')),
        color: lrscope.palette.swatches(sweep.color),
        notes: make('textarea', 'text', sweep.notes, {rows: 6, maxlength: 10240, placeholder: 'Markdown: **bold**, lists, links, `code`'}),
      };
      this.form('Edit sweep', [
        field('Name', fields.name, 'name'), field('Tags', fields.tags, 'tags', 'Separated by commas'),
        make('fieldset', 'edit__field', [make('legend', 'edit__label', 'Colour'), fields.color]), field('Notes', fields.notes, 'notes'),
      ], fields[at], () => {
        const said = {name: fields.name.value.trim(), tags: listOf(fields.tags.value), color: fields.color.querySelector(':checked')?.value || sweep.color, notes: fields.notes.value};
        return this.save(sweep.id, Object.fromEntries(Object.entries(said).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(sweep[name]))));
      });
    }

    /** Read first; the fields are one click away. */
    notes(sweep) {
      if (!sweep.notes) { this.open(sweep, 'notes'); return; }
      window.dash_clientside.set_props('notes-text', {children: sweep.notes});
      show(NOTES, {title: `Notes on ${sweep.name}`});
      this.read = sweep.id;
    }

    editNotes() {
      hide(NOTES);
      const sweep = this.store.sweeps.get(this.read);
      if (sweep) this.open(sweep, 'notes');
    }

    /** Add tags to many. */
    tags(ids) {
      const input = this.tagInput('');
      this.form(`Tag ${lrscope.words.plural(ids.length, 'sweep')}`, [field('Add the tags', input, 'tags', 'Separated by commas; those they have stay')], input, async () => {
        const added = listOf(input.value);
        await this.actions.each(ids, sweep => this.api.change(sweep.id, {tags: [...new Set([...sweep.tags, ...added])]}));
      });
    }

    async save(id, changes) { if (Object.keys(changes).length) this.store.sweep(await this.api.change(id, changes)); }

    tagInput(value) {
      const known = [...new Set(this.store.stored().flatMap(sweep => sweep.tags))].sort();
      document.getElementById('known-tags')?.remove();
      document.body.append(make('datalist', '', known.map(tag => make('option', '', null, {value: tag})), {id: 'known-tags'}));
      return make('input', 'text', null, {type: 'text', value, list: 'known-tags', autocomplete: 'off'});
    }

    form(title, content, first, save) {
      const error = make('p', 'problem', '', {role: 'alert'}), saving = button('Save', () => {}, {look: 'primary'});
      saving.type = 'submit';
      const form = make('form', 'edit', [...content, error, make('div', 'edit__foot', [button('Cancel', () => hide(MODAL)), saving])], {novalidate: true});
      form.addEventListener('submit', async event => {
        event.preventDefault();
        saving.disabled = true;
        for (const node of form.querySelectorAll('.edit__error')) node.textContent = '';
        try { await save(); hide(MODAL); } catch (problem) {
          for (const {field, reason} of problem.errors || []) { const at = form.querySelector(`[data-error="${CSS.escape(field.split('.')[0])}"]`); if (at) at.textContent = reason; }
          error.textContent = (problem.errors || []).length ? '' : problem.message;
        }
        saving.disabled = false;
      });
      document.getElementById('edit-body').replaceChildren(form);
      show(MODAL, {title});
      setTimeout(() => { first.focus(); if (first.select) first.select(); }, 120); // after the dialog has taken the focus
    }
  }

  function field(label, input, name, hint) {
    input.id = `edit-${name}`;
    return make('div', 'edit__field', [make('label', 'edit__label', label, {for: input.id}), input, hint && make('p', 'edit__hint', hint), make('p', 'problem edit__error', '', {'data-error': name})]);
  }

  lrscope.Edit = Edit;
})((window.lrscope = window.lrscope || {}));
