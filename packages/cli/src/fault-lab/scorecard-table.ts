import type { FaultResult, Scorecard, Verdict } from '@headrace/testing';
import { duration } from '../figures.js';
import type { Column } from '../text-table.js';

/** Both deliveries of one fault. */
export interface ScorecardRow {
  readonly fault: string;
  readonly stream: FaultResult | undefined;
  readonly whole: FaultResult | undefined;
}

/** How a verdict is told to people. */
export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  rescued: 'rescued',
  honest: 'honest error',
  failed: 'FAILED',
};

/** One row for each fault, in the order of the results. */
export const scorecardRows = ({ results }: Pick<Scorecard, 'results'>): readonly ScorecardRow[] => {
  const names = [...new Set(results.map(({ fault }) => fault))];
  return names.map((name) => {
    const of = (delivery: 'stream' | 'whole'): FaultResult | undefined =>
      results.find((one) => one.fault === name && one.delivery === delivery);
    return { fault: name, stream: of('stream'), whole: of('whole') };
  });
};

const columnsOf = (delivery: 'stream' | 'whole', title: string): readonly Column<ScorecardRow>[] => {
  const cell =
    (show: (result: FaultResult) => string) =>
    (row: ScorecardRow): string => {
      const result = row[delivery];
      return result === undefined ? '' : show(result);
    };
  return [
    { title, align: 'left', cell: cell(({ verdict }) => VERDICT_WORDS[verdict]) },
    {
      title: 'requests',
      align: 'right',
      cell: cell(({ requests }) => `${requests.primary}+${requests.fallback}`),
      shedOrder: 1,
    },
    { title: 'time', align: 'right', cell: cell(({ durationMs }) => duration(durationMs)), shedOrder: 2 },
  ];
};

export const SCORECARD_COLUMNS: readonly Column<ScorecardRow>[] = [
  { title: 'fault', align: 'left', cell: ({ fault }) => fault },
  ...columnsOf('stream', 'streamed'),
  ...columnsOf('whole', 'whole'),
];
