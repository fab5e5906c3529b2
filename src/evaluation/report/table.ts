/** Renders tables. */
import { html, type Html, type Part } from './html';

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

/** A title, or that of a column of numbers. */
type Column = string | { numbers: string };
export const numbered = (...titles: string[]): Column[] => titles.map((numbers) => ({ numbers }));

/** A value in the column's own style, or in a style of its own. */
type Cell = Part | Styled;
interface Styled {
  value: Part;
  style: string;
}

/** A table of rows that all have the same columns; the first cell names its row. @param style of a row by its position */
export function listTable(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly [name: Part, ...cells: Cell[]])[],
  style: (row: number) => string = () => '',
): Html {
  const [named, ...others] = columns.map((column) =>
    typeof column === 'string' ? { title: column, kind: '' } : { title: column.numbers, kind: 'number' },
  );
  const cellOf = (cell: Cell, kind = '') =>
    isStyled(cell)
      ? html`<td class="${kind} ${cell.style}">${cell.value}</td>`
      : html`<td class="${kind}">${cell}</td>`;
  return table(
    caption,
    html`<tr>
      <th scope="col">${named?.title}</th>
      ${others.map(({ title, kind }) => html`<th scope="col" class="${kind}">${title}</th>`)}
    </tr>`,
    html`${rows.map(
      ([name, ...cells], row) =>
        html`<tr class="${style(row)}">
          <th scope="row">${name}</th>
          ${cells.map((cell, at) => cellOf(cell, others[at]?.kind))}
        </tr>`,
    )}`,
  );
}

const isStyled = (cell: Cell): cell is Styled => typeof cell === 'object' && 'style' in cell;
