/* What to change after a failure, read from what was raised: {changes, why, focus}, as Form.clone takes them. Pure. */
(function (lrscope) {
  'use strict';
  const {format} = lrscope.numbers;

  const BATCH = /(^|_)(batch_?size|bs|batch)$/i;
  const HALF = /^(use_)?(amp|autocast|fp16|bf16|half|mixed_precision)$/i;
  const PRECISION = /^(dtype|precision)$/i;
  const WHOLE = {float16: 'float32', bfloat16: 'float32', fp16: 'fp32', bf16: 'fp32', 16: '32', '16-mixed': '32-true', 'bf16-mixed': '32-true'};

  const nothing = why => ({changes: {}, why, focus: ''});
  const param = (sweep, name, value, why) => ({changes: {params: {...sweep.params, [name]: value}}, why, focus: `params.${name}`});
  const find = (sweep, pattern) => Object.keys(sweep.params).find(name => pattern.test(name));

  /** Half the batch takes about half of the memory. */
  function smaller(sweep) {
    const name = find(sweep, BATCH), size = name ? Number(sweep.params[name]) : 0;
    if (size > 1) return param(sweep, name, Math.floor(size / 2), `It ran out of memory: ${name} is halved, from ${size} to ${Math.floor(size / 2)}.`);
    return {...nothing('It ran out of memory, and has no batch size to lower: make the model smaller, or take a device with more memory.'), focus: 'device'};
  }

  function elsewhere(sweep) {
    const device = sweep.device_wish && sweep.device_wish !== 'any' ? 'any' : 'cpu';
    return {changes: {device}, why: device === 'any' ? `Its worker has no ${sweep.device_wish}: any device may take it now.` : 'The device was not there: it is asked for on a processor now.', focus: 'device'};
  }

  /** In full precision; without a switch for it there is only the advice. */
  function whole(sweep) {
    const flag = Object.keys(sweep.params).find(name => HALF.test(name) && sweep.params[name] === true);
    if (flag) return param(sweep, flag, false, `Two kinds of numbers met: ${flag} is off, so that all of them are float32.`);
    const kind = find(sweep, PRECISION), wider = kind && WHOLE[String(sweep.params[kind])];
    if (wider) return param(sweep, kind, wider, `Two kinds of numbers met: ${kind} is ${wider}, so that all of them are float32.`);
    return nothing('Two kinds of numbers met, half precision and float32. The recipe has no switch for that: let its model and its loss use one.');
  }

  /** The loss of the first step is measured before any rate has acted: none is its cause. */
  function never(sweep) {
    const half = whole(sweep);
    if (half.focus) return {...half, why: half.why.replace('Two kinds of numbers met', 'Half precision may overflow')};
    return nothing('No rate has acted by then, so none is the cause: look at the inputs, at what the model begins with, and at the loss (a log of 0, a division by 0).');
  }

  /** A recipe that gives up when its loss is no number: at which step is not known. */
  function finite(sweep) {
    const half = whole(sweep), low = Number((sweep.start_lr / 100).toPrecision(3));
    if (half.focus) return {...half, why: half.why.replace('Two kinds of numbers met', 'The loss was not a number')};
    if (sweep.start_lr < 1e-8) return nothing(`The loss was not a number, with rates from ${format(sweep.start_lr)}: look at the inputs and at the loss (a log of 0, a division by 0).`);
    return {changes: {start_lr: low}, why: `The loss was not a number. The start is lowered to ${format(low)}; if it happens again, look at the inputs and at the loss.`, focus: 'start_lr'};
  }

  /** A parameter that the message names; the longest name that is in it, so that `size` is not found in `batch_size`. */
  function named(sweep, text) {
    const found = Object.keys(sweep.params).filter(name => new RegExp(`(^|[^\\w])${name.replace(/\W/g, '\\$&')}([^\\w]|$)`).test(text)).sort((a, b) => b.length - a.length)[0];
    return found ? {changes: {}, why: `The message names ${found}, which was ${sweep.params[found]}.`, focus: `params.${found}`} : null;
  }

  /** @type {Array<[RegExp, (sweep: any) => {changes: any, why: string, focus: string}]>} */
  const CAUSES = [
    [/out of memory|OutOfMemoryError|MemoryError|CUBLAS_STATUS_ALLOC_FAILED|exit code -?9\b|SIGKILL/i, smaller],
    [/not compiled with CUDA|no (CUDA|NVIDIA|GPU)|CUDA (is )?(not available|unavailable|driver)|invalid device ordinal|unknown device|no kernel image|(MPS|XPU|HIP) .*not available/i, elsewhere],
    [/\bhalf\b|bfloat16|float16|scalar type|same dtype|autocast|GradScaler/i, whole],
    [/(loss|output|logits).{0,40}(nan|not finite|non-?finite|not a number|\binf\b)/i, finite],
  ];

  /** Of a failed sweep, or of one whose loss was no number from its first step on. `told`: what was raised. */
  function fix(sweep, told = sweep.reason || '') {
    if (sweep.status !== 'failed' && sweep.first_nonfinite_step === 0) return never(sweep);
    const last = lrscope.words.lastLine(told);
    const cause = CAUSES.find(([pattern]) => pattern.test(last));
    if (cause) return cause[1](sweep);
    return named(sweep, last) || nothing('');
  }

  lrscope.fix = fix;
})((window.lrscope = window.lrscope || {}));
