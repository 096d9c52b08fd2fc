/* Sharing: the link of what is seen now, and views that are kept by name for everybody. */
(function (lrscope) {
  'use strict';
  const {numbers} = lrscope;
  const {make, icon, button, copy} = lrscope.dom;
  const MODAL = 'share-modal';

  const linkOf = view => `${location.origin}/v/${view.id}`;

  class Views {
    constructor(body, store, api, url) {
      this.body = body; this.store = store; this.api = api; this.url = url;
      store.on('address', () => { if (this.link) this.link.value = location.href; });
    }

    open() {
      this.link = make('input', 'text', null, {type: 'text', readonly: true, value: location.href, 'aria-label': 'Link to what is seen now', onfocus: () => this.link.select()});
      this.name = make('input', 'text', null, {id: 'view-name', type: 'text', maxlength: 120, placeholder: 'e.g. batch sizes, before Friday', autocomplete: 'off'});
      this.error = make('p', 'problem', '', {role: 'alert'});
      this.list = make('ul', 'views');
      const copying = button('Copy', () => copy(location.href, copying), {glyph: 'copy'});
      const form = make('form', 'share__row', [this.name, make('button', 'btn btn--primary', 'Save view', {type: 'submit'})]);
      form.addEventListener('submit', event => { event.preventDefault(); this.save(); });
      this.body.replaceChildren(
        make('h3', 'sheet__title', 'Link to what is seen now'), make('div', 'share__row', [this.link, copying]),
        make('p', 'sheet__note', 'The sweeps, axes, zoom, smoothing and the marker. Curves that still run fill as their points come.'),
        make('h3', 'sheet__title', [make('label', '', 'Keep it under a name', {for: 'view-name'})]), form, this.error,
        make('h3', 'sheet__title', 'Saved views'), this.list,
      );
      window.dash_clientside.set_props(MODAL, {opened: true});
      return this.refresh();
    }

    async refresh() {
      try {
        const views = await this.api.views();
        this.list.replaceChildren(...(views.length ? views.map(view => this.one(view)) : [make('li', 'quiet', 'None yet.')]));
      } catch (problem) { this.error.textContent = problem.message; }
    }

    one(view) {
      const copying = make('button', 'btn btn--icon', [icon('copy')], {type: 'button', title: 'Copy the link', 'aria-label': `Copy the link of ${view.name}`, onclick: () => copy(linkOf(view), copying)});
      return make('li', 'views__one', [
        make('div', 'views__what', [make('a', 'views__name', view.name, {href: `/v/${view.id}`, onclick: event => this.go(event, view)}), make('span', 'views__who', `${view.owner}, ${numbers.ago(view.created_at)}`)]),
        copying,
        make('button', 'btn btn--icon', [icon('close')], {type: 'button', title: 'Delete', 'aria-label': `Delete ${view.name}`, onclick: () => this.remove(view)}),
      ]);
    }

    /** Open it in this page; a new tab by the usual means. */
    go(event, view) {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      window.dash_clientside.set_props(MODAL, {opened: false});
      history.pushState(null, '', `/v/${view.id}`);
      this.url.back();
    }

    async save() {
      const name = this.name.value.trim();
      this.error.textContent = name ? '' : 'Give it a name.';
      if (!name) { this.name.focus(); return; }
      try {
        const view = await this.api.saveView(name, this.url.now());
        this.name.value = '';
        await copy(linkOf(view));
        lrscope.toast(`“${view.name}” is kept, and its link copied`);
        await this.refresh();
      } catch (problem) { this.error.textContent = problem.message; }
    }

    async remove(view) {
      try {
        await this.api.removeView(view.id);
        lrscope.toast(`“${view.name}” deleted`, {action: 'Undo', onAction: async () => { await this.api.saveView(view.name, view.state); await this.refresh(); }});
        await this.refresh();
      } catch (problem) { this.error.textContent = problem.message; }
    }
  }

  lrscope.Views = Views;
})((window.lrscope = window.lrscope || {}));
