import { inspect } from 'node:util';
import { ConfigurationError } from '@headrace/core';
import { type PluginScope, PROVIDER } from '@headrace/core/plugin';
import { fakeClock, rejectionOf } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { echo, like } from './__fixtures__/plugins.js';
import { Project } from './__fixtures__/project.js';
import { type GatewayConfig, type LoadOptions, loadGateway, PluginFailedError } from './index.js';

const configOf = (use: unknown, options: object = {}): GatewayConfig =>
  ({
    providers: { good: { use: echo }, bad: { use, options } },
    routes: { chat: { targets: ['bad:m', 'good:m'] } },
    retry: { baseDelayMs: 0 },
  }) as never;

// No canary: a plugin tells it.
const HIDDEN = 'hidden-7f3a91';

const fail = (): never => {
  throw new Error('boom');
};

const failWith = (key: string): never => {
  throw Object.assign(new Error(`bad key ${key}`), { key });
};

/** With a member that throws when it is looked at. */
const throwing = (value: object, member: string): object => Object.defineProperty(value, member, { get: fail });

const finding = (result: unknown) => ({ '~standard': { version: 1, vendor: 'x', validate: () => result } });

class Hidden {
  get id(): never {
    return fail();
  }
}

class Vague {
  readonly id = 'bad';
}

const HANGS = 'headrace: a plugin hangs';
const hang = (): unknown => (Reflect.get(globalThis, Symbol.for(HANGS)) as () => unknown)();

const moduleOf = (change: object) => ({ name: 'bad', contractVersion: 1, register: fail, ...change });

const BROKEN: readonly (readonly [string, unknown, RegExp])[] = [
  [
    'is not installed',
    '@nobody/has-this',
    /is not installed where .* finds packages\. Install it there: npm install @nobody/,
  ],
  ['exports no plugin', 'node:path', /exports no `plugin`/],
  ['throws when it is imported', 'data:text/javascript,throw new Error("boom")', /to be loaded: boom/],
  ['gives nothing that can be looked at', throwing({}, 'create'), /looked at: boom/],
  ['hides its schema', like({ optionsSchema: throwing({}, '~standard') }), /looked at: boom/],
  [
    'is of a newer contract',
    like({ contractVersion: 2 }),
    /was written for version 2 of the contract; this core speaks 1\. Update @headrace\/core\./,
  ],
  ['is of an older contract', like({ contractVersion: 0 }), /for version 0 of the contract; .* Update the plugin\./],
  ['is of no contract', like({ contractVersion: undefined }), /for no version of the contract that it names/],
  ['has no schema', like({ optionsSchema: {} }), /no Standard Schema/],
  ['has no create', like({ create: undefined }), /has no function `create`/],
  [
    'throws in its schema',
    like({ optionsSchema: { '~standard': { validate: fail } } }),
    /asked about its options: boom/,
  ],
  ['throws in create', like({ create: fail }), /set up: boom/],
  ['rejects in create', like({ create: () => Promise.reject(new Error('boom')) }), /set up: boom/],
  ['throws nothing of use', like({ create: () => Promise.reject(undefined) }), /set up: undefined/],
  ['throws what has no words', like({ create: () => Promise.reject(Object.create(null)) }), /that cannot be said/],
  ['throws what cannot be read', like({ create: () => Promise.reject(throwing({}, 'message')) }), /cannot be said/],
  ['throws a novel', like({ create: () => Promise.reject(new Error('x'.repeat(1e6))) }), /set up: x{1000}…$/],
  [
    'throws an error of configuration that lists nothing',
    like({ create: () => Promise.reject(Object.assign(new ConfigurationError('bad', []), { issues: 5 })) }),
    /set up: The options of bad/,
  ],
  ['finds null wrong', like({ optionsSchema: finding(null) }), /asked about its options/],
  ['finds a number wrong', like({ optionsSchema: finding({ issues: 5 }) }), /asked about its options/],
  ['finds no words for what is wrong', like({ optionsSchema: finding({ issues: [{}] }) }), /asked about its options/],
  ['makes no module', like({ create: () => 42 }), /no provider module/],
  ['makes one of another name', like({ create: () => moduleOf({ name: 'x' }) }), /another name, "x"/],
  ['makes one without a name', like({ create: () => moduleOf({ name: undefined }) }), /of no name/],
  ['makes one that hides its name', like({ create: () => throwing(moduleOf({}), 'name') }), /looked at: boom/],
  [
    'makes one of another contract',
    like({ create: () => moduleOf({ contractVersion: 9 }) }),
    /version 9 of the contract/,
  ],
  ['throws when it registers', like({ create: () => moduleOf({}) }), /failed to register: boom/],
  [
    'registers what hides its id',
    like({ create: () => moduleOf({ register: (scope: PluginScope) => scope.provide(PROVIDER, Hidden as never) }) }),
    /boom/,
  ],
  [
    'registers later',
    like({ create: () => moduleOf({ register: () => Promise.reject(new Error('boom')) }) }),
    /`register` gives a promise/,
  ],
  [
    'does what nobody knows',
    like({ create: () => moduleOf({ register: (scope: PluginScope) => scope.provide(PROVIDER, Vague as never) }) }),
    /its `kinds` must be a list/,
  ],
  ['registers nothing', like({ create: () => moduleOf({ register: () => undefined }) }), /provides no PROVIDER/],
];

describe('a plugin that', () => {
  it.each(BROKEN)('%s fails the load by name', async (_what, use, message) => {
    const error = await rejectionOf(loadGateway(configOf(use)));
    expect(error).toBeInstanceOf(PluginFailedError);
    expect(error).toMatchObject({ code: 'plugin-failed', provider: 'bad', message: expect.stringMatching(message) });
    expect((error as Error).message).toContain('"bad"');
  });

  it.each(BROKEN)('%s may be left out, and all others serve', async (_what, use, message) => {
    await using gateway = await loadGateway(configOf(use), { brokenPlugins: 'leave-out' });
    expect(gateway.leftOut).toMatchObject([{ provider: 'bad', message: expect.stringMatching(message) }]);
    const answer = await gateway.complete({ model: 'chat', prompt: 'Hi' });
    expect(answer).toMatchObject({
      provider: 'good',
      receipt: { attempts: [{ provider: 'bad' }, { provider: 'good' }] },
    });
    expect(await rejectionOf(gateway.complete({ model: 'bad:m', prompt: 'Hi' }))).toMatchObject({
      code: 'provider-fault',
      message: expect.stringContaining('was left out'),
    });
    expect(await gateway.models({ refresh: true })).toEqual([]);
  });

  it.each([
    ['when it is imported', () => './hangs.mjs'],
    ['in its schema', () => like({ optionsSchema: { '~standard': { validate: hang } } })],
    ['in create', () => like({ create: hang })],
  ])('hangs %s is given up in time', async (_when, use) => {
    using project = new Project({ 'hangs.mjs': `await globalThis[Symbol.for('${HANGS}')]();` });
    const hanging = new Promise<void>((resolve) => {
      Reflect.set(globalThis, Symbol.for(HANGS), () => {
        resolve();
        return new Promise(() => undefined);
      });
    });
    const clock = fakeClock();
    const options: LoadOptions = { from: project.folder, pluginTimeoutMs: 5_000, host: { clock } };
    const failure = rejectionOf(loadGateway({ providers: { bad: { use: use() as never } } }, options));
    await hanging;
    await clock.advance(5_000);
    expect(await failure).toMatchObject({ code: 'plugin-failed', message: expect.stringContaining('within 5000 ms') });
    expect(clock.pending).toBe(0);
  });

  it('tells a secret in what it throws is not quoted with it', async () => {
    const use = like({ create: ({ apiKey }: { apiKey: string }) => failWith(apiKey) });
    const error = await rejectionOf(loadGateway(configOf(use, { apiKey: '${KEY}' }), { env: { KEY: HIDDEN } }));
    expect(inspect(error, { depth: 9 })).not.toContain(HIDDEN);
    expect((error as Error).message).toContain('bad key [secret]');
  });

  it("changes its options changes nobody else's view of them", async () => {
    const seen: unknown[] = [];
    const greedy = like({
      optionsSchema: echo.optionsSchema,
      create: (options: { id: string; nested: { depth: number } }) => {
        seen.push(options.nested.depth);
        options.nested.depth = 9;
        return echo.create({ id: options.id });
      },
    });
    const options = { nested: { depth: 1 } };
    const providers = { one: { use: greedy, options }, two: { use: greedy, options } };
    await using gateway = await loadGateway({ providers });
    expect([seen, options]).toEqual([[1, 1], { nested: { depth: 1 } }]);
    expect(await gateway.reload()).toEqual([]);
    // Both are taken for what they are: the same as before.
    expect(seen).toHaveLength(2);
  });

  it.each([
    ['throws', fail],
    ['gives nothing', () => undefined],
    [
      'gives no events',
      async function* () {
        yield 5;
      },
    ],
    [
      'gives an event that is none',
      async function* () {
        yield { events: [{ type: 'nonsense' }, null] };
      },
    ],
    ['ends without an end', async function* () {}],
  ])('%s when it is called leaves the call to the next provider', async (_what, call) => {
    class Broken {
      readonly id = 'bad';
      readonly kinds = ['completion'];
      listModels = async () => [];
      call = call;
    }
    const create = () => moduleOf({ register: (scope: PluginScope) => scope.provide(PROVIDER, Broken as never) });
    await using gateway = await loadGateway(configOf(like({ create })));
    expect(await gateway.complete({ model: 'chat', prompt: 'Hi' })).toMatchObject({ provider: 'good' });
  });
});
