/** Renders tables. */
import { html, type Html } from './html';

/** Tables scroll sideways in a narrow window, also by keyboard. */
export function table(caption: string, head: Html, body: Html): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        ${head}
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div>`;
}
