import type { ExplainedTarget, Explanation } from '@headrace/core';
import { dollars, duration, tokens } from './figures.js';
import { safeTerminalText } from './safe-terminal-text.js';
import type { Column } from './text-table.js';

const NOT_KNOWN = '-';

const money = (usd: number | undefined): string => (usd === undefined ? NOT_KNOWN : dollars(usd));
const count = (value: number | undefined): string => (value === undefined ? NOT_KNOWN : tokens(value));

const share: Column<ExplainedTarget> = {
  title: 'share',
  align: 'right',
  cell: ({ share: part }) => (part === undefined ? NOT_KNOWN : `${Math.round(part * 100)} %`),
};

const speed: Column<ExplainedTarget> = {
  title: 'first content',
  align: 'right',
  cell: ({ measured }) => (measured?.typicalMs === undefined ? NOT_KNOWN : duration(measured.typicalMs)),
};

/** What stands in the table of an explanation, in the order in which columns leave for want of room. */
export const explanationColumns = ({ strategy }: Explanation): readonly Column<ExplainedTarget>[] => [
  { title: 'target', align: 'left', cell: ({ target }) => target },
  ...(strategy === 'weighted' ? [share] : []),
  ...(strategy === 'fastest' ? [speed] : []),
  { title: 'in', align: 'right', cell: ({ tokens: { inputTokens } }) => count(inputTokens) },
  { title: 'at most', align: 'right', cell: ({ tokens: { inputAtMost } }) => count(inputAtMost), shedOrder: 2 },
  { title: 'out', align: 'right', cell: ({ tokens: { outputTokens } }) => count(outputTokens), shedOrder: 1 },
  { title: 'at most', align: 'right', cell: ({ tokens: { outputAtMost } }) => count(outputAtMost), shedOrder: 2 },
  { title: 'context', align: 'right', cell: ({ contextWindow }) => count(contextWindow), shedOrder: 3 },
  { title: 'price', align: 'right', cell: ({ cost }) => money(cost.expectedUsd) },
  { title: 'at most', align: 'right', cell: ({ cost }) => money(cost.atMostUsd), shedOrder: 2 },
];

/** Where the figures come from and how far off they may be. */
export const explanationNotes = ({ targets, strategy, maxAttempts }: Explanation): readonly string[] => {
  const families = new Map(targets.map(({ tokens: { family, error } }) => [family, error]));
  const errors = [...families].map(([family, { low, high }]) => `${low} to ${high} times (${family})`);
  const known = targets.flatMap(({ cost }) => cost.priceProvenance ?? []);
  const days = [...new Set(known.filter(({ origin }) => origin !== 'host').map(({ asOf }) => asOf))].sort();
  const prices = [
    ...(days.length === 0 ? [] : [`list price of ${days.map(safeTerminalText).join(', ')}`]),
    ...(known.some(({ origin }) => origin === 'host') ? ['the price in the configuration'] : []),
  ];
  return [
    `in, out: tokens by estimate; real input is ${errors.join(', ')} the estimate for texts like those measured`,
    ...(prices.length === 0 ? [] : [`price: US dollars by ${prices.join(' and ')}`]),
    ...(strategy === undefined ? [] : [`the route asks ${strategy}, at most ${maxAttempts} times in all`]),
  ];
};

/** What is to be said of single targets: what they are not sent, why they are not asked. */
export const explanationRemarks = ({ targets, skipped }: Explanation): readonly string[] => [
  ...targets.flatMap(({ target, warnings, unavailable }) => [
    ...warnings.map(({ message }) => `${target}: ${message}`),
    ...(unavailable === undefined ? [] : [`${target} is not asked at the moment: ${unavailable.reason}.`]),
  ]),
  ...skipped.map(({ target, reason }) => `${target} cannot serve this request: ${reason}.`),
];
