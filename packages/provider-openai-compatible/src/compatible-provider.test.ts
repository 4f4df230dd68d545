import { createGateway } from '@headrace/core';
import { describeProvider, type KeyedTarget, openAiChatDialect, type ProviderTarget } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { chatUpstream } from './__fixtures__/chat-upstream.js';
import { CompatibleClient } from './compatible-client.js';
import { openaiCompatible } from './compatible-module.js';
import type { CompatibleOptions } from './compatible-options.js';
import { PRESET_NAMES, PRESETS, type Preset, type PresetName } from './presets.js';

const optionsFor = (target: ProviderTarget | KeyedTarget) => ({
  ...target,
  baseUrl: `${target.baseUrl}/v1`,
  env: {},
  catalogue: { refresh: false },
  // As OpenRouter does it: the others have no place for signatures.
  form: { reasoningReplay: 'reasoning_details' } as const,
});

describeProvider(
  { describe, it, expect },
  {
    name: 'provider-openai-compatible',
    create: (target) => new CompatibleClient(optionsFor(target)),
    createWithKeys: (target) => new CompatibleClient(optionsFor(target)),
    module: (target) => openaiCompatible(optionsFor(target)),
    dialect: openAiChatDialect,
    request: { model: 'some-model' },
    otherKinds: { embedding: {}, reranking: {}, image: {} },
  },
);

const gatewayOver = (options: CompatibleOptions) =>
  createGateway({
    providers: [openaiCompatible({ env: {}, catalogue: { refresh: false }, ...options })],
    retry: { maxAttempts: 1 },
  });

/** A call that says nearly everything. */
const EVERYTHING = {
  messages: [
    { role: 'system', content: [{ type: 'text', text: 'Be brief.', cache: { type: 'ephemeral' } }] },
    { role: 'user', content: 'Weather?' },
    {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'Hm.', details: [{ type: 'reasoning.encrypted', data: 'x' }] },
        { type: 'tool-call', id: 'c1', name: 'weather', argumentsJson: '{}' },
      ],
    },
    { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'c1', content: '7 °C' }] },
  ],
  tools: [{ name: 'weather', parameters: { type: 'object' } }],
  toolChoice: 'required',
  parallelToolCalls: false,
  maxOutputTokens: 50,
  seed: 7,
  endUser: 'user-1',
} as const;

const TOOL_CALL = { type: 'function', function: { name: 'weather', arguments: '{}' } };
const DETAILS = [{ type: 'reasoning.encrypted', data: 'x' }];

/** What each endpoint says in its own way; members of the earlier answer under `replay`. */
const OWN_WORDS: Readonly<Record<PresetName, { readonly replay?: object; readonly [member: string]: unknown }>> = {
  openai: { max_completion_tokens: 50, seed: 7, parallel_tool_calls: false, safety_identifier: 'user-1' },
  azure: { max_completion_tokens: 50, seed: 7, parallel_tool_calls: false, user: 'user-1' },
  groq: {
    max_completion_tokens: 50,
    seed: 7,
    parallel_tool_calls: false,
    user: 'user-1',
    replay: { reasoning: 'Hm.' },
  },
  mistral: {
    max_tokens: 50,
    random_seed: 7,
    parallel_tool_calls: false,
    tool_choice: 'any',
    replay: { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] }] },
  },
  deepseek: { max_tokens: 50, replay: { reasoning_content: 'Hm.' } },
  xai: { max_completion_tokens: 50, seed: 7, parallel_tool_calls: false, user: 'user-1' },
  openrouter: {
    max_tokens: 50,
    seed: 7,
    parallel_tool_calls: false,
    user: 'user-1',
    replay: { reasoning: 'Hm.', reasoning_details: DETAILS },
  },
  together: { max_tokens: 50, seed: 7, parallel_tool_calls: false, replay: { reasoning: 'Hm.' } },
  fireworks: {
    max_tokens: 50,
    seed: 7,
    parallel_tool_calls: false,
    user: 'user-1',
    replay: { reasoning_content: 'Hm.' },
  },
  ollama: { max_tokens: 50, seed: 7, replay: { reasoning: 'Hm.' } },
  vllm: {
    max_completion_tokens: 50,
    seed: 7,
    parallel_tool_calls: false,
    user: 'user-1',
    replay: { reasoning: 'Hm.' },
  },
  llamacpp: { max_tokens: 50, seed: 7, parallel_tool_calls: false, replay: { reasoning_content: 'Hm.' } },
  lmstudio: { max_tokens: 50, seed: 7 },
};

/** What Mistral calls the tool call "c1". */
const SHORT_ID = 'kbwr554zm';

const expectedBody = (preset: PresetName): object => {
  const { replay, ...own } = OWN_WORDS[preset];
  const id = preset === 'mistral' ? SHORT_ID : 'c1';
  const choice = preset === 'ollama' ? {} : { tool_choice: 'required' };
  const marks = preset === 'openrouter' ? { cache_control: { type: 'ephemeral' } } : {};
  return {
    model: 'm',
    messages: [
      { role: 'system', content: [{ type: 'text', text: 'Be brief.', ...marks }] },
      { role: 'user', content: 'Weather?' },
      { role: 'assistant', content: null, ...replay, tool_calls: [{ ...TOOL_CALL, id }] },
      { role: 'tool', tool_call_id: id, content: '7 °C' },
    ],
    tools: [{ type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }],
    ...choice,
    ...own,
  };
};

const hostModels = [{ id: 'm', maxOutputTokens: 1_000 }];

describe('a preset', () => {
  it.each(PRESET_NAMES)('%s is asked at its own path, with its key and in its own words', async (preset) => {
    const row: Preset = PRESETS[preset];
    await using upstream = await chatUpstream();
    const path = row.baseUrl === undefined ? '/openai/v1' : new URL(row.baseUrl).pathname;
    const env = row.keyVariable === undefined ? {} : { [row.keyVariable]: 'key-from-env' };
    await using gateway = gatewayOver({ preset, baseUrl: `${upstream.url}${path}`, env, models: hostModels });
    const { text, usage } = await gateway.complete({ model: `${preset}:m`, ...EVERYTHING });
    expect(text).toBe('Hello');
    expect(usage?.totalTokens).toBe(5);
    const { received } = upstream;
    expect(received[0]?.path).toBe(`${path}/chat/completions`);
    expect(received[0]?.headers['authorization']).toBe(
      row.auth === 'api-key' || row.keyVariable === undefined ? undefined : 'Bearer key-from-env',
    );
    expect(received[0]?.headers['api-key']).toBe(row.auth === 'api-key' ? 'key-from-env' : undefined);
    expect(received[0]?.body).toEqual(expectedBody(preset));
  });

  it.each(['ollama', 'llamacpp', 'lmstudio'] as const)(
    '%s is offered one tool where one was chosen',
    async (preset) => {
      await using upstream = await chatUpstream();
      await using gateway = gatewayOver({ preset, baseUrl: `${upstream.url}/v1` });
      const other = { name: 'other', parameters: { type: 'object' } };
      const call = { model: `${preset}:m`, prompt: 'Weather?', tools: [...EVERYTHING.tools, other] };
      await gateway.complete({ ...call, toolChoice: { name: 'weather' } });
      const { tools, tool_choice: choice } = upstream.received[0]?.body ?? {};
      expect(tools).toEqual([{ type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }]);
      expect(choice).toBe(preset === 'ollama' ? undefined : 'required');
    },
  );

  it('says what it left out', async () => {
    await using upstream = await chatUpstream();
    await using gateway = gatewayOver({ preset: 'deepseek', baseUrl: upstream.url, apiKey: 'k', models: hostModels });
    const { warnings } = await gateway.complete({ model: 'deepseek:m', ...EVERYTHING });
    expect(warnings.map(({ code, field }) => `${code} ${field}`)).toEqual([
      'parameter-dropped parallelToolCalls',
      'end-user-dropped endUser',
      'parameter-dropped seed',
      'cache-mark-dropped messages[0].content[0].cache',
      'reasoning-details-dropped messages[2].content[0].details',
    ]);
  });
});

describe('an endpoint of a host', () => {
  it('is told apart by its form, over that of the preset', async () => {
    await using upstream = await chatUpstream();
    const form = { maxTokensField: 'max_tokens', reasoningReplay: 'reasoning_content', cacheMarks: true } as const;
    await using gateway = gatewayOver({
      id: 'own',
      preset: 'openai',
      baseUrl: `${upstream.url}/x/v1`,
      apiKey: 'k',
      form,
      models: hostModels,
    });
    await gateway.complete({ model: 'own:m', ...EVERYTHING });
    const { path, body } = upstream.received[0] ?? {};
    expect(path).toBe('/x/v1/chat/completions');
    expect(body).toMatchObject({ max_tokens: 50, safety_identifier: 'user-1' });
    expect(JSON.stringify(body)).toContain('"reasoning_content":"Hm."');
    expect(JSON.stringify(body)).toContain('cache_control');
  });

  it('may have no key at all', async () => {
    await using upstream = await chatUpstream();
    await using gateway = gatewayOver({ baseUrl: `${upstream.url}/v1` });
    await gateway.complete({ model: 'openai-compatible:whatever:7b', prompt: 'Hi' });
    expect(upstream.received[0]?.headers).not.toHaveProperty('authorization');
    expect(upstream.received[0]?.body).toEqual({ model: 'whatever:7b', messages: [{ role: 'user', content: 'Hi' }] });
  });

  it('is sent the trace of a call, also of one that embeds, and receipts tell where it is', async () => {
    await using upstream = await chatUpstream();
    const models = [{ id: 'e', type: 'embedding' }];
    await using gateway = gatewayOver({ preset: 'ollama', baseUrl: `${upstream.url}/v1`, models });
    const trace = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
    const { receipt } = await gateway.complete({ model: 'ollama:m', prompt: 'Hi', trace });
    await gateway.embed({ model: 'ollama:e', input: 'Hi', trace });
    for (const { headers } of upstream.received) expect(headers['traceparent']).toBe(trace.traceparent);
    expect(receipt.attempts[0]?.origin).toBe(upstream.url);
  });

  it('takes members of the body from the options of a call, but none that the call itself says', async () => {
    await using upstream = await chatUpstream();
    await using gateway = gatewayOver({ preset: 'groq', baseUrl: upstream.url, apiKey: 'k' });
    const call = { model: 'groq:m', prompt: 'Hi' };
    await gateway.complete({ ...call, providerOptions: { groq: { service_tier: 'flex' } } });
    expect(upstream.received[0]?.body).toMatchObject({ service_tier: 'flex' });
    await expect(gateway.complete({ ...call, providerOptions: { groq: { messages: [] } } })).rejects.toThrow(
      /providerOptions\.groq\.messages/,
    );
    expect(upstream.received).toHaveLength(1);
    const models = [{ id: 'e', type: 'embedding' }];
    await using embedding = gatewayOver({ preset: 'ollama', baseUrl: upstream.url, models });
    await expect(
      embedding.embed({ model: 'ollama:e', input: 'Hi', providerOptions: { ollama: { input: ['Other'] } } }),
    ).rejects.toThrow(/providerOptions\.ollama\.input/);
    expect(upstream.received).toHaveLength(1);
  });

  it('embeds', async () => {
    await using upstream = await chatUpstream();
    await using gateway = gatewayOver({
      preset: 'ollama',
      baseUrl: `${upstream.url}/v1`,
      models: [{ id: 'nomic-embed-text', type: 'embedding' }],
    });
    const { embeddings } = await gateway.embed({ model: 'ollama:nomic-embed-text', input: 'Hi' });
    expect([...(embeddings[0] ?? [])]).toEqual([0.5, 0.25]);
    expect(upstream.received[0]).toMatchObject({
      path: '/v1/embeddings',
      body: { encoding_format: 'float', input: ['Hi'] },
    });
  });

  it('switches thinking on and off in the words of DeepSeek', async () => {
    await using upstream = await chatUpstream();
    const models = [
      { id: 'm', parameters: { reasoningEffort: { supported: true, values: ['none', 'high'] } } },
    ] as const;
    await using gateway = gatewayOver({ preset: 'deepseek', baseUrl: upstream.url, apiKey: 'k', models });
    await gateway.complete({ model: 'deepseek:m', prompt: 'Hi', reasoningEffort: 'high' });
    await gateway.complete({ model: 'deepseek:m', prompt: 'Hi', reasoningEffort: 'none' });
    expect(upstream.received.map(({ body }) => [body['thinking'], body['reasoning_effort']])).toEqual([
      [{ type: 'enabled' }, 'high'],
      [{ type: 'disabled' }, undefined],
    ]);
  });
});

describe('Azure', () => {
  it('has the model in the address and the version in the query, by its older API', async () => {
    await using upstream = await chatUpstream();
    await using gateway = gatewayOver({
      preset: 'azure',
      baseUrl: upstream.url,
      apiVersion: '2024-10-21',
      apiKey: 'k-azure',
      models: hostModels,
    });
    await gateway.complete({ model: 'azure:m', prompt: 'Hi' });
    expect(upstream.received[0]?.path).toBe('/openai/deployments/m/chat/completions?api-version=2024-10-21');
    expect(upstream.received[0]?.headers['api-key']).toBe('k-azure');
  });
});

describe('the models', () => {
  it('are those that are shipped for OpenAI, with prices and parameters', async () => {
    await using gateway = gatewayOver({ preset: 'openai', apiKey: 'k' });
    const models = await gateway.models();
    expect(models.length).toBeGreaterThan(50);
    expect(models.find(({ id }) => id === 'gpt-4o')).toMatchObject({
      pricing: { input: 2.5 },
      tokenizer: { name: 'o200k' },
    });
    await expect(gateway.complete({ model: 'openai:gpt-4oo', prompt: 'Hi' })).rejects.toThrow(/Did you mean "gpt-4o/);
  });

  it('are discovered where nothing is shipped, in whatever form the list comes', async () => {
    for (const list of [
      { data: [{ id: 'a/b', context_length: 9 }, { id: 3 }, null] },
      [{ id: 'a/b', context_length: 9 }],
    ]) {
      await using upstream = await chatUpstream({ models: list });
      await using gateway = gatewayOver({ preset: 'together', baseUrl: `${upstream.url}/v1`, apiKey: 'k' });
      expect(await gateway.models({ refresh: true })).toMatchObject([
        { id: 'a/b', contextWindow: 9, type: 'language' },
      ]);
      expect(upstream.received[0]?.path).toBe('/v1/models');
    }
  });
});

describe('options', () => {
  const fault = (options: object): string => {
    try {
      openaiCompatible(options);
    } catch (error) {
      return String(error);
    }
    return '';
  };

  it('name every fault, and the nearest right name', () => {
    expect(fault({})).toMatch(/baseUrl: is missing.*groq/s);
    expect(fault({ preset: 'azure' })).toMatch(/RESOURCE/);
    expect(fault({ preset: 'groq', apiVersion: '1' })).toMatch(/"azure" only/);
    expect(fault({ preset: 'groq', form: { cacheMark: true } })).toMatch(/form\.cacheMark.*Did you mean "cacheMarks"/s);
    expect(fault({ baseUrl: 'http://example.com/v1', apiKey: 'k' })).toMatch(/clear/);
    expect(fault({ baseUrl: 'http://example.com/v1', apiKeys: ['k'] })).toMatch(/clear/);
    expect(fault({ baseUrl: 'http://10.0.0.5:8000/v1', apiKey: '' })).toBe('');
    expect(fault({ preset: 'vllm', baseUrl: 'http://10.0.0.5:8000/v1' })).toBe('');
  });

  it('send no key of a variable to an address without TLS, and nothing else either', async () => {
    const env = { GROQ_API_KEY: 'not-to-be-sent' };
    const models = [{ id: 'm' }];
    // Nobody is there: a connection would fail the test.
    await using gateway = gatewayOver({ preset: 'groq', baseUrl: 'http://10.255.255.1:9/v1', env, models });
    const call = gateway.complete({ model: 'groq:m', prompt: 'Hi' });
    await expect(call).rejects.toThrow(/baseUrl: http:\/\/10\.255\.255\.1:9 .*clear.*apiKey/);
    await expect(call).rejects.not.toThrow(/not-to-be-sent/);
  });

  it('without a key say so before anything is sent', async () => {
    await using gateway = gatewayOver({ preset: 'groq' });
    await expect(gateway.complete({ model: 'groq:m', prompt: 'Hi' })).rejects.toThrow(/GROQ_API_KEY/);
  });
});
