import { isObject } from './is-object.js';

/** One piece of a body, as the network gave it. */
export interface RecordedChunk {
  /** ms after the head of the answer. */
  readonly atMs: number;
  /** The bytes as UTF-8, where they are whole characters. Else `base64`. */
  readonly text?: string;
  readonly base64?: string;
}

/** How the body of an answer ended: as HTTP wants it, or by the connection. */
export type RecordedEnd = 'finished' | 'broken';

/** One request and its answer with the borders and times of its chunks. As JSON it is a fixture. */
export interface RecordedExchange {
  readonly format: 'headrace-exchange';
  /** Of this form. A reader refuses what it does not know. */
  readonly version: 1;
  readonly request: {
    readonly method: string;
    /** Path and query. */
    readonly path: string;
    /** Names in lower case. */
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
  readonly answer: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string | readonly string[]>>;
    /** ms from the request to the head. */
    readonly headAtMs: number;
    readonly chunks: readonly RecordedChunk[];
    readonly end: RecordedEnd;
    /** ms after the head. */
    readonly endAtMs: number;
  };
}

const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;

const isTexts = (value: unknown): boolean =>
  typeof value === 'string' || (Array.isArray(value) && value.every((one) => typeof one === 'string'));

const isHeaders = (value: unknown): boolean => isObject(value) && Object.values(value).every(isTexts);

const isChunk = (value: unknown): boolean =>
  isObject(value) &&
  isTime(value['atMs']) &&
  (typeof value['text'] === 'string') !== (typeof value['base64'] === 'string');

/** What is wrong with a fixture, or `undefined`. */
const faultOf = (value: unknown): string | undefined => {
  if (!isObject(value) || value['format'] !== 'headrace-exchange') return 'it has no `"format": "headrace-exchange"`';
  if (value['version'] !== 1) return `its version is ${JSON.stringify(value['version'])}, and only 1 is known here`;
  const { request, answer } = value;
  if (!isObject(request)) return '`request` is missing';
  for (const name of ['method', 'path', 'body'])
    if (typeof request[name] !== 'string') return `\`request.${name}\` is no text`;
  if (!isHeaders(request['headers'])) return '`request.headers` are no texts by name';
  if (!isObject(answer)) return '`answer` is missing';
  const { status, headers, chunks, end, headAtMs, endAtMs } = answer;
  if (!Number.isInteger(status) || Number(status) < 200 || Number(status) > 599)
    return '`answer.status` is no status from 200 to 599';
  if (!isHeaders(headers)) return '`answer.headers` are no texts by name';
  if (!isTime(headAtMs) || !isTime(endAtMs)) return '`answer.headAtMs` and `answer.endAtMs` are not both times';
  if (end !== 'finished' && end !== 'broken') return "`answer.end` is neither 'finished' nor 'broken'";
  if (!Array.isArray(chunks)) return '`answer.chunks` is no list';
  const place = chunks.findIndex((chunk) => !isChunk(chunk));
  return place === -1 ? undefined : `\`answer.chunks[${place}]\` has not a time and one of \`text\` and \`base64\``;
};

/**
 * Reads a fixture.
 * @param json the text of the file.
 * @throws TypeError that says what is wrong; it quotes nothing of the bodies.
 */
export const parseRecordedExchange = (json: string): RecordedExchange => {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new TypeError('This is no recorded exchange: it is no JSON.');
  }
  const fault = faultOf(value);
  if (fault !== undefined) throw new TypeError(`This is no recorded exchange: ${fault}.`);
  return value as RecordedExchange;
};

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A chunk from its bytes. */
export const recordedChunk = (atMs: number, bytes: Uint8Array): RecordedChunk => {
  try {
    return { atMs, text: utf8.decode(bytes) };
  } catch {
    return { atMs, base64: Buffer.from(bytes).toString('base64') };
  }
};

/** The bytes of a chunk. */
export const bytesOf = ({ text, base64 = '' }: RecordedChunk): Uint8Array =>
  text === undefined ? Buffer.from(base64, 'base64') : Buffer.from(text);
