import { type FactOrigin, type ModelInfo, type Pricing, pricesAt, provenanceOf } from '@headrace/core';
import { plural, price, tokens } from './figures.js';
import { piecePrices } from './piece-prices.js';
import { safeTerminalText } from './safe-terminal-text.js';
import type { Column } from './text-table.js';

const UNKNOWN = '-';
const NOTHING = /^(?:-|\.+) ?$/;
const known = (count: number | undefined): string => (count === undefined ? UNKNOWN : tokens(count));

const ABILITIES: readonly (readonly [letter: string, word: string, has: (model: ModelInfo) => boolean | undefined])[] =
  [
    ['R', 'reasoning', (model) => model.capabilities?.reasoning],
    ['T', 'tools', (model) => model.capabilities?.toolCall],
    ['S', 'structured output', (model) => model.capabilities?.structuredOutput],
    ['V', 'images in', (model) => model.modalities?.input?.includes('image')],
    ['F', 'files in', (model) => model.capabilities?.attachment],
    ['W', 'open weights', (model) => model.capabilities?.openWeights],
  ];

/** One letter for each ability: itself, `-` for no, `.` for not known. */
export const abilities = (model: ModelInfo): string =>
  ABILITIES.map(([letter, , has]) => ({ true: letter, false: '-', undefined: '.' })[String(has(model)) as 'true']).join(
    '',
  );

const TOKEN_PRICES = [
  ['in', 'input'],
  ['out', 'output'],
  ['cache', 'cached input'],
] as const;
const LETTERS = `can: ${ABILITIES.map(([letter, word]) => `${letter} ${word}`).join(', ')}; - no, . not known`;
/** Behind a price that is another one above a size of the input. */
const TIER = '+';
const MOST_NAMES = 3;
/** When a table is too wide. */
const GOES_FIRST = { shedOrder: 6 };

const listOf = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** How a list of models is shown. */
export class ModelsTable {
  readonly columns: readonly Column<ModelInfo>[];
  readonly #models: readonly ModelInfo[];
  readonly #hasTiers: boolean;
  /** As calls name it: with its provider where there are several. */
  readonly #nameOf: (model: ModelInfo) => string;

  /** @param epochMs prices have dates; ms since 1970. */
  constructor(models: readonly ModelInfo[], epochMs: number) {
    this.#models = models;
    const hasSeveral = new Set(models.map(({ provider }) => provider)).size > 1;
    this.#nameOf = ({ provider, id }) => safeTerminalText(hasSeveral ? `${provider}:${id}` : id);
    const priced = (model: ModelInfo): Pricing => (model.pricing && pricesAt(model.pricing, epochMs)) ?? {};
    const hasTiers = models.some((model) => priced(model).tiers !== undefined);
    this.#hasTiers = hasTiers;
    const dollars = (model: ModelInfo, name: 'input' | 'output' | 'cacheRead'): string => {
      const pricing = priced(model);
      const usd = pricing[name];
      if (usd === undefined) return hasTiers ? `${UNKNOWN} ` : UNKNOWN;
      const isTiered = pricing.tiers?.some((tier) => tier[name] !== undefined && tier[name] !== usd) === true;
      return `${price(usd)}${isTiered ? TIER : hasTiers ? ' ' : ''}`;
    };
    const pieces = (model: ModelInfo): string => piecePrices(priced(model)) || UNKNOWN;
    const isByPiece = (model: ModelInfo): boolean => priced(model).output === undefined && pieces(model) !== UNKNOWN;
    // Where there is no room for all prices, those of most models stay.
    const byPiece =
      models.filter(isByPiece).length > models.filter((model) => priced(model).output !== undefined).length;
    const all: readonly Column<ModelInfo>[] = [
      { title: 'id', align: 'left', cell: this.#nameOf },
      { title: 'type', align: 'left', cell: (model) => safeTerminalText(model.type), shedOrder: 3 },
      { title: 'context', align: 'right', cell: (model) => known(model.contextWindow), shedOrder: 1 },
      { title: 'max out', align: 'right', cell: (model) => known(model.maxOutputTokens), shedOrder: 4 },
      { title: 'in', align: 'right', cell: (model) => dollars(model, 'input'), ...(byPiece ? GOES_FIRST : {}) },
      { title: 'out', align: 'right', cell: (model) => dollars(model, 'output'), ...(byPiece ? GOES_FIRST : {}) },
      { title: 'cache', align: 'right', cell: (model) => dollars(model, 'cacheRead'), shedOrder: 5 },
      { title: 'other', align: 'left', cell: pieces, ...(byPiece ? {} : GOES_FIRST) },
      { title: 'can', align: 'left', cell: abilities, shedOrder: 2 },
    ];
    // A column in which nothing is known of any of them says nothing.
    this.columns = all.filter(({ cell }) => models.some((model) => !NOTHING.test(cell(model))));
  }

  /** What the prices and the letters mean. @param shed titles of the columns that are not shown. */
  legend(shed: readonly string[]): readonly string[] {
    const shown = new Set(this.columns.map(({ title }) => title).filter((title) => !shed.includes(title)));
    const prices = TOKEN_PRICES.filter(([title]) => shown.has(title));
    const notes: string[] = [];
    if (prices.length > 0) {
      const titles = prices.map(([title]) => title).join(', ');
      const more = this.#hasTiers ? `; ${TIER} another price above a size of input, see --json` : '';
      notes.push(`${titles}: US dollars per million tokens of ${listOf(prices.map(([, word]) => word))}${more}`);
    }
    if (shown.has('other')) notes.push('other: US dollars for what is not billed by token of text');
    if (prices.length === 0 && !shown.has('other') && shed.length === 0)
      notes.push('no prices are known of these models');
    if (shown.has('can')) notes.push(LETTERS);
    return notes;
  }

  /** Which prices are about to change. */
  changes(epochMs: number): readonly string[] {
    const byDay = new Map<string, string[]>();
    for (const model of this.#models) {
      const until = model.pricing && pricesAt(model.pricing, epochMs)?.until;
      if (until !== undefined) byDay.set(until, [...(byDay.get(until) ?? []), this.#nameOf(model)]);
    }
    return [...byDay.keys()].sort().map((day) => {
      const ids = byDay.get(day) ?? [];
      const rest = ids.length - MOST_NAMES;
      const names = rest > 0 ? [...ids.slice(0, MOST_NAMES), `${rest} more`] : ids;
      return `prices change after ${safeTerminalText(day)}: ${listOf(names)}`;
    });
  }
}

const ORIGINS: Record<FactOrigin, string> = {
  live: "the gateway's own list",
  seed: 'the list shipped with headrace',
  host: 'the configuration',
};

/** How many models, and where the facts about them come from. */
export const modelsFooter = (models: readonly ModelInfo[]): string => {
  const sources = new Map<string, number>();
  for (const model of models) {
    // Facts of one model may differ in origin; what the table is mostly read for decides.
    const provenance = provenanceOf(model, model.pricing === undefined ? 'type' : 'pricing');
    const source = `${ORIGINS[provenance.origin]}, ${safeTerminalText(provenance.asOf)}`;
    sources.set(source, (sources.get(source) ?? 0) + 1);
  }
  const texts = [...sources].map(([source, count]) => (sources.size === 1 ? source : `${source} (${count})`));
  return [plural(models.length, 'model'), ...(texts.length === 0 ? [] : [`facts from ${texts.join('; ')}`])].join(
    ' · ',
  );
};
