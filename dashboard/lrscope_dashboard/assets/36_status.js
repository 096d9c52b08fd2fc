/* The bar on top, the warning that nothing will run, and the page before its first sweep. */
(function (lrscope) {
  'use strict';
  const {words} = lrscope;
  const {make, icon, say, copy, eachFrame} = lrscope.dom;
  const SAID = {live: 'live', connecting: 'connecting', reconnecting: 'reconnecting…', offline: 'offline'};

  const serverUrl = () => location.origin;
  const COMMANDS = {
    worker: () => `lrscope worker --server ${serverUrl()}`,
    curl: () => `curl ${serverUrl()}/sweeps -H 'content-type: application/json' -d '{"recipe": "digits-clean"}'`,
  };

  class Status {
    constructor(nodes, store) {
      this.nodes = nodes; this.store = store;
      store.on('connection', () => this.connection());
      store.on('workers sweeps', eachFrame(() => { this.queue(); this.warning(); this.empty(); }));
      document.addEventListener('click', event => this.copyClick(event));
      for (const code of document.querySelectorAll('[data-fill]')) code.textContent = COMMANDS[code.dataset.fill]();
      this.connection();
    }

    connection() {
      const {state, lag} = this.store.connection, [word, number] = this.nodes.live.children;
      this.nodes.live.dataset.state = state;
      say(word, SAID[state]);
      say(number, state === 'live' && lag !== null ? `${lag < 10 ? lag.toFixed(1) : Math.round(lag)} ms` : '');
      document.querySelector('.app').dataset.connection = state;
    }

    queue() {
      const {queue, workers} = this.store, connected = workers.filter(worker => worker.connected), here = connected.length, starved = this.store.starved();
      const busy = connected.filter(worker => worker.running.length).length;
      const parts = [[`${queue.running} running`, ''], [`${queue.queued} queued`, ''], [here ? `${busy} of ${words.plural(here, 'device')} busy` : 'no worker', starved ? 'is-bad' : '']];
      const key = parts.join();
      if (this.said === key) return;
      this.said = key;
      this.nodes.queue.replaceChildren(...parts.map(([text, look]) => make('span', `queue__part ${look}`, text)));
      this.nodes.queue.title = 'Queue and workers';
    }

    warning() {
      const starved = this.store.starved(), node = this.nodes.noWorker, key = starved ? String(starved) : '';
      node.hidden = !starved;
      if (node.dataset.key === key) return;
      node.dataset.key = key;
      if (!starved) { node.replaceChildren(); return; }
      node.replaceChildren(
        make('p', 'notice__text', `${words.plural(starved, 'sweep')} ${starved === 1 ? 'waits' : 'wait'} and no worker is connected. Start one:`),
        make('div', 'command', [make('code', '', COMMANDS.worker()), make('button', 'btn btn--icon', [icon('copy')], {type: 'button', title: 'Copy', 'aria-label': 'Copy the command', 'data-copy': 'previous'})]),
      );
    }

    empty() {
      document.querySelector('.app').classList.toggle('is-loaded', this.store.loaded);
      const none = this.store.loaded && !this.store.sweeps.size;
      this.nodes.empty.hidden = !none;
      document.querySelector('.app').classList.toggle('is-empty', none);
    }

    copyClick(event) {
      const from = event.target.closest('[data-copy]');
      if (from) copy(from.previousElementSibling.textContent, from);
    }
  }

  lrscope.Status = Status;
})((window.lrscope = window.lrscope || {}));
