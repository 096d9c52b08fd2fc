/* What each known rule does, in a sentence, and whose it is. Pure; the rules themselves: core/lrscope/rules.py. */
(function (lrscope) {
  'use strict';

  const RULES = {
    steepest: ['Where the smoothed loss falls fastest.', 'Gugger 2018'],
    tenth_of_rise: ['A tenth of the rate at which the loss begins to rise again.', 'by eye'],
    before_rise: ['The last rate before the loss begins to rise again.', 'by eye'],
    valley: ['About the middle of the longest stretch that falls; the default of fastai.', 'fastai, from ESRI'],
    slide: ['Walks left from the end until the slope fifteen steps apart is about the same.', 'fastai, from Novetta'],
    minimum: ['A tenth of the rate with the lowest loss.', 'fastai'],
    steep: ['Where its smoothed loss falls fastest, step by step.', 'fastai'],
    torch_lr_finder: ['The steepest step of its smoothed loss; ten steps are skipped at the start, five at the end.', 'torch-lr-finder 0.2.2'],
    ignite: ['The steepest step before the minimum of the same smoothed loss.', 'ignite 0.5, FastaiLRFinder'],
    lightning: ['Steepest against the rate itself, not its logarithm: noise at small rates wins.', 'Lightning 2.5.3 to 2.6.6'],
    lightning_before: ['The steepest step of its smoothed loss.', 'Lightning before 2.5.3'],
    ktrain: ['The steepest step between step 32 and the minimum of its smoothed loss.', 'ktrain, lr_estimate'],
    neuralprophet: ['Halfway between the steepest step under a window of ten and that of Lightning.', 'NeuralProphet'],
  };

  /** {said, source}; empty for a rule that is newer than this page. */
  const about = name => { const [said, source] = RULES[name] || ['', '']; return {said, source}; };

  lrscope.rules = {RULES, about};
})((window.lrscope = window.lrscope || {}));
