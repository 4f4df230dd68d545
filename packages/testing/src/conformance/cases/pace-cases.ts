import assert from 'node:assert/strict';
import type { EventBatch } from '@headrace/core/plugin';
import { testContext } from '../../context/test-context.js';
import { collectText, collectUntilError, nextEvent } from '../../stream/collect.js';
import { finish, status, type UpstreamStep, waitForClose, write } from '../../upstream/upstream-step.js';
import { atRest } from '../at-rest.js';
import type { ConformanceGroup } from '../conformance-case.js';
import type { Workbench } from '../workbench.js';

const USAGE = { input: 5, output: 5 };
/** More than a provider may keep and the system keeps for a connection, taken together. */
const MEBIBYTES = 64;
const PIECE = 'x'.repeat(2 ** 18);

/** An answer that nobody reads to its end: its last frame comes again and again. */
const endless = (bench: Workbench): readonly UpstreamStep[] => {
  const { headers, content } = bench.dialect.textStream(['begun', PIECE], USAGE);
  const last = write(content.at(-1) ?? '');
  return [status(200, headers), ...content.slice(0, -1).map(write), ...Array<UpstreamStep>(MEBIBYTES * 4).fill(last)];
};

/** A call whose reader stopped after the first piece, once the upstream has sent all that it can. */
const unread = async (bench: Workbench, end: UpstreamStep) => {
  const { upstream, provider } = await bench.pair([...endless(bench), end]);
  const context = testContext();
  const iterator = provider.call(bench.request(), context)[Symbol.asyncIterator]();
  await bench.within(nextEvent(iterator, 'text-delta'), 'the first text');
  const request = await upstream.waitForRequest(1);
  let isAllSent = false;
  void request.played.then(() => {
    isAllSent = true;
  });
  await bench.within(
    atRest(() => request.bytesWritten),
    'the upstream to come to rest',
  );
  return { context, iterator, request, isAllSent };
};

const textIn = ({ events }: EventBatch): string =>
  events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');

export const paceCases: ConformanceGroup = {
  subject: 'slow readers',
  cases: [
    {
      name: 'holds back an upstream that is faster than its reader',
      run: async (bench) => {
        const { iterator, isAllSent } = await unread(bench, finish());
        await bench.within(Promise.resolve(iterator.return?.()), 'return() to settle');
        assert.ok(!isAllSent, `the upstream could send ${MEBIBYTES} MiB of an answer that nobody read`);
      },
    },
    {
      name: 'closes the connection when it is cancelled while it waits for its reader',
      run: async (bench) => {
        const { context, iterator, request } = await unread(bench, waitForClose());
        context.cancel('tired of waiting');
        await bench.within(request.closed, 'the connection of the cancelled call to be closed');
        const rest = collectUntilError({ [Symbol.asyncIterator]: () => iterator });
        assert.equal((await bench.within(rest, 'the cancelled call to throw')).error, 'tired of waiting');
      },
    },
    {
      name: 'loses nothing of an answer that is read slowly',
      run: async (bench) => {
        const pieces = Array.from({ length: 40 }, (_each, place) => `${place}:${'x'.repeat(50_000)};`);
        const { headers, content, proof } = bench.dialect.textStream(pieces, USAGE);
        const script = [status(200, headers), ...[...content, ...proof].map(write), finish()];
        const { provider } = await bench.pair(script);
        const context = testContext();
        const iterator = provider.call(bench.request(), context)[Symbol.asyncIterator]();
        let text = '';
        // All of the first batch: what comes with a piece of text is passed over by no reader.
        while (text === '') {
          const { done, value } = await bench.within(iterator.next(), 'the first text');
          assert.ok(done !== true, 'the answer ended without text');
          text = textIn(value);
        }
        await bench.within(
          atRest(() => context.phases.length),
          'the answer to have come as far as it does',
        );
        text += await bench.within(collectText({ [Symbol.asyncIterator]: () => iterator }), 'the rest of the answer');
        assert.ok(text === pieces.join(''), 'the text is not the one that was sent');
      },
    },
  ],
};
