/** Text to bytes and back, for the shell that Python's loader runs in. */
export { TextDecoder, TextEncoder } from '@exodus/bytes/encoding-lite.js';
