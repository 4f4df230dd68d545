import assert from 'node:assert/strict';
import { finish, status, write } from '../../upstream/upstream-step.js';
import type { ConformanceCase, ConformanceGroup } from '../conformance-case.js';
import { textsIn } from '../texts-in.js';

const USAGE = { input: 5, output: 5 };

/** Pieces that must come out as they went in. */
const keeps = (name: string, ...pieces: readonly string[]): ConformanceCase => ({
  name,
  run: async (bench) => {
    const { provider } = await bench.speaking(pieces);
    assert.equal(await bench.text(provider), pieces.join(''));
  },
});

const escaped = (frame: string): string =>
  frame.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Texts of a prompt that must reach the upstream as they are. */
const sends = (name: string, content: string): ConformanceCase => ({
  name,
  run: async (bench) => {
    const { upstream, provider } = await bench.speaking(['a']);
    await bench.text(provider, bench.request({ messages: [{ role: 'user', content }] }));
    const { json } = await upstream.waitForRequest(1);
    assert.ok(textsIn(json).includes(content), 'no text of the body is the prompt');
  },
});

export const textCases: ConformanceGroup = {
  subject: 'characters',
  cases: [
    keeps('keeps a byte order mark that belongs to the text', '\uFEFFbegins with a mark, ', 'has\uFEFFone'),
    keeps('keeps combining characters as they were written', 'e\u0301 is not \u00E9, ', 'a\u030A is not \u00E5'),
    keeps('keeps control characters', 'a nul \u0000, ', 'a bell \u0007, a tab \t, an escape \u001B'),
    keeps('takes no separator within a text for the end of a line', 'one\u2028two\u2029', 'three\u0085four\u000Bfive'),
    keeps(
      'takes marks of the format within a text for text',
      'data: [DONE]',
      '[DONE]',
      'event: error\n\n',
      ': comment',
    ),
    keeps('keeps white space at the edges of pieces', '  two before', '\n', '   ', 'two after  ', '\r\n\r\n'),
    keeps('keeps joined emoji and marks of direction', '👩‍👩‍👧‍👦 🏳️‍🌈', ' \u200Fשלום\u200E ', 'प्रणाम 한국어'),
    keeps('joins the halves of a surrogate pair that come in two frames', 'left \uD83D', '\uDE00 right'),
    {
      name: 'reads characters that JSON escapes',
      run: async (bench) => {
        const { headers, content, proof } = bench.dialect.textStream(['Zürich ', '🜁 日本'], USAGE);
        const frames = [...content, ...proof].map(escaped);
        const { provider } = await bench.pair([status(200, headers), ...frames.map(write), finish()]);
        assert.equal(await bench.text(provider), 'Zürich 🜁 日本');
      },
    },
    {
      name: 'reads a whole answer of every width of character, cut within each',
      run: async (bench) => {
        const { headers, body } = bench.dialect.wholeText('aé日🜁', USAGE);
        const pieces = [...Buffer.from(body)].map((byte) => write(Uint8Array.of(byte)));
        const { provider } = await bench.pair([status(200, headers), ...pieces, finish()]);
        assert.equal(await bench.text(provider, bench.request({ delivery: 'whole' })), 'aé日🜁');
      },
    },
    sends('sends the characters of a prompt as they are', '🜁 e\u0301 \u2028 日本 "quoted" \\ \t'),
    sends('sends a prompt that looks like a frame as text', 'data: {"a":1}\n\nevent: error\n\n\r\n0\r\n\r\n'),
  ],
};
