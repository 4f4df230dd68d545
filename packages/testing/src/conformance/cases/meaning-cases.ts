import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { CompletionRequest, GenerationParameters, Message, ToolResultPart, Warning } from '@headrace/core/plugin';
import { testContext } from '../../context/test-context.js';
import type { ConformanceGroup } from '../conformance-case.js';
import { leavesIn, speakerOf } from '../leaves-in.js';
import { textsIn } from '../texts-in.js';
import type { Workbench } from '../workbench.js';

const USAGE = { input: 5, output: 5 };

/** What stands in no body by chance. */
const ASKED = {
  temperature: 0.4375,
  topP: 0.8125,
  topK: 37,
  presencePenalty: 0.3125,
  frequencyPenalty: 0.1875,
  seed: 4711,
} as const satisfies GenerationParameters;
const LIMIT = 347;
const STOPS = ['THE VERY END', 'NO MORE OF IT'];

const WEATHER = { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } };

interface Sent {
  /** The body. */
  readonly json: unknown;
  readonly warnings: readonly Warning[];
  /** Fields that a warning is about. */
  readonly told: readonly string[];
}

/** What goes out for a call; `undefined` where it is refused. */
const sentFor = async (bench: Workbench, asked: Partial<CompletionRequest> = {}): Promise<Sent | undefined> => {
  const { upstream, provider } = await bench.speaking(['a'], USAGE);
  const context = testContext();
  await bench.run(provider, bench.request(asked), context);
  const [request] = upstream.requests;
  const { warnings } = context;
  return request && { json: request.json, warnings, told: warnings.flatMap(({ field }) => field ?? []) };
};

const withParameter = (bench: Workbench, name: string, value: unknown): Partial<CompletionRequest> => ({
  parameters: { ...bench.request().parameters, [name]: value },
});

/** Where numbers of this value stand in a body. */
const placesOf = (json: unknown, value: number): readonly string[] =>
  leavesIn(json).flatMap(({ path, leaf }) => (leaf === value ? [path] : []));

const plainly = async (bench: Workbench): Promise<Sent> => {
  const bare = await sentFor(bench);
  assert.ok(bare !== undefined, 'a plain call was refused');
  return bare;
};

/** Where each parameter goes to. One that is not sent at all is the business of what is not carried. */
const placesByName = async (bench: Workbench, bare: Sent): Promise<ReadonlyMap<string, readonly string[]>> => {
  const places = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries(ASKED)) {
    const sent = await sentFor(bench, withParameter(bench, name, value));
    const found = sent === undefined ? [] : placesOf(sent.json, value);
    const isUntrue =
      found.length === 0 && sent?.told.includes(name) === false && !isDeepStrictEqual(sent.json, bare.json);
    assert.ok(!isUntrue, `${name}: ${value} was asked for, and something else was sent without a warning`);
    places.set(name, found);
  }
  return places;
};

const checkUnasked = (bare: Sent, name: string, places: readonly string[]): void => {
  const unasked = leavesIn(bare.json).find(({ path }) => places.includes(path));
  assert.ok(unasked === undefined, `${name}: ${String(unasked?.leaf)} was sent, which the call does not name`);
};

export const SAID = {
  system: 'Speak in riddles.',
  first: 'An early question',
  answer: 'An early answer',
  last: 'A late one',
};
const TALK: readonly Message[] = [
  { role: 'system', content: SAID.system },
  { role: 'user', content: SAID.first },
  { role: 'assistant', content: SAID.answer },
  { role: 'user', content: SAID.last },
];

/** The same tool called twice at once, and its results, whose calls are told by the ids alone. */
const asToolTurns = (...ids: readonly [string, string]): Partial<CompletionRequest> => {
  const call = (id: string, city: string) =>
    ({ type: 'tool-call', id, name: 'weather', argumentsJson: JSON.stringify({ city }) }) as const;
  const result = (toolCallId: string, content: string): ToolResultPart => ({
    type: 'tool-result',
    toolCallId,
    content,
  });
  return {
    tools: [WEATHER],
    messages: [
      { role: 'user', content: 'How is it here and there?' },
      { role: 'assistant', content: [call('call_one', 'Reykjavik'), call('call_two', 'Ouagadougou')] },
      { role: 'tool', content: [result(ids[0], 'Sleet, 2 degrees'), result(ids[1], 'Haze, 41 degrees')] },
    ],
  };
};

/** What requests must mean to the upstream, whatever its words for it. */
export const meaningCases: ConformanceGroup = {
  subject: 'meaning of requests',
  cases: [
    {
      name: 'sends each parameter with its own value, or says in a warning that it does not',
      run: async (bench) => {
        const owners = new Map<string, string>();
        for (const [name, places] of await placesByName(bench, await plainly(bench))) {
          for (const path of places) {
            assert.ok(!owners.has(path), `${name} is sent as ${path}, where ${owners.get(path)} goes too`);
            owners.set(path, name);
          }
        }
      },
    },
    {
      name: 'sends every stop sequence, or says in a warning that it does not',
      run: async (bench) => {
        const sent = await sentFor(bench, withParameter(bench, 'stopSequences', STOPS));
        if (sent === undefined || sent.told.some((field) => field.startsWith('stopSequences'))) return;
        const texts = textsIn(sent.json);
        assert.deepEqual(
          STOPS.filter((stop) => !texts.includes(stop)),
          [],
          'these stop sequences were not sent',
        );
      },
    },
    {
      name: 'sends no parameter that the call does not name',
      run: async (bench) => {
        const bare = await plainly(bench);
        for (const [name, places] of await placesByName(bench, bare)) checkUnasked(bare, name, places);
      },
    },
    {
      name: 'sets no limit of output tokens that the call does not name',
      run: async (bench) => {
        if (bench.request().parameters.maxOutputTokens !== undefined) return;
        const sent = await sentFor(bench, withParameter(bench, 'maxOutputTokens', LIMIT));
        const places = sent === undefined ? [] : placesOf(sent.json, LIMIT);
        checkUnasked(await plainly(bench), 'maxOutputTokens', places);
      },
    },
    {
      name: 'tells what the user said from what the assistant said and the system',
      run: async (bench) => {
        const sent = await sentFor(bench, { messages: TALK });
        assert.ok(sent !== undefined, 'a conversation was refused');
        const { system, first, answer, last } = SAID;
        const user = speakerOf(sent.json, first);
        assert.equal(speakerOf(sent.json, last), user, 'two turns of the user stand there in two ways');
        assert.notEqual(speakerOf(sent.json, answer), user, 'a turn of the assistant stands there as one of the user');
        const isTold = sent.told.some((field) => field.startsWith('messages[0]'));
        assert.ok(
          isTold || speakerOf(sent.json, system) !== user,
          'the system message stands there as a turn of the user',
        );
      },
    },
    {
      name: 'warns of nothing where a conversation is sent as it is',
      run: async (bench) => {
        const messages = TALK.filter(({ role }) => role !== 'system');
        // Some upstreams demand a limit: that one was made up is worth a word.
        const sent = await sentFor(bench, { messages, ...withParameter(bench, 'maxOutputTokens', LIMIT) });
        assert.deepEqual(sent?.warnings, [], 'a plain conversation brought warnings');
      },
    },
    {
      name: 'sends the calls of an earlier turn with their arguments',
      run: async (bench) => {
        const sent = await sentFor(bench, asToolTurns('call_one', 'call_two'));
        const body = JSON.stringify(sent?.json ?? ['Reykjavik', 'Ouagadougou']);
        for (const city of ['Reykjavik', 'Ouagadougou'])
          assert.ok(body.includes(city), `the argument ${city} was not sent`);
      },
    },
    {
      name: 'joins each result of a tool to the call that it answers',
      run: async (bench) => {
        const [one, other] = [
          await sentFor(bench, asToolTurns('call_one', 'call_two')),
          await sentFor(bench, asToolTurns('call_two', 'call_one')),
        ];
        if (one === undefined || other === undefined) return;
        assert.notDeepEqual(other.json, one.json, 'the body is the same when the results of two calls are exchanged');
      },
    },
    {
      name: 'sends the schema of the output, or says in a warning that it does not',
      run: async (bench) => {
        const properties = { 'home-town': { type: 'string' } };
        const schema = { type: 'object', properties, required: ['home-town'], additionalProperties: false };
        const sent = await sentFor(bench, { outputFormat: { type: 'json', schema, name: 'person' } });
        if (sent === undefined || sent.told.some((field) => field.startsWith('outputFormat'))) return;
        assert.ok(
          JSON.stringify(sent.json).includes('home-town'),
          'the property "home-town" of the schema was not sent',
        );
      },
    },
  ],
};
