import assert from 'node:assert/strict';
import { testContext } from '../../context/test-context.js';
import { nextEvent } from '../../stream/collect.js';
import { everyByte, finish, pause, status, write } from '../../upstream/upstream-step.js';
import { type ConformanceCase, type ConformanceGroup, needs, needsEventStream } from '../conformance-case.js';
import { wholeAnswer } from '../whole-answer.js';

const USAGE = { input: 5, output: 5 };
const PIECES = ['one, ', 'two, ', 'three'] as const;
const TEXT = PIECES.join('');

/** The same answer with its frames written in another of the ways that the format allows. */
const written = (
  name: string,
  rewrite: (frame: string, place: number) => string,
  send: (bytes: string) => ReturnType<typeof write> = write,
): ConformanceCase => ({
  name,
  unable: needsEventStream,
  run: async (bench) => {
    const { headers, content, proof } = bench.dialect.textStream(PIECES, USAGE);
    const frames = [...content, ...proof].map((frame) => frame.replaceAll('\r\n', '\n'));
    const bytes = frames.map(rewrite).join('');
    const { provider } = await bench.pair([status(200, headers), send(bytes), finish()]);
    assert.equal(await bench.text(provider), TEXT);
  },
});

const MARK = '\uFEFF';

export const frameCases: ConformanceGroup = {
  subject: 'frames',
  cases: [
    written('reads frames whose lines end in CR and LF', (frame) => frame.replaceAll('\n', '\r\n')),
    written('reads frames whose lines end in CR', (frame) => frame.replaceAll('\n', '\r')),
    written(
      'reads lines that end in CR and LF which come apart',
      (frame) => frame.replaceAll('\n', '\r\n'),
      (bytes) => everyByte(bytes),
    ),
    written('reads a stream that begins with a byte order mark', (frame, place) => (place === 0 ? MARK : '') + frame),
    written('reads frames with an id and a time to reconnect', (frame, place) => `id: ${place}\nretry: 1000\n${frame}`),
    written('reads frames without a space after the colon', (frame) => frame.replaceAll(/^(data|event): /gm, '$1:')),
    written('reads a frame whose data comes in several lines', (frame) =>
      frame.startsWith('data: {')
        ? frame.replace('data: {', 'data: {\ndata: ')
        : frame.replace('\ndata: {', '\ndata: {\ndata: '),
    ),
    written('takes no notice of empty lines between frames', (frame) => `\n\n${frame}\n`),
    {
      name: 'takes no harm from a frame of a kind it does not know',
      unable: needs('unknownFrame'),
      run: async (bench) => {
        const { headers, content, proof } = bench.dialect.textStream(PIECES, USAGE);
        const frames = [...content, bench.dialect.unknownFrame ?? '', ...proof];
        const { provider } = await bench.pair([status(200, headers), ...frames.map(write), finish()]);
        assert.equal(await bench.text(provider), TEXT);
      },
    },
    {
      name: 'hands over nothing that comes after the proof of the end',
      unable: ({ dialect }) => dialect.openEnd,
      run: async (bench) => {
        const { headers, content, proof } = bench.dialect.textStream(PIECES, USAGE);
        const frames = [...content, ...proof, ...bench.dialect.textStream(['after'], USAGE).content];
        const { provider } = await bench.pair([status(200, headers), write(frames.join('')), finish()]);
        assert.equal(await bench.text(provider), TEXT);
      },
    },
    {
      name: 'hands over no empty piece of text',
      run: async (bench) => {
        const { provider } = await bench.speaking(['', 'a', '']);
        const { events, text } = wholeAnswer(await bench.run(provider));
        assert.equal(text, 'a');
        assert.ok(
          !events.some((event) => event.type === 'text-delta' && event.text === ''),
          'a piece of text is empty',
        );
      },
    },
    {
      name: 'names the answer and its model where the answer starts',
      run: async (bench) => {
        const { provider } = await bench.speaking(['a']);
        const { events } = wholeAnswer(await bench.run(provider));
        const start = events.find((event) => event.type === 'response-start');
        assert.ok(start !== undefined && start.responseId !== '' && start.model !== '', 'the start names nothing');
      },
    },
    {
      name: 'reads two streams on one connection, one after the other',
      run: async (bench) => {
        const answers = ['stream one', 'stream two'].map((text) =>
          bench.streamed(bench.dialect.textStream([text], USAGE)),
        );
        const { provider } = await bench.pair(...answers);
        assert.deepEqual([await bench.text(provider), await bench.text(provider)], ['stream one', 'stream two']);
      },
    },
    {
      name: 'waits while the upstream says nothing between two frames',
      run: async (bench) => {
        const { headers, content, proof } = bench.dialect.textStream(['three'], USAGE);
        const script = [status(200, headers), ...content.map(write), pause('proof'), ...proof.map(write), finish()];
        const { upstream, provider } = await bench.pair(script);
        const iterator = provider.call(bench.request(), testContext())[Symbol.asyncIterator]();
        await bench.within(nextEvent(iterator, 'text-delta'), 'the text');
        let isSilent = true;
        const end = nextEvent(iterator, 'response-end').finally(() => {
          isSilent = false;
        });
        for (let turns = 0; turns < 5; turns += 1) await new Promise(setImmediate);
        assert.ok(isSilent, 'the answer ended before its proof was sent');
        upstream.release('proof');
        assert.equal((await bench.within(end, 'the end of the answer')).reason, 'stop');
      },
    },
  ],
};
