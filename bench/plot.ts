import { html, type SafeHtml } from "@remix-run/html-template";
import type { Plot } from "./benchmark.ts";

const width = 760;
const height = 340;
const margin = { top: 44, right: 16, bottom: 96, left: 64 };
const plotWidth = width - margin.left - margin.right;
const plotHeight = height - margin.top - margin.bottom;

/** Okabe and Ito's palette, which people who are blind to some colours can tell apart: https://jfly.uni-koeln.de/color/ */
const colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];
const dashes = ["none", "8 4", "2 3", "10 3 2 3", "4 4", "1 5"];

/** A picture of a plot, as an SVG file that stands for itself on light and on dark pages. */
export function renderPlot(plot: Plot): string {
  const values = plot.series.flatMap((one) => one.values);
  const step = stepFor(Math.max(...values, 0));
  const lines = Math.max(1, Math.ceil(Math.max(...values, 0) / step));
  const scale = (value: number): number => margin.top + plotHeight * (1 - value / (lines * step));
  const picture = html`<svg
    xmlns="http://www.w3.org/2000/svg"
    viewBox="0 0 ${width} ${height}"
    role="img"
    aria-label="${plot.title}"
    font-family="system-ui, sans-serif"
    font-size="12"
  >
    <rect width="${width}" height="${height}" fill="#fff" />
    <text x="${margin.left}" y="18" font-size="14" font-weight="600">
      ${plot.title} (${plot.unit})
    </text>
    ${Array.from({ length: lines + 1 }, (_, line) => gridLine(line * step, scale(line * step)))}
    ${plot.series.flatMap((series, index) =>
      plot.kind === "bars"
        ? bars(plot, series.values, index, scale)
        : [polyline(plot, series.values, index, scale)],
    )}
    ${plot.labels.map((label, index) => labelUnder(plot, label, index))}
    ${plot.series.map(({ name }, index) => legend(name, index, plot.series.length))}
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

function gridLine(value: number, y: number): SafeHtml {
  return html`<line
      x1="${margin.left}"
      x2="${width - margin.right}"
      y1="${y}"
      y2="${y}"
      stroke="#ddd"
    />
    <text x="${margin.left - 6}" y="${y + 4}" text-anchor="end"
      >${Number(value.toPrecision(6)).toLocaleString("en")}</text
    >`;
}

function slot(plot: Plot): number {
  return plotWidth / Math.max(1, plot.labels.length);
}

function bars(
  plot: Plot,
  values: readonly number[],
  index: number,
  scale: (value: number) => number,
): readonly SafeHtml[] {
  const thickness = (slot(plot) * 0.8) / plot.series.length;
  return values.map((value, place) => {
    const x = margin.left + slot(plot) * (place + 0.1) + thickness * index;
    const y = scale(value);
    return html`<rect
      x="${round(x)}"
      y="${round(y)}"
      width="${round(thickness)}"
      height="${round(margin.top + plotHeight - y)}"
      fill="${colourOf(index)}"
    />`;
  });
}

function polyline(
  plot: Plot,
  values: readonly number[],
  index: number,
  scale: (value: number) => number,
): SafeHtml {
  const points = values
    .map((value, place) => {
      const x = margin.left + slot(plot) * (place + 0.5);
      return `${round(x)},${round(scale(value))}`;
    })
    .join(" ");
  return html`<polyline
    points="${points}"
    fill="none"
    stroke="${colourOf(index)}"
    stroke-width="2"
    stroke-dasharray="${dashes[index % dashes.length] ?? "none"}"
  />`;
}

function labelUnder(plot: Plot, label: string, place: number): SafeHtml {
  const x = round(margin.left + slot(plot) * (place + 0.5));
  const y = margin.top + plotHeight + 14;
  return plot.labels.length > 8
    ? html`<text transform="translate(${x} ${y}) rotate(-40)" text-anchor="end" font-size="10"
        >${label}</text
      >`
    : html`<text x="${x}" y="${y}" text-anchor="middle">${label}</text>`;
}

function legend(name: string, index: number, count: number): SafeHtml {
  const x = margin.left + (plotWidth / count) * index;
  return html`<rect x="${round(x)}" y="26" width="10" height="10" fill="${colourOf(index)}" />
    <text x="${round(x) + 14}" y="35">${name}</text>`;
}

function colourOf(index: number): string {
  return colours[index % colours.length] ?? "#000";
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
