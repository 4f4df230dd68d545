import assert from 'node:assert/strict';
import { finish, splitAt, status } from '../../upstream/upstream-step.js';
import type { ConformanceGroup } from '../conformance-case.js';

const USAGE = { input: 5, output: 5 };
const HUGE = 'wide river '.repeat(60_000);
const CHUNK = 4096;

const positions = (length: number): readonly number[] =>
  Array.from({ length: Math.ceil(length / CHUNK) - 1 }, (_each, place) => (place + 1) * CHUNK);

export const sizeCases: ConformanceGroup = {
  subject: 'sizes',
  cases: [
    {
      name: 'hands over a thousand pieces in their order',
      run: async (bench) => {
        const pieces = Array.from({ length: 1000 }, (_each, place) => `${place} `);
        const { provider } = await bench.speaking(pieces);
        assert.equal(await bench.text(provider), pieces.join(''));
      },
    },
    {
      name: 'reads a frame of more than half a mebibyte',
      run: async (bench) => {
        const { provider } = await bench.speaking([HUGE]);
        assert.ok((await bench.text(provider)) === HUGE, 'the text is not the one that was sent');
      },
    },
    {
      name: 'reads a huge frame that comes in small pieces',
      run: async (bench) => {
        const { headers, content, proof } = bench.dialect.textStream(['small', HUGE], USAGE);
        const bytes = Buffer.from([...content, ...proof].join(''));
        const script = [status(200, headers), splitAt(bytes, positions(bytes.length)), finish()];
        const { provider } = await bench.pair(script);
        assert.ok((await bench.text(provider)) === `small${HUGE}`, 'the text is not the one that was sent');
      },
    },
    {
      name: 'reads a whole answer of more than half a mebibyte',
      run: async (bench) => {
        const { provider } = await bench.pair(bench.whole(bench.dialect.wholeText(HUGE, USAGE)));
        const text = await bench.text(provider, bench.request({ delivery: 'whole' }));
        assert.ok(text === HUGE, 'the text is not the one that was sent');
      },
    },
    {
      name: 'sends a prompt of half a mebibyte whole',
      run: async (bench) => {
        const { upstream, provider } = await bench.speaking(['a']);
        const messages = [{ role: 'user' as const, content: `${HUGE.slice(0, 500_000)}the end` }];
        await bench.text(provider, bench.request({ messages }));
        const { body } = await upstream.waitForRequest(1);
        assert.ok(body.length > 500_000 && body.includes('the end'), 'the prompt is not whole');
      },
    },
  ],
};
