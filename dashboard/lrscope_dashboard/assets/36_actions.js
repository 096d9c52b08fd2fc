/* What can be done with sweeps of the list, one or many; each says what it did, and most can be taken back. */
(function (lrscope) {
  'use strict';
  const {words} = lrscope;
  const TOGETHER_MS = 300; // what goes within this time is told of at once

  class Actions {
    constructor(store, api) {
      this.store = store; this.api = api; this.removing = new Set(); this.lost = []; this.regroup = () => {};
      store.on('gone', sweep => this.gone(sweep));
    }

    /** Somebody else deleted what is on the plot, in focus or being copied. Many at once are told of once. */
    gone({id, name}) {
      const {visible, focus} = this.store, {form} = lrscope.app, copied = form.opened && form.origin && form.origin.sweep === id;
      if (this.removing.has(id) || !(visible.has(id) || focus === id || copied)) return;
      if (!this.lost.length) setTimeout(() => this.tellLost(), TOGETHER_MS);
      this.lost.push(`“${name}”`);
    }

    tellLost() {
      const [first, ...more] = this.lost;
      this.lost = [];
      lrscope.toast(`${more.length ? `${more.length + 1} sweeps on the plot were` : `${first} was`} deleted by somebody else`);
    }

    /** What is done to each of `ids`; the answers, where they are sweeps, are shown at once. Refusals are told, and null in the list. */
    async each(ids, call) {
      const problems = [], answers = await Promise.all(ids.map(id => call(this.store.sweeps.get(id), id).catch(problem => { problems.push(problem.message); return null; })));
      for (const sweep of answers) if (sweep && sweep.id && sweep.created_at) this.store.sweep(sweep);
      for (const text of new Set(problems)) lrscope.toast(text, {bad: true});
      return ids.filter((_, i) => answers[i] !== null);
    }

    /** "clean", or "3 sweeps" */
    named(ids, names) { return ids.length === 1 ? names.get(ids[0]) : words.plural(ids.length, 'sweep'); }

    names(ids) { return new Map(ids.map(id => [id, (this.store.sweeps.get(id) || {name: id}).name])); }

    /** Tell what was done to those it was done to, with a way back that also brings them back onto the plot. */
    async told(ids, verb, call, back) {
      const names = this.names(ids), visible = [...this.store.visible], {focus} = this.store;
      const done = await this.each(ids, call);
      if (!done.length) return;
      lrscope.toast(`${this.named(done, names)} ${verb}`, {action: 'Undo', onAction: async () => {
        await this.each(done, (_, id) => back(id));
        this.store.display([...new Set([...this.store.visible, ...visible.filter(id => done.includes(id))])]);
        if (done.includes(focus)) this.store.setFocus(focus);
      }});
    }

    archive(ids) { return this.told(ids, 'archived', (_, id) => this.api.change(id, {archived: true}), id => this.api.change(id, {archived: false})); }
    unarchive(id) { return this.each([id], () => this.api.change(id, {archived: false})); }
    remove(ids) { return this.told(ids, 'deleted', (_, id) => this.removed(id), id => this.api.restore(id)); }

    async removed(id) {
      this.removing.add(id);
      try { await this.api.remove(id); this.store.deleted(id); } finally { this.removing.delete(id); }
      return {};
    }

    star(id) { return this.each([id], sweep => this.api.change(id, {starred: !sweep.starred})); }
    cancel(ids) { return this.each(ids, (_, id) => this.api.cancel(id)); }
    retry(ids) { return this.each(ids, (_, id) => this.api.retry(id)); }
    stopConfirming(id) { return this.each([id], () => this.api.stopConfirming(id)); }
    front(id, by) { return this.each([id], () => this.api.front(id, by)); }

    /** One that groups nothing says so, in place of the one before. */
    group(by) {
      const {store} = this, text = lrscope.apart(store.newest(), by);
      store.setView({group: by});
      lrscope.app.list.set({closed: []}); // what was folded belonged together otherwise
      this.regroup();
      this.regroup = text ? lrscope.toast(text) : () => {};
    }

    baseline(id) { this.store.setBaseline(this.store.baseline === id ? null : id); }

    /** Queue it once more over a wider range, {start_lr} or {end_lr}, and go to it. */
    async extend(id, range) {
      try { this.store.expect([(await this.api.again(id, 'extend', range)).id]); } catch (problem) { lrscope.toast(problem.message, {bad: true}); }
    }

    tag(ids) { lrscope.app.edit.tags(ids); }
  }

  lrscope.Actions = Actions;
})((window.lrscope = window.lrscope || {}));
