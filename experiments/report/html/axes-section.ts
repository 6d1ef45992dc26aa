import { html, type SafeHtml } from "@remix-run/html-template";
import { type AxisCell, type AxisTable, axisText } from "../axes.ts";
import type { Addresses } from "./addresses.ts";
import { safeText } from "./safe-text.ts";
import { wordSigns } from "./words.ts";

/** How each technique fared at every placement over every scheme, folded, a table for each browser. */
export function axesSection(tables: readonly AxisTable[], addresses: Addresses): SafeHtml | null {
  if (tables.length === 0) return null;
  return html`
    <details class="axes">
      <summary>Every technique, browser by browser</summary>
      ${tables.map((table, index) => axesTable(table, `axes-${index + 1}`, addresses))}
    </details>
  `;
}

function axesTable(
  { column, headings, rows }: AxisTable,
  id: string,
  addresses: Addresses,
): SafeHtml {
  const hasSchemes = rows.some(({ lines }) => lines.some(({ scheme }) => scheme !== null));
  return html`
    <h3 id="${id}">${safeText(column.label)}</h3>
    <div class="scroll" role="region" aria-labelledby="${id}" tabindex="0">
      <table class="plain">
        <caption>
          ${safeText(column.label)}, by placement and scheme
        </caption>
        <thead>
          <tr>
            <th scope="col">Technique</th>
            ${hasSchemes ? html`<th scope="col">Scheme</th>` : null}
            ${headings.map((heading) => html`<th scope="col">${heading}</th>`)}
          </tr>
        </thead>
        ${rows.map(
          ({ technique, lines }) => html`
            <tbody>
              ${lines.map(
                ({ scheme, cells }, line) => html`
                  <tr>
                    ${
                      line === 0
                        ? html`<th scope="rowgroup" rowspan="${lines.length}">
                            <a href="${addresses.cell(column, technique.id)}"
                              >${safeText(technique.title)}</a
                            >
                          </th>`
                        : null
                    }
                    ${scheme === null ? null : html`<th scope="row">${scheme}</th>`}
                    ${cells.map(axisCell)}
                  </tr>
                `,
              )}
            </tbody>
          `,
        )}
      </table>
    </div>
  `;
}

function axisCell(cell: AxisCell): SafeHtml {
  const text = axisText(cell);
  if (typeof cell === "string" || !cell.isSupported) {
    return html`<td><span class="muted">${text}</span></td>`;
  }
  const { word } = cell.summary;
  return html`<td>
    <span class="badge ${word}"><span aria-hidden="true">${wordSigns[word]}</span> ${text}</span>
  </td>`;
}
