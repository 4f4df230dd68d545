import { EMPTY_BATCH, isEnd, misreading, type Mutant, rebatching, saying, mistelling, textOf } from './mutant.js';

const FRAME = 'data: {"choices":[{"delta":';

const isSingle = (bytes: string, byte: number): boolean => bytes.length === 1 && bytes.charCodeAt(0) === byte;

/** Mutants that fail at the forms that frames take. */
export const frameMutants: readonly Mutant[] = [
  misreading('reads frames whose lines end in CR and LF', (bytes) => bytes.includes('\r\n')),
  misreading('reads frames whose lines end in CR', (bytes) => bytes.length > 1 && /\r(?!\n)/.test(bytes)),
  misreading(
    'reads lines that end in CR and LF which come apart',
    (bytes) => bytes === '\r',
    () => '?',
  ),
  misreading(
    'reads a stream that begins with a byte order mark',
    (bytes, { reads }) => reads === 1 && bytes.startsWith('\xEF\xBB\xBF'),
  ),
  misreading('reads frames with an id and a time to reconnect', (bytes) => bytes.includes('\nretry: 1000\n')),
  misreading('reads frames without a space after the colon', (bytes) => bytes.startsWith('data:{')),
  misreading('reads a frame whose data comes in several lines', (bytes) => bytes.startsWith('data: {\ndata: ')),
  misreading('takes no notice of empty lines between frames', (bytes, { headers }) =>
    headers['content-encoding'] === undefined && bytes.startsWith('\n\ndata: '),
  ),
  misreading(
    'takes no harm from a frame of a kind it does not know',
    (bytes) => bytes.includes('chat.weather'),
    () => `${FRAME}\n\n`,
  ),
  misreading(
    'hands over nothing that comes after the proof of the end',
    (bytes) => bytes.includes('"after"'),
    (bytes) => bytes.replace('"three"', '"three, after"'),
  ),
  saying('hands over no empty piece of text', (event) =>
    event.type === 'text-delta' && event.text === 'a' ? [event, { ...event, text: '' }] : [event],
  ),
  saying('names the answer and its model where the answer starts', (event) =>
    event.type === 'response-start' ? [{ ...event, responseId: '' }] : [event],
  ),
  mistelling('reads two streams on one connection, one after the other', (text) => text.replace('stream two', '')),
  rebatching('waits while the upstream says nothing between two frames', async function* (batches) {
    for await (const batch of batches) {
      yield batch;
      if (isEnd(batch) || !textOf(batch).endsWith('three')) continue;
      yield { events: EMPTY_BATCH.events.slice(1) };
      return;
    }
  }),
  misreading(
    'reads a stream that comes byte by byte',
    (bytes, { request }) => request.delivery === 'stream' && isSingle(bytes, 0x9f),
    () => '\x9E',
  ),
  misreading(
    'reads a stream that comes in one piece',
    (bytes) => bytes.includes('"once"') && bytes.includes('data: [DONE]\n\n'),
    (bytes) => bytes.slice(0, bytes.length / 2),
  ),
  misreading(
    'takes no notice of keep-alive bytes',
    (bytes) => bytes.includes(': still here'),
    () => 'data: still here\n\n',
  ),
  misreading(
    'reads tool calls that come byte by byte',
    (bytes, { request }) => request.delivery === 'stream' && isSingle(bytes, 0xbc),
    () => '\xBD',
  ),
];
