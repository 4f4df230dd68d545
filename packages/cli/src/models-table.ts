import { type FactOrigin, type ModelInfo, provenanceOf } from '@headrace/core';
import { plural, price, tokens } from './figures.js';
import { safeTerminalText } from './safe-terminal-text.js';
import type { Column } from './text-table.js';

const UNKNOWN = '-';
const known = (count: number | undefined): string => (count === undefined ? UNKNOWN : tokens(count));
const dollars = (usd: number | undefined): string => (usd === undefined ? UNKNOWN : price(usd));

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

const PRICES = 'in, out: US dollars per million tokens of input and output';
const PRICES_WITH_CACHE = 'in, out, cache: US dollars per million tokens of input, output and cached input';
const LETTERS = `can: ${ABILITIES.map(([letter, word]) => `${letter} ${word}`).join(', ')}; - no, . not known`;

/** What the prices and the letters mean. @param shed titles of the columns that are not shown. */
export const modelsLegend = (shed: readonly string[]): readonly string[] => [
  shed.includes('cache') ? PRICES : PRICES_WITH_CACHE,
  ...(shed.includes('can') ? [] : [LETTERS]),
];

export const MODEL_COLUMNS: readonly Column<ModelInfo>[] = [
  { title: 'id', align: 'left', cell: (model) => safeTerminalText(model.id) },
  { title: 'type', align: 'left', cell: (model) => safeTerminalText(model.type), shedOrder: 3 },
  { title: 'context', align: 'right', cell: (model) => known(model.contextWindow), shedOrder: 1 },
  { title: 'max out', align: 'right', cell: (model) => known(model.maxOutputTokens), shedOrder: 4 },
  { title: 'in', align: 'right', cell: (model) => dollars(model.pricing?.input) },
  { title: 'out', align: 'right', cell: (model) => dollars(model.pricing?.output) },
  { title: 'cache', align: 'right', cell: (model) => dollars(model.pricing?.cacheRead), shedOrder: 5 },
  { title: 'can', align: 'left', cell: abilities, shedOrder: 2 },
];

const ORIGINS: Record<FactOrigin, string> = {
  live: "the gateway's own list",
  seed: 'the list shipped with headrace',
  host: 'the host application',
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
