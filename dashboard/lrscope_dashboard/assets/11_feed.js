/* The page's one socket, /ws/view: a snapshot, then what changes. Reconnects for ever and loses nothing. */
(function (lrscope) {
  'use strict';
  const FIRST_MS = 300, MOST_MS = 8000, SILENCE_MS = 12000, OFFLINE_MS = 12000;

  /** Connected while the page is still being put together: what comes before begin() is held, and taken then. */
  class Feed {
    constructor(store, url) {
      this.store = store; this.url = url; this.socket = null; this.tries = 0; this.connections = 0; this.watched = ''; this.held = [];
      this.lostAt = 0; this.timer = 0; this.nextAt = 0; this.watchdog = 0;
      store.on('visible focus', () => this.watch());
      window.addEventListener('online', () => this.again(0));
      window.addEventListener('offline', () => this.lost('offline'));
    }

    /** `likely`: ids that will be on the plot, watched before the list has come. */
    connect(likely = []) {
      clearTimeout(this.timer);
      this.watched = '';
      const socket = (this.socket = new WebSocket(this.url));
      if (likely.length) socket.onopen = () => this.ask(likely.map(id => ({sweep: id, attempt: null, from: 0})));
      socket.onmessage = event => this.take(JSON.parse(event.data));
      socket.onclose = () => { if (socket === this.socket) { this.lost(); this.again(); } };
    }

    lost(state) {
      clearTimeout(this.watchdog);
      this.lostAt = this.lostAt || Date.now();
      const long = this.connections && Date.now() - this.lostAt > OFFLINE_MS;
      this.store.setConnection({state: state || (navigator.onLine === false || long ? 'offline' : 'reconnecting'), lag: null});
    }

    again(delay = Math.min(MOST_MS, FIRST_MS * 2 ** this.tries++) * (0.5 + Math.random())) {
      if (this.socket && this.socket.readyState <= 1 && delay === 0) return;
      clearTimeout(this.timer);
      this.nextAt = Date.now() + delay;
      this.timer = setTimeout(() => this.connect(), delay);
    }

    /** The page stands: take what has come, and from now on all at once. */
    begin() {
      const held = this.held;
      this.held = null;
      for (const message of held) this.handle(message);
    }

    take(message) {
      clearTimeout(this.watchdog);
      this.watchdog = setTimeout(() => this.socket.close(), SILENCE_MS);
      if (this.held && message.type !== 'ping') this.held.push(message); else this.handle(message);
    }

    handle(message) {
      const store = this.store;
      if (message.type === 'points') { if (!store.points(message)) this.watch(true); }
      else if (message.type === 'round') for (const one of message.messages) this.handle(one);
      else if (message.type === 'sweep') store.sweep(message.sweep);
      else if (message.type === 'ping') { this.send({type: 'pong', time: message.time}); if (message.lag_ms !== null) store.setConnection({lag: message.lag_ms}); }
      else if (message.type === 'deleted') store.deleted(message.sweep);
      else if (message.type === 'workers') { store.workers = message.workers; store.emit('workers'); }
      else if (message.type === 'queue') { store.queue = message.queue; store.emit('workers'); }
      else if (message.type === 'presence') { store.presence = message.viewers; store.emit('presence'); }
      else if (message.type === 'snapshot') this.live(message);
    }

    live(message) {
      this.tries = 0; this.lostAt = 0; this.connections += 1;
      this.store.snapshot(message);
      this.store.setConnection({state: 'live'});
      this.watch();
    }

    /** Say what is to be seen; said again only when it differs, or after a gap. */
    watch(force = false) {
      if (!this.held) this.ask(this.store.cursors(), force);
    }

    ask(sweeps, force = false) {
      const key = sweeps.map(cursor => cursor.sweep).sort().join();
      if (!force && key === this.watched) return;
      if (this.send({type: 'watch', sweeps})) this.watched = key;
    }

    send(message) {
      if (!this.socket || this.socket.readyState !== WebSocket.OPEN) return false;
      this.socket.send(JSON.stringify(message));
      return true;
    }
  }

  lrscope.Feed = Feed;
})((window.lrscope = window.lrscope || {}));
