/** Stand-ins for globals that an isolate lacks and that a library names while it is loaded. */
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
