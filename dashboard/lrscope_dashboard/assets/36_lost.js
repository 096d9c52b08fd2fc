/* The connection is gone: why, what still works, when it is tried again, and a button that tries now. */
(function (lrscope) {
  'use strict';
  const {make, button, say} = lrscope.dom;
  const QUIET_MS = 1500; // a short cut mends itself and is only told in the bar

  /** What a plain question to the server says of it. */
  async function ask() {
    try {
      const {ok, status} = await fetch('/version', {cache: 'no-store'});
      if (ok) return {title: 'The connection is lost', text: 'The server answers, but its live socket does not open. A proxy between may not let websockets through.'};
      if (status === 401 || status === 403) return {title: `The server refuses this page (${status})`, text: 'It wants a token that this page has not. Open the link again that came with the server.'};
      return {title: `The server answered ${status}`, text: 'Something is wrong there; what it prints says what.'};
    } catch (_) {
      return navigator.onLine === false
        ? {title: 'This computer is offline', text: ''}
        : {title: 'The server cannot be reached', text: `Nothing answers at ${location.host}. It may be starting anew.`};
    }
  }

  class Lost {
    constructor(store, feed) {
      this.store = store; this.feed = feed; this.since = 0; this.timer = 0; this.found = null;
      this.title = make('p', 'lost__title'); this.text = make('p', 'lost__text'); this.when = make('p', 'lost__when');
      this.node = make('div', 'lost', [
        make('div', '', [this.title, this.text, this.when]), button('Try now', () => this.again()),
      ], {role: 'status', hidden: true});
      document.body.append(this.node);
      store.on('connection', () => this.change());
    }

    change() {
      const {state} = this.store.connection, gone = state === 'reconnecting' || state === 'offline';
      if (!gone) { clearInterval(this.timer); this.timer = this.since = 0; this.found = null; this.node.hidden = true; return; }
      this.node.dataset.state = state;
      if (this.timer) return;
      this.since = Date.now();
      this.timer = setInterval(() => this.tick(), 500);
    }

    async tick() {
      if (Date.now() - this.since < QUIET_MS) return;
      if (!this.found) { this.found = {title: 'The connection is lost', text: ''}; this.found = await ask(); }
      if (!this.timer) return; // back again meanwhile
      const {title, text} = this.found, left = Math.ceil((this.feed.nextAt - Date.now()) / 1000);
      say(this.title, title);
      say(this.text, `${text ? `${text} ` : ''}What you see stays: read, zoom, compare, export. Saving a pick and queueing have to wait.`);
      say(this.when, left > 0 ? `Tried again in ${left} s` : 'Trying…');
      this.node.hidden = false;
    }

    again() { this.found = null; this.feed.again(0); }
  }

  lrscope.Lost = Lost;
})((window.lrscope = window.lrscope || {}));
