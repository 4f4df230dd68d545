import assert from 'node:assert/strict';
import { testContext } from '../../context/test-context.js';
import { everyByte, finish, pause, status, write } from '../../upstream/upstream-step.js';
import { type ConformanceGroup, needs } from '../conformance-case.js';
import { wholeAnswer } from '../whole-answer.js';

/** Characters of one, two, three and four bytes. */
const PIECES = ['Plain ', 'é und ß, ', '日本 ', '🜁🜂', ' "quoted"\n{"not":"a frame"}\n\ndata: nothing'] as const;
const TEXT = PIECES.join('');
/** Without a mark of its own, for what is about the bytes alone. */
const WIDE = PIECES.slice(0, 4);
const USAGE = { input: 11, output: 7 };

export const answerCases: ConformanceGroup = {
  subject: 'answers',
  cases: [
    {
      name: 'streams the text and ends once, at the end',
      run: async (bench) => {
        const { provider } = await bench.pair(bench.streamed(bench.dialect.textStream(PIECES, USAGE)));
        const { text, end } = wholeAnswer(await bench.run(provider));
        assert.equal(text, TEXT);
        assert.equal(end.reason, 'stop');
        assert.notEqual(end.rawReason, '');
      },
    },
    {
      name: 'delivers a whole answer in one batch',
      run: async (bench) => {
        const { provider } = await bench.pair(bench.whole(bench.dialect.wholeText(TEXT, USAGE)));
        const { text, end, batches } = wholeAnswer(await bench.run(provider, bench.request({ delivery: 'whole' })));
        assert.equal(text, TEXT);
        assert.equal(end.reason, 'stop');
        assert.equal(batches.length, 1);
      },
    },
    {
      name: 'reads a stream that comes byte by byte',
      run: async (bench) => {
        const { headers, content, proof } = bench.dialect.textStream(WIDE, USAGE);
        const bytes = [...content, ...proof].join('');
        const { provider } = await bench.pair([status(200, headers), everyByte(bytes), finish()]);
        assert.equal(wholeAnswer(await bench.run(provider)).text, WIDE.join(''));
      },
    },
    {
      name: 'reads a stream that comes in one piece',
      run: async (bench) => {
        const { headers, content, proof } = bench.dialect.textStream(['at ', 'once'], USAGE);
        const { provider } = await bench.pair([status(200, headers), write([...content, ...proof].join('')), finish()]);
        assert.equal(wholeAnswer(await bench.run(provider)).text, 'at once');
      },
    },
    {
      name: 'hands over what has come before the rest is there',
      run: async (bench) => {
        const { headers, content, proof } = bench.dialect.textStream(['first', 'second'], USAGE);
        const { upstream, provider } = await bench.pair([
          ...bench.unproved({ headers, content: content.slice(0, -1), proof }),
          pause('rest'),
          ...[...content.slice(-1), ...proof].map(write),
        ]);
        let text = '';
        const read = async (): Promise<void> => {
          for await (const batch of provider.call(bench.request(), testContext())) {
            for (const event of batch.events) if (event.type === 'text-delta') text += event.text;
            if (text === 'first') upstream.release('rest');
          }
        };
        await bench.within(read(), 'the first piece while the second is held back');
        assert.equal(text, 'firstsecond');
      },
    },
    {
      name: 'takes no notice of keep-alive bytes',
      unable: needs('keepAlive'),
      run: async (bench) => {
        const { headers, content, proof } = bench.dialect.textStream(['a', 'b'], USAGE);
        const { keepAlive = '' } = bench.dialect;
        const frames = [...content, ...proof].flatMap((frame) => [keepAlive, frame]);
        const { provider } = await bench.pair([status(200, headers), ...frames.map(write), finish()]);
        assert.equal(wholeAnswer(await bench.run(provider)).text, 'ab');
      },
    },
    {
      name: 'accepts an answer without text',
      run: async (bench) => {
        const { provider } = await bench.pair(bench.streamed(bench.dialect.textStream([], USAGE)));
        assert.equal(wholeAnswer(await bench.run(provider)).text, '');
      },
    },
    {
      name: 'reports connecting, headers and bytes in this order',
      run: async (bench) => {
        const { provider } = await bench.pair(bench.streamed(bench.dialect.textStream(['a'], USAGE)));
        const context = testContext();
        wholeAnswer(await bench.run(provider, bench.request(), context));
        const phases = context.phases.map(({ phase }) => phase);
        assert.deepEqual([...new Set(phases)], ['connected', 'headers', 'bytes']);
      },
    },
  ],
};
