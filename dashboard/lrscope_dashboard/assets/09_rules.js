/* What each known rule does, in a sentence, and whose it is: a part of the terms. Pure; the rules themselves: core/lrscope/rules.py. */
(function (lrscope) {
  'use strict';

  /** {said, source}; empty for a rule that is newer than this page. */
  const about = name => { const [, said, source] = lrscope.terms[name] || ['', '', '']; return {said, source}; };

  lrscope.rules = {about};
})((window.lrscope = window.lrscope || {}));
