/**
 * Charts as SVG: sharp on paper and at any zoom, in the page's own colours in every theme. For eyes only: each has a
 * sentence before it and a table behind it that say the same.
 */
import { html, nothing, svg, type TemplateResult } from "lit/html.js";
import { phaseNames } from "./figures.ts";

export interface BarRow {
  label: string;
  value: number;
  /** The number as people write it. */
  text: string;
}

/** One bar below the other, for names of any length. */
export function barChart(rows: readonly BarRow[], rtl: boolean): TemplateResult {
  const most = Math.max(1, ...rows.map(({ value }) => value));
  return html`<ul class="th-bars" aria-hidden="true">
    ${rows.map(({ label, value, text }) => {
      const width = (100 * value) / most;
      return html`<li class="th-bars__row">
        <span class="th-bars__label"><bdi>${label}</bdi></span>
        <svg class="th-bars__bar" width="100%" height="20" focusable="false">
          <rect
            class="th-bars__line"
            x=${rtl ? "100%" : "0"}
            transform=${rtl ? "translate(-1)" : nothing}
            width="1"
            height="20"
          />
          <rect class="th-bars__fill" x="${rtl ? 100 - width : 0}%" y="2" width="${width}%" height="16" />
        </svg>
        <span class="th-bars__number">${text}</span>
      </li>`;
    })}
  </ul>`;
}

export type PhaseName = (typeof phaseNames)[number];

export interface StackColumn {
  /** Below it, in one line or two. */
  label: [string, string];
  /** Has its label also where there is little room. */
  major: boolean;
  values: Record<PhaseName, number>;
}

export interface StackWords {
  phases: Record<PhaseName, string>;
  number(value: number): string;
}

/** Pixels. */
const plot = { top: 20, height: 180, below: 44, axis: 44 };
/** A few columns are not drawn wider than this share of the chart. */
const fewestSlots = 8;

/** Whole steps between lines, four at most. */
export function gridOf(most: number): number[] {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, most / 4)));
  const step = Math.max(1, [1, 2, 5, 10].map((each) => each * power).find((each) => each * 4 >= most) ?? 1);
  return Array.from({ length: Math.max(1, Math.ceil(most / step)) + 1 }, (_, i) => i * step);
}

/** Columns side by side in the direction of writing, each stacked by phase. */
export function columnChart(columns: readonly StackColumn[], words: StackWords, rtl: boolean): TemplateResult {
  const totals = columns.map(({ values }) => values.received + values.open + values.closed);
  const grid = gridOf(Math.max(1, ...totals));
  const top = grid.at(-1) ?? 1;
  const y = (value: number): number => plot.top + plot.height * (1 - value / top);
  const slots = Math.max(columns.length, fewestSlots);
  const slot = 100 / slots;
  const height = plot.top + plot.height + plot.below;
  return html`<div class="th-stack ${columns.length > 12 ? "th-stack--many" : ""}" aria-hidden="true">
    ${legend(words)}
    <div class="th-stack__chart">
      <svg class="th-stack__axis" width=${plot.axis} height=${height} focusable="false">
        ${grid.map(
          (value) =>
            svg`<text class="th-stack__text" x=${rtl ? 8 : plot.axis - 8} y=${y(value) + 5} text-anchor=${rtl ? "start" : "end"} direction="ltr">${words.number(value)}</text>`,
        )}
      </svg>
      <svg class="th-stack__plot" width="100%" height=${height} focusable="false">
        ${stripes()}
        ${grid.map((value) => svg`<line class="th-stack__line" x1="0" x2="100%" y1=${y(value)} y2=${y(value)} />`)}
        ${columns.map((column, i) => {
          const start = rtl ? 100 - (i + 1) * slot : i * slot;
          return columnOf(column, totals[i] ?? 0, { start, slot, y, number: words.number });
        })}
      </svg>
    </div>
  </div>`;
}

interface Frame {
  /** Per cent of the plot's width. */
  start: number;
  slot: number;
  y(value: number): number;
  number(value: number): string;
}

function columnOf({ label, major, values }: StackColumn, total: number, frame: Frame): TemplateResult {
  const { start, slot, y, number } = frame;
  const middle = `${start + slot / 2}%`;
  const rare = major ? "" : "th-stack__minor";
  let below = 0;
  // Done at the bottom, new on top.
  const segments = phaseNames.toReversed().map((phase) => {
    const from = below;
    below += values[phase];
    if (values[phase] === 0) return nothing;
    return svg`<rect class="th-phase th-phase--${phase}" fill=${fillOf(phase)} x="${start + slot * 0.16}%" width="${slot * 0.68}%" y=${y(below)} height=${y(from) - y(below)} />`;
  });
  const floor = plot.top + plot.height;
  return svg`${segments}
    ${total === 0 ? nothing : svg`<text class="th-stack__text th-stack__total" x=${middle} y=${y(total) - 5} text-anchor="middle">${number(total)}</text>`}
    <text class="th-stack__text ${rare}" x=${middle} y=${floor + 18} text-anchor="middle">${label[0]}</text>
    <text class="th-stack__text ${rare}" x=${middle} y=${floor + 36} text-anchor="middle">${label[1]}</text>`;
}

/** Style sheets name no place in the page: the build takes each address in them for an image. */
const fillOf = (phase: PhaseName): string | typeof nothing => (phase === "open" ? "url(#th-stripes)" : nothing);

/** Who sees no difference between two colours sees stripes. */
const stripes = (): TemplateResult => svg`<defs>
  <pattern id="th-stripes" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
    <rect class="th-stripes__ground" width="8" height="8" /><rect class="th-stripes__stripe" width="4" height="8" />
  </pattern>
</defs>`;

function legend({ phases }: StackWords): TemplateResult {
  return html`<ul class="th-stack__legend">
    ${phaseNames.map(
      (phase) =>
        html`<li>
          <svg width="18" height="18" focusable="false">
            <rect class="th-phase th-phase--${phase}" fill=${fillOf(phase)} x="1" y="1" width="16" height="16" />
          </svg>
          ${phases[phase]}
        </li>`,
    )}
  </ul>`;
}
