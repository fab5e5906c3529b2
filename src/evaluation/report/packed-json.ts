/**
 * JSON packed for a script element: thousands of trajectories repeat themselves, and a browser parses a small page sooner. page.cjs
 * unpacks what is looked at.
 *
 * @module
 */
import { deflateRawSync } from 'node:zlib';
import { html, type Html } from './html';

/** Deflated and in base64, which needs no escaping; the type keeps the browser from running it. */
export function packedScript(id: string, value: unknown): Html {
  return html`<script type="application/vnd.husky.packed" id="${id}">
    ${deflateRawSync(JSON.stringify(value)).toString('base64')}
  </script>`;
}
