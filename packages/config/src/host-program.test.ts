import { type Gateway, RequestLossError } from '@headrace/core';
import { rejectionOf, reply, startUpstream, type Upstream, type UpstreamScript } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import {
  begin,
  conclude,
  goOn,
  hostProgram,
  PICTURE,
  RULES,
  type Stand,
  WEATHER,
} from './__fixtures__/host-program/host-program.js';
import { THOUGHT, type Vendor } from './__fixtures__/host-program/vendor.js';
import { OPENROUTER, VENDORS } from './__fixtures__/host-program/vendors.js';
import { Project } from './__fixtures__/project.js';
import { loadGateway } from './index.js';

const RECORD = { city: 'Ulm', umbrella: true };
const DONE = JSON.stringify(RECORD);
const FILE = 'headrace.config.yaml';

type Place = readonly [vendor: Vendor, upstream: Upstream];

/** The file in which the host says what its `assistant` is: first to last, who is asked. */
const fileFor = (places: readonly Place[], more: object): string =>
  JSON.stringify({
    providers: Object.fromEntries(
      places.map(([vendor, { url }]) => [vendor.id, { use: vendor.use, options: vendor.options(url) }]),
    ),
    routes: { assistant: { targets: places.map(([{ id, model }]) => `${id}:${model}`) } },
    retry: { maxAttempts: places.length },
    ...more,
  });

const opened = (project: Project, places: readonly Place[], more: object = {}): Promise<Gateway> =>
  loadGateway(project.write(FILE, fileFor(places, more)), { env: { TEST_KEY: 'k-123456789' } });

/** What is wrong with the bodies that reached an upstream, by the documents of its vendor. */
const faultsOf = ({ request, paths }: Vendor, { requests }: Upstream): readonly unknown[] =>
  requests.flatMap(({ json, path }) => {
    const faults: unknown[] = request.safeParse(json).error?.issues ?? [];
    const stream = json !== null && typeof json === 'object' && 'stream' in json;
    const isStream = stream || path.includes('stream');
    return path === paths[isStream ? 0 : 1] ? faults : [...faults, path];
  });

const codesOf = ({ warnings }: { readonly warnings: readonly { readonly code: string }[] }): readonly string[] =>
  warnings.map(({ code }) => code).sort();

/** Nothing of a conversation that began elsewhere is missing, but for what the receipt tells of. */
const expectCarried = (by: Vendor, body: string, codes: readonly string[], thinkers: readonly Vendor[]): void => {
  for (const said of [RULES, Buffer.from(PICTURE).toString('base64'), WEATHER, 'Ulm'])
    expect([by.id, said, body.includes(said)]).toEqual([by.id, said, true]);
  expect(body.includes('cache_control') || codes.includes('cache-mark-dropped')).toBe(true);
  expect(body.includes('cache_control')).toBe(by.takesCacheMarks);
  const dropsReasoning = codes.some((code) => /^reasoning-(details-)?dropped$/.test(code));
  for (const { id, signature } of thinkers) {
    if (signature === undefined) continue;
    const takes = by.takesSignaturesOf.includes(id);
    expect([id, by.id, body.includes(signature)]).toEqual([id, by.id, takes]);
    expect(takes || dropsReasoning).toBe(true);
    expect(body.includes(THOUGHT) || dropsReasoning).toBe(true);
  }
};

const NOTES: Readonly<Record<string, readonly string[]>> = {
  vercel: [],
  openai: ['cache-mark-dropped'],
  anthropic: ['parameter-defaulted'],
  google: ['cache-mark-dropped'],
};

const PAIRS = VENDORS.flatMap((from) =>
  VENDORS.filter((to) => to !== from).map((to) => ({ from, to, name: `${from.id} → ${to.id}` })),
);

const google = VENDORS.find(({ id }) => id === 'google');
/** Models of one maker by its own API and by another's, in both directions. */
const THROUGH_OTHERS =
  google === undefined
    ? []
    : [
        { from: google, to: OPENROUTER, name: 'google → openrouter' },
        { from: OPENROUTER, to: google, name: 'openrouter → google' },
      ];

/** A conversation that began at a vendor. */
const begunAt = async (project: Project, vendor: Vendor): Promise<Stand> => {
  await using upstream = await startUpstream(vendor.thinking);
  await using gateway = await opened(project, [[vendor, upstream]]);
  return await begin(gateway);
};

describe('one host program', () => {
  it.each(VENDORS.map((vendor) => [vendor.id, vendor] as const))('runs on %s by its file alone', async (id, vendor) => {
    using project = new Project();
    await using upstream = await startUpstream(vendor.thinking, vendor.saying('Take an umbrella.'), vendor.whole(DONE));
    await using gateway = await opened(project, [[vendor, upstream]]);
    const answer = await hostProgram(gateway);
    expect(answer.output).toEqual(RECORD);
    expect(faultsOf(vendor, upstream)).toEqual([]);
    expect(codesOf(answer)).toEqual(NOTES[id]);
    const [, second, third] = upstream.requests.map(({ body }) => body);
    for (const body of [second ?? '', third ?? '']) expectCarried(vendor, body, codesOf(answer), [vendor]);
    expect(third).toContain('umbrella');
    expect(third).toContain('Take an umbrella.');
  });
});

describe('a conversation that began at one vendor', () => {
  it.each([...PAIRS, ...THROUGH_OTHERS])(
    'goes on at another and comes back with all that can be carried: $name',
    async ({ from, to }) => {
      using project = new Project();
      const opening = await begunAt(project, from);
      await using other = await startUpstream(to.thinking);
      await using otherGateway = await opened(project, [[to, other]]);
      const foreign = await goOn(otherGateway, opening);
      expect(faultsOf(to, other)).toEqual([]);
      expectCarried(to, other.requests[0]?.body ?? '', codesOf(foreign.answer), [from]);

      await using home = await startUpstream(from.saying('Take an umbrella.'), from.whole(DONE));
      await using gateway = await opened(project, [[from, home]]);
      const back = await goOn(gateway, foreign);
      const record = await conclude(gateway, back);
      expect(record.output).toEqual(RECORD);
      expect(faultsOf(from, home)).toEqual([]);
      for (const [index, answer] of [back.answer, record].entries())
        expectCarried(from, home.requests[index]?.body ?? '', codesOf(answer), [from, to]);
    },
  );

  it.each(PAIRS)('is taken over by the next target of a route: $name', async ({ from, to }) => {
    using project = new Project();
    const broken: UpstreamScript = reply(503, { error: { message: 'out of order' } });
    await using first = await startUpstream(from.thinking, broken, from.whole(DONE));
    await using second = await startUpstream(to.saying('Take an umbrella.'));
    await using gateway = await opened(project, [
      [from, first],
      [to, second],
    ]);
    const taken = await goOn(gateway, await begin(gateway));
    expect(taken.answer).toMatchObject({ text: 'Take an umbrella.', provider: to.id });
    expect((await conclude(gateway, taken)).output).toEqual(RECORD);
    expect([...faultsOf(from, first), ...faultsOf(to, second)]).toEqual([]);
    expectCarried(to, second.requests[0]?.body ?? '', codesOf(taken.answer), [from]);
  });

  it.each(PAIRS)('is sent whole or not at all where the file is strict: $name', async ({ from, to }) => {
    using project = new Project();
    const opening = await begunAt(project, from);
    await using upstream = await startUpstream(to.saying('Take an umbrella.'));
    await using gateway = await opened(project, [[to, upstream]], { strict: true });
    const fits = to.takesCacheMarks && (from.signature === undefined || to.takesSignaturesOf.includes(from.id));
    if (fits) {
      const { answer } = await goOn(gateway, opening);
      expect(faultsOf(to, upstream)).toEqual([]);
      expectCarried(to, upstream.requests[0]?.body ?? '', codesOf(answer), [from]);
      return;
    }
    const error = await rejectionOf(goOn(gateway, opening));
    expect(error).toMatchObject({ code: 'invalid-request', failureClass: 'caller' });
    expect(upstream.requests).toEqual([]);
    const fields = (error as RequestLossError).issues.map(({ field }) => field);
    if (!to.takesCacheMarks) expect(fields).toContain('messages[0].content[0].cache');
    if (from.signature !== undefined && !to.takesSignaturesOf.includes(from.id))
      expect(fields).toEqual(expect.arrayContaining([expect.stringMatching(/^messages\[2\]\.content\[0\]/)]));
  });

  it('finds the target of a strict route that loses nothing of it', async () => {
    using project = new Project();
    const [, openai, anthropic] = VENDORS as readonly [Vendor, Vendor, Vendor];
    const opening = await begunAt(project, anthropic);
    await using losing = await startUpstream(openai.saying('no'));
    await using keeping = await startUpstream(anthropic.saying('Take an umbrella.'));
    await using gateway = await opened(
      project,
      [
        [openai, losing],
        [anthropic, keeping],
      ],
      { strict: true, retry: { maxAttempts: 1 } },
    );
    const { answer } = await goOn(gateway, opening);
    expect(answer).toMatchObject({ text: 'Take an umbrella.', provider: 'anthropic' });
    expect(losing.requests).toEqual([]);
    expect(answer.receipt.skipped).toMatchObject([{ target: 'openai:gpt-5.4', code: 'invalid-request' }]);
    expect(codesOf(answer)).toEqual(['parameter-defaulted', 'target-skipped']);
  });
});
