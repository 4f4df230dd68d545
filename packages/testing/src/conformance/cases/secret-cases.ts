import assert from 'node:assert/strict';
import { reply } from '../../upstream/upstream-step.js';
import { CANARY_PROMPT } from '../canary.js';
import type { ConformanceGroup } from '../conformance-case.js';
import { printedSecrets } from '../printed-secrets.js';
import { wholeAnswer } from '../whole-answer.js';

const USAGE = { input: 5, output: 5 };

export const secretCases: ConformanceGroup = {
  subject: 'secrets',
  cases: [
    {
      name: 'sends its key in a header and nowhere else',
      run: async (bench) => {
        const { upstream, provider } = await bench.pair(bench.streamed(bench.dialect.textStream(['a'], USAGE)));
        wholeAnswer(await bench.run(provider));
        const { path, headers, body } = await upstream.waitForRequest(1);
        assert.ok(
          Object.values(headers).some((value) => value.includes(bench.apiKey)),
          'the key is in no header',
        );
        assert.ok(!path.includes(bench.apiKey), 'the key is in the path');
        assert.ok(!body.includes(bench.apiKey), 'the key is in the body');
      },
    },
    {
      name: 'keeps its key out of errors even when the upstream quotes it',
      run: async (bench) => {
        const quotes = [401, 400, 500].map((code) =>
          bench.whole(bench.dialect.errorBody(code, `no access with ${bench.apiKey}`), code),
        );
        const { provider } = await bench.pair(...quotes);
        for (const _quote of quotes) bench.noSecretsIn(await bench.failure(provider));
      },
    },
    {
      name: 'keeps the prompt out of errors even when the upstream answers with it',
      run: async (bench) => {
        const echo = reply(200, `no JSON: ${CANARY_PROMPT}`);
        const { provider } = await bench.pair(echo, echo);
        for (const delivery of ['stream', 'whole'] as const) {
          bench.noSecretsIn(await bench.failure(provider, bench.request({ delivery })));
        }
      },
    },
    {
      name: 'prints neither its key nor the prompt',
      run: async (bench) => {
        const { provider } = await bench.pair(
          bench.streamed(bench.dialect.textStream(['a'], USAGE)),
          bench.whole(bench.dialect.errorBody(401, 'no access'), 401),
        );
        const printed = await printedSecrets([bench.apiKey, CANARY_PROMPT], async () => {
          await bench.run(provider);
          await bench.run(provider);
        });
        assert.ok(!printed.includes(bench.apiKey), 'the key was printed');
        assert.ok(!printed.includes(CANARY_PROMPT), 'the prompt was printed');
      },
    },
    {
      name: 'follows no redirect',
      run: async (bench) => {
        const elsewhere = await bench.upstream(bench.streamed(bench.dialect.textStream(['lured'], USAGE)));
        const redirect = reply(307, '', { location: `${elsewhere.url}/elsewhere` });
        const { provider } = await bench.pair(redirect);
        await bench.failure(provider);
        assert.equal(elsewhere.requests.length, 0, 'key and prompt went to another origin');
      },
    },
  ],
};
