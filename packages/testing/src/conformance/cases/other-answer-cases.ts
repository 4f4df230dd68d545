import assert from 'node:assert/strict';
import type { FailureClass } from '@headrace/core/plugin';
import { finish, raw, reply, status, type UpstreamStep, write } from '../../upstream/upstream-step.js';
import type { ConformanceCase, ConformanceGroup } from '../conformance-case.js';
import { wholeAnswer } from '../whole-answer.js';
import type { Workbench } from '../workbench.js';

const USAGE = { input: 5, output: 5 };
const NO_ANSWER: readonly FailureClass[] = ['truncated', 'malformed'];
const JSON_TYPE = { 'content-type': 'application/json' };

/** Something under a good status that is no answer. */
const refuses = (
  name: string,
  deliveries: readonly ('stream' | 'whole')[],
  ...scripts: readonly ((bench: Workbench) => readonly UpstreamStep[])[]
): ConformanceCase => ({
  name,
  run: async (bench) => {
    const plays = deliveries.flatMap((delivery) => scripts.map((script) => ({ delivery, script })));
    const { provider } = await bench.pair(...plays.map(({ script }) => script(bench)));
    for (const { delivery } of plays) {
      const { failureClass } = await bench.failure(provider, bench.request({ delivery }));
      assert.ok(NO_ANSWER.includes(failureClass), `${delivery}: the failure class is '${failureClass}'`);
    }
  },
});

export const otherAnswerCases: ConformanceGroup = {
  subject: 'answers that are none',
  cases: [
    refuses('takes an empty 200 for no whole answer', ['whole'], () => reply(200, '', JSON_TYPE)),
    refuses('takes a 204 for no answer', ['stream', 'whole'], () => [status(204), finish()]),
    refuses('takes a body of nothing but line ends for no answer', ['stream', 'whole'], (bench) => [
      status(200, bench.dialect.textStream([], USAGE).headers),
      write('\n\n\n\n'),
      finish(),
    ]),
    refuses('takes an HTML page that calls itself a stream for no answer', ['stream'], (bench) => [
      status(200, bench.dialect.textStream([], USAGE).headers),
      write('<!doctype html>\n<html><body>\n\n<h1>Sorry</h1>\n\n</body></html>\n\n'),
      finish(),
    ]),
    refuses(
      'takes JSON that is no object for no answer',
      ['whole'],
      ...['null', '[]', '"text"', '0'].map((body) => () => reply(200, body, JSON_TYPE)),
    ),
    {
      name: 'reads a whole answer where a stream was asked, or says that it is none',
      run: async (bench) => {
        const { provider } = await bench.pair(bench.whole(bench.dialect.wholeText('not streamed', USAGE)));
        const collected = await bench.run(provider);
        if (collected.ended === 'whole') assert.equal(wholeAnswer(collected).text, 'not streamed');
        else assert.equal(Object(collected.error).failureClass, 'malformed', String(collected.error));
      },
    },
    {
      name: 'reads a stream where a whole answer was asked, or says that it is none',
      run: async (bench) => {
        const { provider } = await bench.pair(bench.streamed(bench.dialect.textStream(['not ', 'whole'], USAGE)));
        const collected = await bench.run(provider, bench.request({ delivery: 'whole' }));
        if (collected.ended === 'whole') assert.equal(wholeAnswer(collected).text, 'not whole');
        else assert.ok(NO_ANSWER.includes(Object(collected.error).failureClass), String(collected.error));
      },
    },
    {
      name: 'fails when the body under a 200 is a refusal',
      run: async (bench) => {
        const refusal = (): readonly UpstreamStep[] => bench.whole(bench.dialect.errorBody(500, 'failed inside'));
        const { provider } = await bench.pair(refusal(), refusal());
        for (const delivery of ['stream', 'whole'] as const) await bench.failure(provider, bench.request({ delivery }));
      },
    },
    {
      name: 'takes what is no HTTP for a failure of transport',
      run: async (bench) => {
        const { provider } = await bench.pair([raw('220 mail.test ESMTP\r\n\r\n'), raw('500 what?\r\n')]);
        const { failureClass } = await bench.failure(provider);
        assert.ok(['transport', 'malformed'].includes(failureClass), `the failure class is '${failureClass}'`);
      },
    },
    {
      name: 'waits for the answer when early hints come before it',
      run: async (bench) => {
        const answer = bench.streamed(bench.dialect.textStream(['hinted'], USAGE));
        const { provider } = await bench.pair([raw('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'), ...answer]);
        assert.equal(await bench.text(provider), 'hinted');
      },
    },
    {
      name: 'lets no name in an answer change the prototype of objects',
      run: async (bench) => {
        const { headers, body } = bench.dialect.wholeText('a', USAGE);
        const spiked = body.replace(/^\{/, '{"__proto__":{"spiked":true},"constructor":{"prototype":{"spiked":true}},');
        const { provider } = await bench.pair(bench.whole({ headers, body: spiked }));
        try {
          assert.equal(await bench.text(provider, bench.request({ delivery: 'whole' })), 'a');
          assert.equal(Object({})['spiked'], undefined, 'every object has a member of the answer');
        } finally {
          Reflect.deleteProperty(Object.prototype, 'spiked');
        }
      },
    },
  ],
};
