import { type Content, html, type Html } from '../html.ts';
import { formatNumber, type Language } from '../language.ts';
import { type Address, aboutOf, addressOf } from './address.ts';
import { type Class, classesOf, classOf } from './classes.ts';
import { NO_DATA } from './figure.ts';
import { formatFigure, reasonOf } from './format.ts';
import type { Column, Row, Table } from './table.ts';
import { WORDS } from './texts.ts';
import { type Tile, tilesOf } from './tiles.ts';

/** Of a hexagon that stands on a corner: from its centre to a corner, in units of the drawing. */
const RADIUS = 56;
const WIDTH = RADIUS * Math.sqrt(3);
const MARGIN = 6;

interface MapOptions {
  readonly address: Address;
  readonly language: Language;
  /** The division the page is about, where it is one of the tiles. */
  readonly here: string;
}

/**
 * A schematic map: a hexagon for each division, coloured by the shown numbers of one measure. Each is a link to the page of its
 * division, so that the map is used by keyboard as by finger.
 */
export function tileMap(table: Table, { address, language, here }: MapOptions): Html {
  const words = WORDS[language];
  const index = Math.max(
    0,
    table.columns.findIndex(({ key }) => key === address.measure),
  );
  const column = table.columns[index];
  if (!column || table.rows.length === 0) return html`<p class="soft">${words.noData}</p>`;
  const classes = classesOf(table.rows.map(({ figures }) => figures[index] ?? NO_DATA));
  const tiles = tilesOf(table.rows.map(({ key }) => key));
  const centres = new Map([...tiles].map(([code, tile]) => [code, centreOf(tile)]));
  const width = Math.max(...[...centres.values()].map(({ x }) => x)) + WIDTH / 2 + MARGIN;
  const height = Math.max(...[...centres.values()].map(({ y }) => y)) + RADIUS + MARGIN;
  const shown = table.rows.map((row) => {
    const { x, y } = centres.get(row.key) ?? { x: 0, y: 0 };
    return tileOf({ row, index, column, classes, x, y, address, language, current: row.key === here });
  });
  return html`<div class="map" data-map="${table.id}">
    ${switcher(table, { address, language })}
    <svg
      class="tiles"
      viewBox="0 0 ${round(width)} ${round(height)}"
      role="group"
      aria-label="${words.map} · ${table.title} · ${column.label}"
    >
      <defs>
        <pattern
          id="hatch-${table.id}"
          width="8"
          height="8"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect class="hatch-ground" width="8" height="8" />
          <rect class="hatch-line" width="3" height="8" />
        </pattern>
      </defs>
      ${shown}
    </svg>
    ${legend(classes, { column, language, hidden: table.rows.some(({ figures }) => figures[index]?.kind !== 'SHOWN') })}
    <p class="soft">${words.mapNote}</p>
  </div>`;
}

interface TileOptions {
  readonly row: Row;
  readonly index: number;
  readonly column: Column;
  readonly classes: readonly Class[];
  readonly x: number;
  readonly y: number;
  readonly address: Address;
  readonly language: Language;
  readonly current: boolean;
}

function tileOf({ row, index, column, classes, x, y, address, language, current }: TileOptions): Html {
  const figure = row.figures[index] ?? NO_DATA;
  const text = formatFigure(figure, column.format, language);
  const reason = reasonOf(figure, language);
  // What is read aloud begins with what is seen, so that who speaks to the page can name a tile by it.
  const said = `${row.label} ${text} ${reason ?? column.unit} · ${column.label}`;
  const shade = classOf(figure, classes)?.number;
  const kind = shade === undefined ? figure.kind.toLowerCase() : `shade-${shade}`;
  return html`<a
    class="tile ${kind}"
    href="${aboutOf(address, row.key)}"
    aria-label="${said}"
    ${current && html`aria-current="true"`}
  >
    <title>${said}</title>
    <polygon points="${corners(x, y)}" />
    <text x="${round(x)}" y="${round(y - 6)}" class="tile-name">${row.label}</text>
    <text x="${round(x)}" y="${round(y + 18)}" class="tile-value">${text}</text>
  </a>`;
}

/** What the map can show, as links: the page works without a script. */
function switcher(table: Table, { address, language }: { address: Address; language: Language }): Html {
  const words = WORDS[language];
  const item = ({ key, label }: Column): Content => {
    const current = key === address.measure;
    const to = addressOf({ ...address, measure: key as Address['measure'] });
    return html`<li><a href="${to}#map" ${current && html`aria-current="true"`}>${label}</a></li>`;
  };
  return html`<nav class="switcher" aria-label="${words.mapShows}">
    <ul>
      ${table.columns.map(item)}
    </ul>
  </nav>`;
}

interface LegendOptions {
  readonly column: Column;
  readonly language: Language;
  readonly hidden: boolean;
}

function legend(classes: readonly Class[], { column, language, hidden }: LegendOptions): Html {
  const digits = column.format.kind === 'NUMBER' ? column.format.digits : 0;
  const text = (value: number): string => formatNumber(value, language, digits);
  return html`<ul class="legend">
    <li class="legend-unit">${column.label}（${column.unit}）</li>
    ${classes.map(
      ({ number, from, to }) =>
        html`<li>
          <span class="swatch shade-${number}"></span>${from === to ? text(from) : `${text(from)}–${text(to)}`}
        </li>`,
    )}
    ${hidden && html`<li><span class="swatch hatched"></span>${WORDS[language].hiddenClass}</li>`}
  </ul>`;
}

function centreOf({ column, row }: Tile): { readonly x: number; readonly y: number } {
  return { x: MARGIN + WIDTH / 2 + (column + (row % 2) / 2) * WIDTH, y: MARGIN + RADIUS + row * RADIUS * 1.5 };
}

/** A little smaller than its place, so that neighbours are told apart. */
function corners(x: number, y: number): string {
  const radius = RADIUS - 2;
  return Array.from({ length: 6 }, (_, corner) => {
    const angle = Math.PI / 6 + (corner * Math.PI) / 3;
    return `${round(x + radius * Math.cos(angle))},${round(y + radius * Math.sin(angle))}`;
  }).join(' ');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
