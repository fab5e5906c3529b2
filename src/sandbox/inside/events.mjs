/** Events and AbortSignal. Libraries for these are older than Node's versions and no longer maintained. */
import { DOMException } from './dom-exception.mjs';

export class Event {
  #type;
  constructor(type, { cancelable = false } = {}) {
    this.#type = String(type);
    this.cancelable = Boolean(cancelable);
    this.defaultPrevented = false;
    this.target = null;
  }
  get type() {
    return this.#type;
  }
  preventDefault() {
    this.defaultPrevented = this.cancelable;
  }
  stopImmediatePropagation() {
    this.stopped = true;
  }
}
export class CustomEvent extends Event {
  constructor(type, options = {}) {
    super(type, options);
    this.detail = options.detail ?? null;
  }
}
export class EventTarget {
  #listeners = new Map();
  addEventListener(type, listener, options) {
    const all = this.#listeners.get(String(type)) ?? [];
    if (listener && !all.some((one) => one.listener === listener))
      this.#listeners.set(String(type), [...all, { listener, once: Boolean(options?.once) }]);
  }
  removeEventListener(type, listener) {
    const all = this.#listeners.get(String(type)) ?? [];
    this.#listeners.set(
      String(type),
      all.filter((one) => one.listener !== listener),
    );
  }
  dispatchEvent(event) {
    event.target = this;
    for (const { listener, once } of this.#listeners.get(event.type) ?? []) {
      if (once) this.removeEventListener(event.type, listener);
      if (typeof listener === 'function') listener.call(this, event);
      else listener.handleEvent(event);
      if (event.stopped) break;
    }
    this[`on${event.type}`]?.(event);
    return !event.defaultPrevented;
  }
}
const OURS = Symbol('ours');
export class AbortSignal extends EventTarget {
  #reason;
  #aborted = false;
  constructor(key) {
    super();
    if (key !== OURS) throw new TypeError('Illegal constructor');
  }
  static abort(reason) {
    const signal = new AbortSignal(OURS);
    signal.end(OURS, reason);
    return signal;
  }
  static timeout(wait) {
    const signal = new AbortSignal(OURS);
    const over = () => signal.end(OURS, new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
    setTimeout(over, wait).unref();
    return signal;
  }
  static any(signals) {
    const signal = new AbortSignal(OURS);
    for (const one of signals) {
      if (one.aborted) signal.end(OURS, one.reason);
      else one.addEventListener('abort', () => signal.end(OURS, one.reason), { once: true });
    }
    return signal;
  }
  get aborted() {
    return this.#aborted;
  }
  get reason() {
    return this.#reason;
  }
  throwIfAborted() {
    if (this.#aborted) throw this.#reason;
  }
  end(key, reason = new DOMException('This operation was aborted', 'AbortError')) {
    if (key !== OURS || this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason;
    this.dispatchEvent(new Event('abort'));
  }
}
export class AbortController {
  #signal = new AbortSignal(OURS);
  get signal() {
    return this.#signal;
  }
  abort(reason) {
    this.#signal.end(OURS, reason);
  }
}
