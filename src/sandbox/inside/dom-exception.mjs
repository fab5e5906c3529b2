/** DOMException. core-js has one, but its 154 files take as long to evaluate as a whole program. */
const CODES = {
  InvalidCharacterError: 5,
  InvalidStateError: 11,
  AbortError: 20,
  QuotaExceededError: 22,
  TimeoutError: 23,
  DataCloneError: 25,
};
export class DOMException extends Error {
  #name;
  constructor(message = '', name = 'Error') {
    super(message);
    this.#name = String(name);
  }
  get name() {
    return this.#name;
  }
  get code() {
    return CODES[this.#name] ?? 0;
  }
}
