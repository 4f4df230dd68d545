import { readFileSync } from 'node:fs';
import { FAULTS, type Setting } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { deliveries, expectation } from './fault-list.js';

const DOC = new URL('../../../../docs/fault-lab.md', import.meta.url);

const padded = (rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const [header, ...rest] = rows;
  return [line(header!), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)];
};

const table = (): string => {
  const settings: readonly Setting[] = ['alone', 'fallback', 'recovery'];
  const header = ['fault', 'what the upstream does', 'delivery', 'alone', 'fallback', 'and recovery'];
  const rows = FAULTS.map((fault) => [
    `\`${fault.name}\``,
    fault.title,
    deliveries(fault),
    ...settings.map((setting) => expectation(fault, setting).replaceAll('honest error', 'honest')),
  ]);
  return padded([header, ...rows]).join('\n');
};

describe('docs/fault-lab.md', () => {
  it('has the catalogue as it is', () => {
    const written = readFileSync(DOC, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| `') || line.startsWith('| fault'));
    // The first table of the page is that of the options.
    const catalogue = written.slice(written.findIndex((line) => line.startsWith('| fault')));
    expect(catalogue).toEqual(
      table()
        .split('\n')
        .filter((line) => !line.startsWith('| -')),
    );
  });
});
