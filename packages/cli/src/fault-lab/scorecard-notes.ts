import type { FaultResult, Scorecard, Setting } from '@headrace/testing';
import { duration, plural } from '../figures.js';
import { safeTerminalText } from '../safe-terminal-text.js';

const SETTINGS: Readonly<Record<Setting, string>> = {
  alone: 'a primary alone',
  fallback: 'a primary and a fallback, without recovery',
  recovery: 'a primary and a fallback, with recovery',
};

const nameOf = ({ fault, delivery }: FaultResult): string =>
  `${fault}, ${delivery === 'stream' ? 'streamed' : 'whole'}`;

const reasonOf = (result: FaultResult): string =>
  `${nameOf(result)}: ${safeTerminalText(result.reason ?? '').replaceAll('\n', ' ')}`;

const listed = (title: string, results: readonly FaultResult[], show: (result: FaultResult) => string): string[] =>
  results.length === 0 ? [] : ['', title, ...results.map((result) => `  ${show(result)}`)];

/** What would rescue a call that ended in an honest error, by the outlook of the catalogue. */
const remedyOf = ({ outlook }: FaultResult, setting: Setting): string | undefined => {
  if (setting === 'alone' && outlook.fallback === 'rescued') return 'a fallback';
  if (setting !== 'recovery' && outlook.recovery === 'rescued')
    return setting === 'alone' ? 'a fallback and `recovery: "verify"`' : '`recovery: "verify"`';
  return undefined;
};

const remedyLines = (honest: readonly FaultResult[], setting: Setting): string[] => {
  const remedies = [...new Set(honest.map((one) => remedyOf(one, setting)))].filter((one) => one !== undefined);
  return remedies.map((remedy) => {
    const helped = honest.filter((one) => remedyOf(one, setting) === remedy);
    return `${remedy} would have rescued ${plural(helped.length, 'more call')}: ${[...new Set(helped.map(({ fault }) => fault))].join(', ')}`;
  });
};

/** What stands before the table. */
export const openingLine = (setting: Setting): string =>
  `An upstream on 127.0.0.1 that fails, against ${SETTINGS[setting]}.`;

/** What the table does not say: why something failed, what would have helped, and the sum. */
export const scorecardNotes = (card: Scorecard, verbose: boolean): readonly string[] => {
  const { results, counts, setting, durationMs } = card;
  const honest = results.filter(({ verdict }) => verdict === 'honest');
  const short = honest.filter(({ expected }) => expected === 'rescued');
  const others = verbose ? honest.filter(({ expected }) => expected !== 'rescued') : [];
  const faults = new Set(results.map(({ fault }) => fault)).size;
  const remedies = remedyLines(honest, setting);
  return [
    ...listed(
      'Failed:',
      results.filter(({ verdict }) => verdict === 'failed'),
      reasonOf,
    ),
    ...listed('Honest errors where a rescue was to be expected:', short, reasonOf),
    ...listed('Honest errors:', others, reasonOf),
    ...(remedies.length === 0 ? [] : ['', ...remedies]),
    '',
    `${plural(faults, 'fault')}, ${plural(results.length, 'case')} in ${duration(durationMs)}: ${counts.rescued} rescued, ${plural(counts.honest, 'honest error')}, ${counts.failed} failed`,
  ];
};

/** What the columns mean. */
export const LEGEND = 'requests: those that reached the primary + those that reached the fallback';
