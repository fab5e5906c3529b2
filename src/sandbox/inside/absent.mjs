/** Stands for what an isolate lacks where a library names it while it is loaded. */
function refuse() {
  throw new TypeError('Not a SharedArrayBuffer');
}
export class SharedArrayBuffer {
  get byteLength() {
    return refuse();
  }
  get growable() {
    return refuse();
  }
}
export { TextDecoder, TextEncoder } from '@exodus/bytes/encoding-lite.js';
