/** Compresses JSON for a script element: trajectories compress well, and a browser parses a small page faster. page.cjs unpacks it. */
import { deflateRawSync } from 'node:zlib';
import { html, type Html } from './html';

/** Deflated JSON in base64, which needs no escaping. The type keeps the browser from running it. */
export function packedScript(id: string, value: unknown): Html {
  return html`<script type="application/vnd.husky.packed" id="${id}">
    ${deflateRawSync(JSON.stringify(value)).toString('base64')}
  </script>`;
}
