import assert from 'node:assert/strict';
import { refusedUrl } from '../../upstream/silent-upstream.js';
import { reply } from '../../upstream/upstream-step.js';
import { CANARY_PROMPT } from '../canary.js';
import type { ConformanceGroup } from '../conformance-case.js';
import { everythingPrintable } from '../secrets.js';
import { textsIn } from '../texts-in.js';

const USAGE = { input: 5, output: 5 };

/** Frozen through and through: a change of it throws. */
const frozen = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
};

const CONVERSATION = [
  { role: 'system' as const, content: 'Answer in one word.' },
  { role: 'user' as const, content: 'A first question' },
  { role: 'assistant' as const, content: 'A first answer' },
  { role: 'user' as const, content: [{ type: 'text' as const, text: 'A second question' }] },
];

export const requestCases: ConformanceGroup = {
  subject: 'requests',
  cases: [
    {
      name: 'posts JSON and says so',
      run: async (bench) => {
        const { upstream, provider } = await bench.speaking(['a']);
        await bench.text(provider);
        const { method, headers, json } = await upstream.waitForRequest(1);
        assert.equal(method, 'POST');
        assert.match(headers['content-type'] ?? '', /^application\/json\b/);
        assert.ok(typeof json === 'object' && json !== null, 'the body is no object');
      },
    },
    {
      name: 'names the model that is asked',
      run: async (bench) => {
        const { upstream, provider } = await bench.speaking(['a']);
        const request = bench.request();
        await bench.text(provider, request);
        const { path, json } = await upstream.waitForRequest(1);
        const isNamed = textsIn(json).includes(request.model) || decodeURIComponent(path).includes(request.model);
        assert.ok(isNamed, 'the model is neither in the body nor in the path');
      },
    },
    {
      name: 'sends every turn of a conversation in its order',
      run: async (bench) => {
        const { upstream, provider } = await bench.speaking(['a']);
        await bench.text(provider, bench.request({ messages: CONVERSATION }));
        const { json, body } = await upstream.waitForRequest(1);
        const said = ['A first question', 'A first answer', 'A second question'];
        const sent = textsIn(json).filter((text) => said.includes(text));
        assert.deepEqual(sent, said);
        assert.ok(body.includes('Answer in one word.'), 'the system message was not sent');
      },
    },
    {
      name: 'asks for a stream or a whole answer as it is told',
      run: async (bench) => {
        const { upstream, provider } = await bench.pair(
          bench.streamed(bench.dialect.textStream(['a'], USAGE)),
          bench.whole(bench.dialect.wholeText('a', USAGE)),
        );
        await bench.text(provider);
        await bench.text(provider, bench.request({ delivery: 'whole' }));
        const [streamed, whole] = upstream.requests.map(({ path, body, headers }) => [path, body, headers['accept']]);
        assert.notDeepEqual(streamed, whole, 'the two requests are the same');
      },
    },
    {
      name: 'sends a limit of output tokens on',
      run: async (bench) => {
        const { upstream, provider } = await bench.speaking(['a']);
        await bench.text(provider, bench.request({ parameters: { maxOutputTokens: 347 } }));
        assert.match((await upstream.waitForRequest(1)).body, /:\s*347\b/);
      },
    },
    {
      name: 'changes nothing of the request it is given',
      run: async (bench) => {
        const answer = bench.streamed(bench.dialect.textStream(['a'], USAGE));
        const { provider } = await bench.pair(answer);
        const request = frozen(structuredClone(bench.request({ messages: CONVERSATION })));
        assert.equal(await bench.text(provider, request), 'a');
      },
    },
    {
      name: 'sends the same body for the same request',
      run: async (bench) => {
        const answer = bench.streamed(bench.dialect.textStream(['a'], USAGE));
        const { upstream, provider } = await bench.pair(answer, answer);
        const request = bench.request({ messages: CONVERSATION });
        await bench.text(provider, request);
        await bench.text(provider, request);
        const [first, second] = upstream.requests.map(({ json }) => json);
        assert.deepEqual(second, first);
      },
    },
    {
      name: 'sends the key of each instance with its own calls alone',
      run: async (bench) => {
        const answer = bench.streamed(bench.dialect.textStream(['a'], USAGE));
        const upstream = await bench.upstream(answer, answer);
        const otherKey = `${bench.apiKey}-other`;
        const one = await bench.provider(upstream.url);
        const other = bench.keep(await bench.spec.create({ baseUrl: upstream.url, apiKey: otherKey }));
        await bench.text(one);
        await bench.text(other);
        const [first = '', second = ''] = upstream.requests.map(({ headers }) => Object.values(headers).join('\n'));
        assert.ok(!first.includes(otherKey), 'the first instance sent the key of the second');
        assert.ok(second.includes(otherKey), 'the second instance did not send its own key');
      },
    },
    {
      name: 'shows no key when it is printed',
      run: async (bench) => {
        const { provider } = await bench.speaking(['a']);
        await bench.text(provider);
        assert.ok(!everythingPrintable(provider).includes(bench.apiKey), 'the API key is printed with the provider');
      },
    },
    {
      name: 'keeps its key out of errors when a header quotes it',
      run: async (bench) => {
        const headers = { 'www-authenticate': `Bearer realm="${bench.apiKey}"`, 'x-request-id': bench.apiKey };
        const { provider } = await bench.pair(reply(401, '', headers));
        bench.noSecretsIn(await bench.failure(provider));
      },
    },
    {
      name: 'keeps its key out of errors when a redirect quotes it',
      run: async (bench) => {
        const location = `https://other.test/?key=${bench.apiKey}&prompt=${CANARY_PROMPT}`;
        const { provider } = await bench.pair(reply(302, '', { location }));
        bench.noSecretsIn(await bench.failure(provider));
      },
    },
    {
      name: 'keeps key and prompt out of errors when no connection is made',
      run: async (bench) => {
        const provider = await bench.provider(await refusedUrl());
        for (const delivery of ['stream', 'whole'] as const) {
          bench.noSecretsIn(await bench.failure(provider, bench.request({ delivery })));
        }
      },
    },
  ],
};
