import assert from 'node:assert/strict';
import { testContext } from '../../context/test-context.js';
import { finish, splitAt, status, write } from '../../upstream/upstream-step.js';
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
      name: 'loses nothing of an answer that is read slowly',
      run: async (bench) => {
        const pieces = Array.from({ length: 40 }, (_each, place) => `${place}:${'x'.repeat(50_000)};`);
        const { headers, content, proof } = bench.dialect.textStream(pieces, USAGE);
        const { provider } = await bench.pair([status(200, headers), ...[...content, ...proof].map(write), finish()]);
        let text = '';
        const read = async (): Promise<void> => {
          for await (const { events } of provider.call(bench.request(), testContext())) {
            await new Promise(setImmediate);
            for (const event of events) if (event.type === 'text-delta') text += event.text;
          }
        };
        await bench.within(read(), 'the slow reader to be done');
        assert.ok(text === pieces.join(''), 'the text is not the one that was sent');
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
