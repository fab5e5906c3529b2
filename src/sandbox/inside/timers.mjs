/** Timers. The host runs one at a time, when it is due. */
import { ports } from './ports.mjs';

const { apply, deleteProperty } = Reflect;
const { delete: mapDelete, forEach: mapForEach, set: mapSet } = Map.prototype;
const { now } = Date;
const { max, min } = Math;
const number = Number;
const bare = Object.create;

const waiting = new Map();
let lastTimer = 0;
function addTimer(action, delay, repeat, values) {
  if (typeof action !== 'function') throw new TypeError('The callback of a timer must be a function');
  const wait = max(1, min(number(delay) || 0, 0x7fffffff));
  lastTimer += 1;
  const timer = bare(null);
  timer.action = action;
  timer.wait = wait;
  timer.at = now() + wait;
  timer.every = repeat ? wait : 0;
  timer.values = values;
  timer.holds = true;
  apply(mapSet, waiting, [lastTimer, timer]);
  return new Timeout(lastTimer, timer);
}
class Timeout {
  #id;
  #timer;
  constructor(id, timer) {
    this.#id = id;
    this.#timer = timer;
  }
  ref() {
    this.#timer.holds = true;
    return this;
  }
  unref() {
    this.#timer.holds = false;
    return this;
  }
  hasRef() {
    return this.#timer.holds;
  }
  refresh() {
    this.#timer.at = now() + this.#timer.wait;
    apply(mapSet, waiting, [this.#id, this.#timer]);
    return this;
  }
  close() {
    clearTimer(this.#id);
    return this;
  }
  [Symbol.toPrimitive]() {
    return this.#id;
  }
}
// Otherwise a program could construct one around an object of its own.
deleteProperty(Timeout.prototype, 'constructor');
const clearTimer = (id) => void (typeof id === 'symbol' || apply(mapDelete, waiting, [number(id)]));

export const timers = {
  setTimeout: (action, delay, ...values) => addTimer(action, delay, false, values),
  setInterval: (action, delay, ...values) => addTimer(action, delay, true, values),
  setImmediate: (action, ...values) => addTimer(action, 0, false, values),
  clearTimeout: clearTimer,
  clearInterval: clearTimer,
  clearImmediate: clearTimer,
};
export const performance = {
  now: () => now() - ports.startedAt,
  get timeOrigin() {
    return ports.startedAt;
  },
};

/** The timer that is due next, whether anything waits for it, and the milliseconds until then. */
export function nextTimer() {
  let id = 0;
  let timer;
  let held = false;
  apply(mapForEach, waiting, [
    (one, its) => {
      held ||= one.holds;
      if (timer === undefined || one.at < timer.at) {
        timer = one;
        id = its;
      }
    },
  ]);
  return { __proto__: null, id, timer, held, wait: timer === undefined ? 0 : timer.at - now() };
}

export function fire({ id, timer }) {
  if (timer.every > 0) timer.at = now() + timer.every;
  else apply(mapDelete, waiting, [id]);
  apply(timer.action, undefined, timer.values);
}
