import { html, type SafeHtml } from "@remix-run/html-template";
import type { Plot } from "./benchmark.ts";

const width = 760;
const right = 16;
const linesHeight = 200;
const barsLeft = 6;
const axisLeft = 64;
const rowHeight = 18;
/** What a character takes, at the most on average: nobody knows in which font it will be. */
const characterWidth = 7;

/** Okabe and Ito's palette, which people who are blind to some colours can tell apart: https://jfly.uni-koeln.de/color/ */
const colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];
const dashes = ["none", "8 4", "2 3", "10 3 2 3", "4 4", "1 5"];

/** Where values are drawn, in the picture's units. */
interface Field {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** What is drawn as far as the field reaches. */
  readonly most: number;
}

/** A picture of a plot, as an SVG file that stands for itself on light and on dark pages. */
export function renderPlot(plot: Plot): string {
  const most = Math.max(...plot.series.flatMap((one) => one.values), 0);
  const step = stepFor(most);
  const lines = Math.max(1, Math.ceil(most / step));
  const places = legendPlaces(plot);
  const top = 44 + rowHeight * (places.at(-1)?.row ?? 0);
  const isBars = plot.kind === "bars";
  const left = isBars ? barsLeft + textWidth(longest(plot.labels)) + 8 : axisLeft;
  const field: Field = {
    left,
    top,
    width: width - right - left,
    height: isBars ? plot.labels.length * barSlot(plot) : linesHeight,
    most: lines * step,
  };
  const height = top + field.height + 28;
  const picture = html`<svg
    xmlns="http://www.w3.org/2000/svg"
    viewBox="0 0 ${width} ${height}"
    role="img"
    aria-label="${plot.title}"
    font-family="system-ui, sans-serif"
    font-size="12"
  >
    <rect width="${width}" height="${height}" fill="#fff" />
    <text x="${barsLeft}" y="18" font-size="14" font-weight="600">
      ${plot.title} (${plot.unit})
    </text>
    ${Array.from({ length: lines + 1 }, (_, line) => gridLine(plot, field, line * step))}
    ${plot.series.flatMap(({ values }, index) =>
      isBars ? bars(plot, field, values, index) : [polyline(plot, field, values, index)],
    )}
    ${plot.labels.map((label, index) => labelOf(plot, field, label, index))}
    ${plot.series.map(({ name }, index) => legend(plot, name, index, places[index]))}
  </svg>`;
  return `${String(picture)}\n`;
}

/** 1, 2 or 5 times a power of ten: so that four to ten lines are drawn. */
function stepFor(largest: number): number {
  if (largest <= 0) return 1;
  const rough = largest / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((one) => rough <= one * power) ?? 10;
  return factor * power;
}

function gridLine({ kind }: Plot, field: Field, value: number): SafeHtml {
  const { left, top } = field;
  const [end, bottom] = [left + field.width, top + field.height];
  const text = Number(value.toPrecision(6)).toLocaleString("en");
  if (kind === "bars") {
    const x = round(left + (field.width * value) / field.most);
    return html`<line x1="${x}" x2="${x}" y1="${top}" y2="${bottom}" stroke="#ddd" />
      <text x="${x}" y="${bottom + 16}" text-anchor="middle">${text}</text>`;
  }
  const y = heightOf(field, value);
  return html`<line x1="${left}" x2="${end}" y1="${y}" y2="${y}" stroke="#ddd" />
    <text x="${left - 6}" y="${y + 4}" text-anchor="end">${text}</text>`;
}

function heightOf({ top, height, most }: Field, value: number): number {
  return round(top + height * (1 - value / most));
}

/** How much room the bars of one label have, one below the other. */
function barSlot({ series }: Plot): number {
  return Math.max(rowHeight, 10 * series.length + 8);
}

function bars(
  plot: Plot,
  { left, top, width: reach, most }: Field,
  values: readonly number[],
  index: number,
): readonly SafeHtml[] {
  const slot = barSlot(plot);
  const thickness = (slot - 6) / plot.series.length;
  return values.map(
    (value, place) =>
      html`<rect
        x="${left}"
        y="${round(top + slot * place + 3 + thickness * index)}"
        width="${round((reach * value) / most)}"
        height="${round(thickness)}"
        fill="${colourOf(index)}"
      />`,
  );
}

/** Of lines: in the middle of its share of the width. */
function placeOnLine({ labels }: Plot, field: Field, place: number): number {
  return round(field.left + (field.width / Math.max(1, labels.length)) * (place + 0.5));
}

function polyline(plot: Plot, field: Field, values: readonly number[], index: number): SafeHtml {
  const points = values
    .map((value, place) => `${placeOnLine(plot, field, place)},${heightOf(field, value)}`)
    .join(" ");
  return html`<polyline
    points="${points}"
    fill="none"
    stroke="${colourOf(index)}"
    stroke-width="2"
    stroke-dasharray="${dashOf(index)}"
  />`;
}

function labelOf(plot: Plot, field: Field, label: string, place: number): SafeHtml {
  if (plot.kind === "bars") {
    const y = round(field.top + barSlot(plot) * (place + 0.5) + 4);
    return html`<text x="${field.left - 8}" y="${y}" text-anchor="end">${label}</text>`;
  }
  const x = placeOnLine(plot, field, place);
  return html`<text x="${x}" y="${field.top + field.height + 16}" text-anchor="middle"
    >${label}</text
  >`;
}

interface LegendPlace {
  readonly x: number;
  readonly row: number;
}

/** One after the other, in as many rows as it takes. */
function legendPlaces({ series }: Plot): readonly LegendPlace[] {
  let next = { x: barsLeft, row: 0 };
  return series.map(({ name }) => {
    const needed = 28 + textWidth(name);
    const fits = next.x === barsLeft || next.x + needed <= width - right;
    const place = fits ? next : { x: barsLeft, row: next.row + 1 };
    next = { x: place.x + needed + 14, row: place.row };
    return place;
  });
}

function legend(
  { kind }: Plot,
  name: string,
  index: number,
  { x, row }: LegendPlace = { x: barsLeft, row: 0 },
): SafeHtml {
  const y = 26 + rowHeight * row;
  const sample =
    kind === "bars"
      ? html`<rect x="${x}" y="${y}" width="10" height="10" fill="${colourOf(index)}" />`
      : html`<line
          x1="${x}"
          x2="${x + 22}"
          y1="${y + 5}"
          y2="${y + 5}"
          stroke="${colourOf(index)}"
          stroke-width="2"
          stroke-dasharray="${dashOf(index)}"
        />`;
  return html`${sample}<text x="${x + 28}" y="${y + 9}">${name}</text>`;
}

function longest(texts: readonly string[]): string {
  return texts.reduce((one, other) => (other.length > one.length ? other : one), "");
}

function textWidth(text: string): number {
  return characterWidth * text.length;
}

function dashOf(index: number): string {
  return dashes[index % dashes.length] ?? "none";
}

function colourOf(index: number): string {
  return colours[index % colours.length] ?? "#000";
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
