import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { raw } from './__fixtures__/raw-exchange.js';
import { redact } from './redact.js';

const CANARY = 'cAnAry-7f3a91c2e5';

const bodyOf = (body: unknown): string => redact(raw({ body: JSON.stringify(body) })).body;

const CACHED = { cache_control: { type: 'ephemeral', ttl: '1h' } };
const SCHEMA = { type: 'object', properties: { type: { enum: ['a'], default: 1 } }, required: ['type'] };

/** Requests as the dialects have them, with all that they have free places for. */
const REQUESTS = {
  chat: {
    model: 'acme/m-1',
    user: 'u',
    metadata: { type: 'm' },
    safety_identifier: 's',
    temperature: 0.5,
    stop: ['x'],
    logit_bias: { 5: 1 },
    messages: [
      {
        role: 'user',
        name: 'Bob',
        content: [
          { type: 'text', text: 't' },
          { type: 'file', file: { filename: 'f' } },
        ],
      },
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://a.test/', detail: 'low' } }] },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{"name":"Al"}' } }],
      },
      { role: 'tool', tool_call_id: 'c', name: 'n', content: 'r' },
    ],
    tools: [{ type: 'function', function: { name: 'f', description: 'd', strict: true, parameters: SCHEMA } }],
    tool_choice: { type: 'function', function: { name: 'f' } },
    response_format: { type: 'json_schema', json_schema: { name: 'j', schema: SCHEMA } },
  },
  messages: {
    model: 'm',
    max_tokens: 5,
    metadata: { user_id: 'u' },
    system: [{ type: 'text', text: 's', ...CACHED }],
    messages: [
      { role: 'user', content: [{ type: 'document', name: 'f', title: 't', source: { type: 'text', data: 'd' } }] },
      {
        role: 'assistant',
        content: [{ type: 'tool_use', id: 't', name: 'f', input: { name: 'Al', id: 4, role: ['x'] } }],
      },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: [{ type: 'text', text: 'r' }] }] },
    ],
    tools: [{ name: 'f', description: 'd', input_schema: SCHEMA }],
    mcp_servers: [{ type: 'url', name: 'n', url: 'https://a.test/', authorization_token: 't' }],
  },
  gemini: {
    contents: [
      { role: 'user', parts: [{ text: 't' }, { inlineData: { mimeType: 'image/png', data: 'd' } }] },
      { role: 'model', parts: [{ functionCall: { name: 'f', args: { detail: 'x', type: 'y', card: 4 } } }] },
      { role: 'user', parts: [{ functionResponse: { name: 'f', response: { id: 'x' } } }] },
    ],
    systemInstruction: { parts: [{ text: 's' }] },
    generationConfig: { temperature: 1, responseSchema: SCHEMA, stopSequences: ['x'] },
    tools: [{ functionDeclarations: [{ name: 'f', description: 'd', parameters: SCHEMA }] }],
    labels: { team: 'a' },
  },
} as const;

/** Where a request says how something is asked. Everything else is somebody's. */
const KEPT = new Set([
  'model',
  'messages.role',
  'messages.tool_call_id',
  'messages.content.type',
  'messages.content.image_url.detail',
  'messages.content.id',
  'messages.content.tool_use_id',
  'messages.content.source.type',
  'messages.tool_calls.id',
  'messages.tool_calls.type',
  'messages.tool_calls.function.name',
  'messages.content.content.type',
  'tools.type',
  'tools.name',
  'tools.function.name',
  'tools.function.strict',
  'tools.functionDeclarations.name',
  'tool_choice.type',
  'tool_choice.function.name',
  'tool_choice',
  'response_format.type',
  'response_format.json_schema.name',
  'system.type',
  'system.cache_control.type',
  'system.cache_control.ttl',
  'contents.role',
  'contents.parts.inlineData.mimeType',
  'contents.parts.functionCall.name',
  'contents.parts.functionResponse.name',
]);

type Step = string | number;

const pathsOf = (value: unknown, path: readonly Step[] = []): readonly (readonly Step[])[] => {
  if (typeof value !== 'object' || value === null) return [path];
  const entries = Array.isArray(value)
    ? value.map((one, place): [Step, unknown] => [place, one])
    : Object.entries(value);
  return [path, ...entries.flatMap(([step, one]) => pathsOf(one, [...path, step]))];
};

const changed = (value: unknown, path: readonly Step[], change: (old: unknown) => unknown): unknown => {
  const [step, ...rest] = path;
  if (step === undefined) return change(value);
  if (Array.isArray(value)) return value.map((one, place) => (place === step ? changed(one, rest, change) : one));
  return Object.fromEntries(
    Object.entries(Object(value)).map(([name, one]) => [name, name === step ? changed(one, rest, change) : one]),
  );
};

const named = (path: readonly Step[]): string => path.filter((step) => typeof step === 'string').join('.');

describe('a fixture', () => {
  it.each(Object.entries(REQUESTS))(
    'of %s has a text at no place but those that say how something is asked',
    (_, body) => {
      const kept = pathsOf(body).filter((path) => bodyOf(changed(body, path, () => CANARY)).includes(CANARY));
      // A tool is named in its use, and nobody else is in a block.
      const isKnown = (path: readonly Step[]): boolean =>
        KEPT.has(named(path)) || (named(path) === 'messages.content.name' && path[1] === 1);
      expect(kept.filter((path) => !isKnown(path))).toEqual([]);
      expect(kept.length).toBeGreaterThan(5);
    },
  );

  it.each(Object.entries(REQUESTS))('of %s has no name of a member that it does not know', (_, body) => {
    for (const path of pathsOf(body)) {
      const add = (old: unknown): unknown =>
        Array.isArray(old) ? [...old, { [CANARY]: true }] : { ...Object(old), [CANARY]: { [CANARY]: CANARY } };
      expect(bodyOf(changed(body, path, add))).not.toContain(CANARY);
    }
  });

  it('has no sentence even where a word is kept', () => {
    const sentence = 'a secret of mine';
    for (const body of Object.values(REQUESTS))
      for (const path of pathsOf(body)) expect(bodyOf(changed(body, path, () => sentence))).not.toContain(sentence);
  });

  it('has no text, number or name of what is said in a free place, whatever that is', () => {
    const text = fc
      .constantFrom('name', 'id', 'type', 'role', 'model', 'detail', 'content')
      .map((one) => `${one}-${CANARY}`);
    const said: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        text,
        fc.constantFrom(4_111_222_333_444_555, 73.918_273),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.oneof(text, fc.constantFrom('name', 'id', 'type', '__proto__', '')), tie('value'), {
          maxKeys: 3,
        }),
      ),
    })).value;
    const places: readonly ((value: unknown) => unknown)[] = [
      (value: unknown) => ({
        messages: [{ role: 'assistant', content: [{ type: 'tool_use', name: 'f', input: value }] }],
      }),
      (value: unknown) => ({ contents: [{ parts: [{ functionCall: { name: 'f', args: value } }] }] }),
      (value: unknown) => ({ contents: [{ parts: [{ functionResponse: { name: 'f', response: value } }] }] }),
      (value: unknown) => ({ tools: [{ name: 'f', input_schema: value }] }),
      (value: unknown) => ({ tools: [{ function: { name: 'f', parameters: value } }], metadata: value, user: value }),
      (value: unknown) => ({
        messages: [{ tool_calls: [{ function: { name: 'f', arguments: JSON.stringify(value) } }] }],
      }),
      (value: unknown) => ({ something: value }),
    ];
    fc.assert(
      fc.property(said, fc.constantFrom(...places), (value, place) => {
        const body = bodyOf(place(value));
        expect(body).not.toMatch(/cAnAry|2223334|918273/);
        expect(() => JSON.parse(body) as unknown).not.toThrow();
      }),
      {
        numRuns: 200,
        examples: places.map((place): [unknown, typeof place] => [
          { name: 4_111_222_333_444_555, [CANARY]: [CANARY] },
          place,
        ]),
      },
    );
  });

  it('keeps members apart whose names become alike', () => {
    expect(JSON.parse(bodyOf({ metadata: { ab: 1, cd: 22, ef: 'x' } }))).toEqual({
      metadata: { '**': 1, '**2': 11, '**3': '*' },
    });
  });

  it.each([
    'x-auth-token',
    'apikey',
    'ocp-apim-subscription-key',
    'cf-aig-authorization',
    'xi-api-key',
    'helicone-auth',
    'x-functions-key',
    'x-vercel-oidc-token',
    'x-whatever',
    'referer',
    'openai-organization',
  ])('has no value of the header %s, wherever else that is', (name) => {
    const chunks = [Buffer.from(`{"error":"no ${CANARY}"}`)];
    for (const headers of [{ [name]: CANARY }, { [name.toUpperCase()]: `Bearer ${CANARY}` }]) {
      const clean = redact(raw({ headers, answerHeaders: { [name]: [CANARY, CANARY] }, chunks }));
      expect(JSON.stringify(clean)).not.toContain(CANARY);
      if (!name.startsWith('referer')) expect(Buffer.concat(clean.chunks).toString()).not.toContain(CANARY);
    }
  });

  it.each([
    ['retry-after', '3'],
    ['retry-after-ms', '250'],
    ['x-should-retry', 'false'],
    ['content-type', 'text/event-stream; charset=utf-8'],
    ['x-request-id', 'req_1'],
    ['anthropic-ratelimit-requests-reset', '2026-01-01T00:00:00Z'],
    ['anthropic-version', '2023-06-01'],
    ['traceparent', '00-1-2-01'],
  ])('has the value of the header %s, which a replay needs', (name, value) => {
    expect(redact(raw({ answerHeaders: { [name]: value } })).answerHeaders).toEqual({ [name]: value });
  });

  it('has of a redirect where it leads to alone', () => {
    const location = `https://me:${CANARY}@a.test/b/${CANARY}?key=${CANARY}`;
    const shown = redact(raw({ answerHeaders: { location } })).answerHeaders['location'];
    expect(shown).toMatch(/^https:\/\/\*+a\.test\*+$/);
    expect(shown).toHaveLength(location.length);
  });

  it.each([
    'auth',
    'subscription-key',
    'code',
    'client_secret',
    'X-Amz-Signature',
    'x-amz-credential',
    'whatever',
    'alt',
  ])('has no value of the member %s of a query, and keeps that of one it knows', (name) => {
    const value = `${CANARY}%2f%2B+ä`;
    const path = `/v1?alt=sse&${name}=${value}&${CANARY}&${CANARY}=1&api-version=2024-10-21`;
    const clean = redact(raw({ path })).path;
    expect(clean).not.toContain(CANARY);
    expect(clean).toMatch(new RegExp(`^/v1\\?alt=sse&${name}=\\*+&\\*+&\\*+=\\*&api-version=2024-10-21$`));
  });

  it.each(['a%2fb%2bcdefgh', 'a%2Fb%2Bcdefgh', 'abc+def+ghi', 'abc%20def', 'a%252fbcdefgh', '%41bcdefgh'])(
    'has a key of the query in none of its forms: %s',
    (value) => {
      const decoded = new URLSearchParams(`v=${value}`).get('v') ?? '';
      const forms = [
        value,
        decoded,
        encodeURIComponent(decoded),
        encodeURIComponent(decoded).replaceAll(/%../g, (one) => one.toLowerCase()),
        encodeURIComponent(encodeURIComponent(decoded)),
        Array.from(decoded, (one) => `%${(one.codePointAt(0) ?? 0).toString(16)}`).join(''),
        JSON.stringify(decoded).slice(1, -1).replaceAll('/', String.raw`\/`),
        Array.from(decoded, (one) => String.raw`\u00${(one.codePointAt(0) ?? 0).toString(16)}`).join(''),
      ];
      for (const form of forms) {
        const clean = redact(raw({ path: `/v1/${form}/x?foo=1&key=${value}`, chunks: [Buffer.from(`<${form}>`)] }));
        expect(clean.path).toMatch(/^\/v1\/\*+\/x\?foo=\*&key=\*+$/);
        expect(Buffer.concat(clean.chunks).toString()).toMatch(/^<\*+>$/);
      }
    },
  );

  it('has the password of basic credentials nowhere', () => {
    const authorization = `Basic ${Buffer.from('user:hunter2pass').toString('base64')}`;
    const clean = redact(raw({ headers: { authorization }, chunks: [Buffer.from('wrong: hunter2pass')] }));
    expect(Buffer.concat(clean.chunks).toString()).toBe('wrong: ***********');
  });

  it('quotes parts of the arguments of earlier calls no more than other texts, and stays JSON where it quotes a number', () => {
    const args = JSON.stringify({ name: 'Alice Smith-Jones', card: 4_111_222_333_444_555 });
    const body = { messages: [{ tool_calls: [{ function: { name: 'f', arguments: args } }] }] };
    const chunks = [Buffer.from('{"text":"Alice Smith-Jones","card":4111222333444555}')];
    const [shown] = redact(raw({ body: JSON.stringify(body), chunks })).chunks;
    expect(JSON.parse(Buffer.from(shown ?? []).toString())).toEqual({
      text: '*'.repeat(17),
      card: 1_111_111_111_111_111,
    });
  });

  it('still replays a call of a tool by the names of its schema, and an answer whose words were asked about', () => {
    const body = {
      model: 'acme/model-of-2026',
      messages: [
        { role: 'user', content: 'acme/model-of-2026' },
        { role: 'user', content: 'chat.completion.chunk' },
      ],
      tools: [
        {
          function: {
            name: 'f',
            parameters: {
              properties: { destination_city: { enum: ['San_Francisco'] } },
              required: ['destination_city'],
            },
          },
        },
      ],
    };
    const answer =
      '{"object":"chat.completion.chunk","model":"acme/model-of-2026","a":{"destination_city":"San_Francisco"}}';
    const { chunks } = redact(raw({ body: JSON.stringify(body), chunks: [Buffer.from(answer)] }));
    expect(Buffer.concat(chunks).toString()).toBe(answer);
  });
});
