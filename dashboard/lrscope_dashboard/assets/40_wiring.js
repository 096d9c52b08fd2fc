/* Between Dash and the page: the functions its callbacks name, the grid's events. */
(function (lrscope) {
  'use strict';
  const none = () => window.dash_clientside.no_update;

  /** Callbacks may come before the page stands: they wait for it. */
  const waiting = [];
  const then = action => { if (lrscope.app) action(lrscope.app); else waiting.push(action); };
  lrscope.whenReady = app => { lrscope.app = app; waiting.splice(0).forEach(action => action(app)); };

  window.dash_clientside = Object.assign({}, window.dash_clientside, {lrscope: {
    theme() { lrscope.theme.next(document.getElementById('theme')); },
    help() { then(({dialogs}) => dialogs.help()); },
    arrived(ids) { if (ids) then(({store}) => store.expect(ids)); return none(); },
    close() { return false; },
    schedule(told) { if (told) then(({use}) => use.draw(told)); },
    share() { then(({views}) => views.open()); },
    queue() { then(({drawer}) => drawer.open()); },
    editNotes(clicks) { if (clicks) then(({edit}) => edit.editNotes()); },
    draft(recipe, _field, _param, _flag, origin, opened) {
      const [, ...groups] = window.dash_clientside.callback_context.inputs_list;
      const [field, param, flag] = groups.slice(0, 3).map(group => Object.fromEntries(group.map(({id, value}) => [id.name, value])));
      then(({form}) => form.draft({recipe, field, param, flag, origin, opened}));
    },
    faults(names) { then(({form}) => form.faults(names)); },
  }});

  /** @type {any} */ const functions = (window.dashAgGridFunctions = window.dashAgGridFunctions || {});
  functions.lrscopeClick = params => then(({list}) => list.click(params));
  functions.lrscopeTwice = params => then(({list}) => list.twice(params));
  functions.lrscopeKey = params => then(({list}) => list.key(params));
  functions.lrscopeContext = params => then(({list}) => list.context(params));
  functions.lrscopeSort = () => then(({list}) => list.sort());
})((window.lrscope = window.lrscope || {}));
