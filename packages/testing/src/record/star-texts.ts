import { escapedView } from './escaped-view.js';

const STAR = 0x2a;
const ONE = 0x31;
/** Of a text in another form: less of it is chance. */
const SHORTEST = 4;

/** What is to be taken out wherever it is. */
export interface Wanted {
  readonly texts: readonly string[];
  /** Become ones, so that JSON stays JSON. */
  readonly numbers: readonly string[];
}

/** base64 of a longer text holds a value in one of three forms, by where it starts; each in two alphabets. */
const packed = (value: string): readonly string[] =>
  [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), Buffer.from(value)]).toString('base64');
    const form = text.slice(before === 0 ? 0 : before + 1).replace(/.?=+$/, '');
    return form.length < SHORTEST ? [] : [form, form.replaceAll('+', '-').replaceAll('/', '_')];
  });

const places = function* (bytes: Buffer, wanted: Buffer): Generator<number> {
  if (wanted.length === 0) return;
  for (let at = bytes.indexOf(wanted); at !== -1; at = bytes.indexOf(wanted, at + wanted.length)) yield at;
};

/** Writes over each place where something wanted is, as it is or as JSON, URLs and base64 write it. Every length stays. */
export class Stars {
  readonly #asIs: readonly Buffer[];
  readonly #meant: readonly Buffer[];
  readonly #numbers: readonly Buffer[];

  constructor({ texts, numbers }: Wanted) {
    const raw = texts.map((text) => Buffer.from(text));
    this.#asIs = [...raw, ...[...new Set(texts.flatMap(packed))].map((text) => Buffer.from(text))];
    this.#meant = raw.map((bytes) => escapedView(bytes).bytes).filter(({ length }) => length >= SHORTEST);
    this.#numbers = numbers.map((text) => Buffer.from(text));
  }

  over(bytes: Uint8Array): Buffer {
    const source = Buffer.from(bytes);
    const shown = Buffer.from(source);
    for (const one of this.#numbers) for (const at of places(source, one)) shown.fill(ONE, at, at + one.length);
    for (const one of this.#asIs) for (const at of places(source, one)) shown.fill(STAR, at, at + one.length);
    const { bytes: meant, starts } = escapedView(source);
    for (const one of this.#meant)
      for (const at of places(meant, one))
        shown.fill(STAR, starts?.[at] ?? at, starts?.[at + one.length] ?? at + one.length);
    return shown;
  }

  overText(text: string): string {
    return this.over(Buffer.from(text)).toString();
  }

  /** Over the borders of the chunks, which stay where they are. */
  overChunks(chunks: readonly Uint8Array[]): readonly Uint8Array[] {
    const all = this.over(Buffer.concat(chunks));
    let at = 0;
    return chunks.map(({ length }) => {
      at += length;
      return all.subarray(at - length, at);
    });
  }
}
