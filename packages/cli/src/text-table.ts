import { displayWidth, padEnd, padStart, truncate } from './display-width.js';

export interface Column<Row> {
  readonly title: string;
  readonly align: 'left' | 'right';
  readonly cell: (row: Row) => string;
  /** When the table is too wide, the column with the highest number goes first. Absent: it stays. */
  readonly shedOrder?: number;
}

const GAP = '  ';

interface Sized<Row> {
  readonly column: Column<Row>;
  readonly cells: readonly string[];
  readonly width: number;
}

const totalWidth = (columns: readonly { readonly width: number }[]): number =>
  columns.reduce((sum, { width }) => sum + width, 0) + GAP.length * Math.max(0, columns.length - 1);

export interface Table {
  readonly header: string;
  readonly rows: readonly string[];
  /** Titles of the columns that were left out for want of room. */
  readonly shed: readonly string[];
}

/**
 * Aligned columns in at most `maxWidth`: columns are left out in their order, and only when nothing else can go is the
 * first column cut, for what stands there is what people copy.
 */
export const textTable = <Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  maxWidth = Number.POSITIVE_INFINITY,
): Table => {
  let sized: readonly Sized<Row>[] = columns.map((column) => {
    const cells = rows.map((row) => column.cell(row));
    return { column, cells, width: Math.max(displayWidth(column.title), ...cells.map(displayWidth)) };
  });
  const shed: string[] = [];
  const excess = (): number => totalWidth(sized) - maxWidth;
  while (excess() > 0) {
    const order = Math.max(...sized.map(({ column }) => column.shedOrder ?? 0));
    if (order === 0) break;
    shed.push(...sized.filter(({ column }) => column.shedOrder === order).map(({ column }) => column.title));
    sized = sized.filter(({ column }) => column.shedOrder !== order);
  }
  const cut = excess();
  if (cut > 0) {
    sized = sized.map((one, index) => (index === 0 ? { ...one, width: Math.max(1, one.width - cut) } : one));
  }

  const lineOf = (cellOf: (one: Sized<Row>) => string): string =>
    sized
      .map((one) => (one.column.align === 'left' ? padEnd : padStart)(truncate(cellOf(one), one.width), one.width))
      .join(GAP)
      .trimEnd();
  return {
    header: lineOf(({ column }) => column.title),
    rows: rows.map((_, index) => lineOf(({ cells }) => cells[index] ?? '')),
    shed,
  };
};
