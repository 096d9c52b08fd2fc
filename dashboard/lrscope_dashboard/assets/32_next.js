/* The focused sweep has no reading yet, or will have none: why, and the buttons that do something about it. */
(function (lrscope) {
  'use strict';
  const {make, icon, button} = lrscope.dom;

  class Next {
    constructor(node, store, app) {
      this.node = node; this.store = store; this.app = app; this.key = '';
      store.on('focus sweeps workers points', () => this.soon());
      this.soon = lrscope.dom.eachFrame(() => this.show());
      this.soon();
    }

    show() {
      const sweep = this.store.focused(), said = sweep && lrscope.next(sweep, this.about(sweep)), key = JSON.stringify([sweep && sweep.id, said]);
      if (key === this.key) return;
      this.key = key;
      this.node.hidden = !said;
      this.node.dataset.look = said ? said.look : '';
      this.node.replaceChildren(...(said ? this.parts(sweep, said) : []));
    }

    about(sweep) {
      const {store} = this, curve = store.curves.get(sweep.id), queued = sweep.status === 'queued';
      const points = curve ? curve.loss.reduce((n, loss) => n + Number(Number.isFinite(loss)), 0) : sweep.steps_done;
      return {points, workers: store.workers, origin: location.origin, waits: queued ? lrscope.differ.waits(store.stored(), store.workers).get(sweep.id) : null};
    }

    parts(sweep, {text, more, acts, command, first}) {
      return [
        make('p', 'next__text', text), more && make('p', 'next__more', more),
        command && lrscope.dom.command(command, 'the command that starts a worker'),
        acts.length > 0 && make('div', 'next__acts', acts.map(act => this.act(sweep, act, act === first))),
      ].filter(Boolean);
    }

    act(sweep, name, first) {
      const {dialogs, form, actions} = this.app, ids = [sweep.id];
      const [label, does, title] = {
        mend: ['Clone with a fix…', () => form.mend(sweep), 'A new sweep with its values, and what probably went wrong changed'],
        error: ['Show error', () => dialogs.failure(sweep), 'What was raised, and what was printed before'],
        printed: ['Printed', () => dialogs.printed(sweep), 'What the recipe printed'],
        retry: ['Retry', () => actions.retry(ids), 'The same once more'],
        front: ['Move to the front', () => actions.front(sweep.id), ''],
        onwards: ['Run it to its end', () => actions.extend(sweep.id, {}), 'A new sweep that trains these steps again and goes on'],
      }[name];
      return button(label, does, {look: first ? 'primary' : '', title});
    }
  }

  lrscope.Next = Next;
})((window.lrscope = window.lrscope || {}));
