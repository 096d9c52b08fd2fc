/* The REST calls the page makes, and in whose name. */
(function (lrscope) {
  'use strict';
  const MEMORY = 'lrscope.user';

  /** A refused call: `message` is the server's sentence, `errors` name the fields. */
  class Problem extends Error {
    constructor(status, body) {
      super((body && body.detail) || `The server answered ${status}`);
      this.status = status;
      this.errors = (body && body.errors) || [];
    }
  }

  class Api {
    constructor() {
      this.user = '';
      try { this.user = localStorage.getItem(MEMORY) || ''; } catch (_) { /* private window */ }
    }

    async call(method, path, body) {
      const headers = {Accept: 'application/json'};
      if (method !== 'GET') headers['Lrscope-User'] = encodeURIComponent(this.user || 'anonymous');
      if (body !== undefined) headers['Content-Type'] = 'application/json';
      let answer;
      try {
        answer = await fetch(path, {method, headers, body: body === undefined ? undefined : JSON.stringify(body)});
      } catch (_) {
        throw new Problem(0, {detail: 'The server cannot be reached; try again when the page is live.'});
      }
      const said = await answer.json().catch(() => null);
      if (!answer.ok) throw new Problem(answer.status, said);
      return said;
    }

    setUser(name) {
      this.user = name.trim();
      try { localStorage.setItem(MEMORY, this.user); } catch (_) { /* private window */ }
    }

    /** Who I am where nothing was said: the user the server runs as. */
    async meet() {
      if (this.user) return this.user;
      const version = await this.call('GET', '/version').catch(() => ({}));
      this.user = version.user || 'anonymous';
      return this.user;
    }

    reading(id, group = false) { return this.call('GET', `/sweeps/${id}/reading${group ? '?group=true' : ''}`); }
    confirmation(id) { return this.call('GET', `/sweeps/${id}/confirmation`); }
    confirm(id, asked) { return this.call('POST', `/sweeps/${id}/confirm`, asked); }
    stopConfirming(id) { return this.call('POST', `/sweeps/${id}/confirmation/cancel`); }
    common(ids) { return this.call('POST', '/readings/common', {sweeps: ids}); }
    picks(id) { return this.call('GET', `/sweeps/${id}/picks`); }
    traceback(id) { return this.call('GET', `/sweeps/${id}/traceback`); }

    log(id) { return this.call('GET', `/sweeps/${id}/log`); }
    cancel(id) { return this.call('POST', `/sweeps/${id}/cancel`); }
    /** Queue it once more: `extend` over a wider range, `clone` with changes. */
    again(id, verb, body) { return this.call('POST', `/sweeps/${id}/${verb}`, body); }
    retry(id) { return this.call('POST', `/sweeps/${id}/retry`); }
    /** Takes back the pick that stands. */
    unpick(id) { return this.call('DELETE', `/sweeps/${id}/pick`); }
    pick(id, asked) { return this.call('PUT', `/sweeps/${id}/pick`, asked); }
    sweep(id) { return this.call('GET', `/sweeps/${id}`); }
    change(id, fields) { return this.call('PATCH', `/sweeps/${id}`, fields); }
    remove(id) { return this.call('DELETE', `/sweeps/${id}`); }
    restore(id) { return this.call('POST', `/sweeps/${id}/restore`); }
    front(id, by) { return this.call('POST', `/sweeps/${id}/front`, by === undefined ? undefined : {by}); }
    view(id) { return this.call('GET', `/views/${encodeURIComponent(id)}`); }
    views() { return this.call('GET', '/views'); }
    saveView(name, state) { return this.call('POST', '/views', {name, state}); }
    removeView(id) { return this.call('DELETE', `/views/${id}`); }
  }

  lrscope.Api = Api;
  lrscope.Problem = Problem;
})((window.lrscope = window.lrscope || {}));
