import type { Fault, Outlook, Setting } from '@headrace/testing';
import type { Column } from '../text-table.js';
import { VERDICT_WORDS } from './scorecard-table.js';

/** What is expected of both deliveries in one setting: one word where they agree, otherwise streamed before whole. */
export const expectation = ({ expected }: Pick<Fault, 'expected'>, setting: Setting): string => {
  const words = [expected.stream, expected.whole]
    .filter((outlook): outlook is Outlook => outlook !== undefined)
    .map((outlook) => VERDICT_WORDS[outlook[setting]]);
  return [...new Set(words)].join(' / ');
};

/** Which deliveries a fault is played in. */
export const deliveries = ({ expected }: Pick<Fault, 'expected'>): string =>
  [expected.stream === undefined ? '' : 'streamed', expected.whole === undefined ? '' : 'whole']
    .filter((word) => word !== '')
    .join(', ');

export const faultColumns: readonly Column<Fault>[] = [
  { title: 'fault', align: 'left', cell: ({ name }) => name },
  { title: 'delivery', align: 'left', cell: deliveries, shedOrder: 1 },
  { title: 'alone', align: 'left', cell: (fault) => expectation(fault, 'alone'), shedOrder: 4 },
  { title: 'with a fallback', align: 'left', cell: (fault) => expectation(fault, 'fallback'), shedOrder: 3 },
  { title: 'and recovery', align: 'left', cell: (fault) => expectation(fault, 'recovery'), shedOrder: 2 },
  { title: 'what the upstream does', align: 'left', cell: ({ title }) => title, shedOrder: 5 },
];
