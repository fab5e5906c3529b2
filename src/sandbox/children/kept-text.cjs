'use strict';
/** Both ends of a text that may be long. */
class KeptText {
  keep = 4000;
  length = 0;
  head = '';
  tail = '';

  add(text) {
    this.length += text.length;
    const room = this.keep - this.head.length;
    if (room > 0) this.head += text.slice(0, room);
    const rest = room > 0 ? text.slice(room) : text;
    if (rest === '') return;
    this.tail += rest.length > this.keep ? rest.slice(-this.keep) : rest;
    if (this.tail.length > 8 * this.keep) this.tail = this.tail.slice(-this.keep);
  }

  kept() {
    return { head: this.head, tail: this.tail.slice(-this.keep), length: this.length };
  }
}

module.exports = { KeptText };
