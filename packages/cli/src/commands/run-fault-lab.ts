import type { Fault, FaultResult } from '@headrace/testing';
import type { CommandContext, RunCommand } from '../command-context.js';
import type { CommandLine } from '../command-line.js';
import { EXIT } from '../exit-code.js';
import { faultColumns } from '../fault-lab/fault-list.js';
import { DEFAULT_LAB_CONFIG, type LabConfig } from '../fault-lab/lab-config.js';
import { LEGEND, openingLine, scorecardNotes } from '../fault-lab/scorecard-notes.js';
import { SCORECARD_COLUMNS, scorecardRows } from '../fault-lab/scorecard-table.js';
import { jsonText } from '../json-text.js';
import { suggestion } from '../nearest-name.js';
import { progressFor } from '../progress.js';
import { type Column, textTable } from '../text-table.js';
import { UsageError } from '../usage-error.js';
import { wrappedLines } from '../wrapped-text.js';

/** @throws UsageError for a fault that does not exist, with the nearest one */
const chosen = (all: readonly Fault[], line: CommandLine): readonly Fault[] => {
  const asked = line.values('only').flatMap((names) => names.split(',').map((name) => name.trim()));
  if (asked.length === 0) return all;
  const names = all.map(({ name }) => name);
  for (const name of asked) {
    if (names.includes(name)) continue;
    throw new UsageError(
      `There is no fault ${JSON.stringify(name)}.${suggestion(name, names)}`,
      'headrace fault-lab --list lists them.',
    );
  }
  return all.filter(({ name }) => asked.includes(name));
};

const configFrom = async (line: CommandLine): Promise<LabConfig> => {
  const file = line.value('config');
  if (file === undefined) return DEFAULT_LAB_CONFIG;
  const { loadLabConfig } = await import('../fault-lab/load-lab-config.js');
  const { checkLabConfig } = await import('../fault-lab/check-lab-config.js');
  return checkLabConfig(await loadLabConfig(file));
};

const printTable = <Row>(
  { stdout, paint }: CommandContext,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  isBad: (row: Row) => boolean = () => false,
): readonly string[] => {
  const table = textTable(rows, columns, stdout.columns);
  stdout.line(paint.out.bold(table.header));
  for (const [index, text] of table.rows.entries()) {
    const row = rows[index];
    stdout.line(row !== undefined && isBad(row) ? paint.out.red(text) : text);
  }
  return table.shed;
};

/** A note broken into lines that all stand as far in as its first. */
const hangingLines = (note: string, width = Number.POSITIVE_INFINITY): readonly string[] => {
  const indent = ' '.repeat(note.length - note.trimStart().length);
  return wrappedLines(note, width - indent.length).map((text) => `${indent}${text}`);
};

const list = (context: CommandContext, faults: readonly Fault[]): number => {
  const { line, stdout } = context;
  if (line.has('json')) stdout.line(jsonText(faults.map(({ name, title, expected }) => ({ name, title, expected }))));
  else printTable(context, faults, faultColumns);
  return EXIT.ok;
};

/** `headrace fault-lab`. */
export const runFaultLabCommand: RunCommand = async (context) => {
  const { io, line, stdout, stderr, paint, signal } = context;
  const { FAULTS, runFaultLab } = await import('@headrace/testing');
  const faults = chosen(FAULTS, line);
  if (line.has('list')) return list(context, faults);
  const config = await configFrom(line);
  const { headraceSubject } = await import('../fault-lab/headrace-subject.js');
  const progress = progressFor(stderr, io.clock, io.env, false);
  progress.start('playing faults');
  let played = 0;
  const onResult = ({ fault }: FaultResult): void => {
    played += 1;
    progress.relabel(`played ${played}, the last one ${fault}`);
  };
  const card = await runFaultLab({ subject: headraceSubject(config), faults, signal, onResult }).finally(() =>
    progress.erase(),
  );
  if (line.has('json')) stdout.line(jsonText(card));
  else {
    stdout.line(openingLine(card.setting));
    stdout.line();
    const shed = printTable(context, scorecardRows(card), SCORECARD_COLUMNS, ({ stream, whole }) =>
      [stream, whole].some((result) => result?.verdict === 'failed'),
    );
    if (!shed.includes('requests')) stdout.line(paint.out.dim(LEGEND));
    for (const note of scorecardNotes(card, line.has('verbose')))
      for (const text of hangingLines(note, stdout.columns)) stdout.line(text);
  }
  return card.counts.failed === 0 ? EXIT.ok : EXIT.fault;
};
